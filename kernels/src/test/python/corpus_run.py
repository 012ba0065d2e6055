"""Runs the corpus by hand and prints a line for each case: corpus_run.py [--together] [--twice] [--workers N] [WORDS]"""

import argparse
import concurrent.futures
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True

import corpus
import judge


def alone(case, times, control):
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        path = pathlib.Path(folder)
        (path / "work").mkdir()
        try:
            return judge.run([case], path / "work", judge.Control() if control else judge.Helper(path / "store"), times)
        except Exception as trouble:
            return [judge.Outcome(case, "failed", " ".join(str(trouble).split())[-600:])]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--control", action="store_true", help="without any hibernation: every case has to be kept")
    parser.add_argument("--twice", action="store_true")
    parser.add_argument("--bad", action="store_true", help="only what is worse than the case allows")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("words", nargs="?")
    arguments = parser.parse_args()
    cases, others = judge.possible(judge.matching(corpus.all_cases(), arguments.words))
    for each, reason in others:
        print("left out  %s  (%s)" % (each, reason))
    times = 2 if arguments.twice else 1
    outcomes = []
    if arguments.together:
        with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
            path = pathlib.Path(folder)
            (path / "work").mkdir()
            outcomes = judge.run([each for each in cases if not each.alone], path / "work", judge.Control() if arguments.control else judge.Helper(path / "store"), times)
    else:
        with concurrent.futures.ProcessPoolExecutor(arguments.workers) as pool:
            for found in pool.map(alone, cases, [times] * len(cases), [arguments.control] * len(cases)):
                outcomes += found
    for each in outcomes:
        complaint = each.complaint()
        if complaint or not arguments.bad:
            print("%s %s%s" % ("BAD " if complaint else "    ", each, "  <- %s" % complaint if complaint and complaint != each.detail else ""))
    print()
    print(judge.table(outcomes))
    return sum(1 for each in outcomes if each.complaint()) > 0


if __name__ == "__main__":
    sys.exit(main())
