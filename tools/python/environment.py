"""Makes a Python environment from a locked requirements file; see tools/python-environment.

Standard library only: it runs before anything is installed.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAMP = ".made-from"
TAIL_LINES = 25


def say(text):
    print(f"python-environment: {text}", file=sys.stderr, flush=True)


def fingerprint(requirements):
    """What the environment depends on: the lock's bytes, this script's and the Python that it is made with."""
    digest = hashlib.sha256()
    digest.update(requirements.read_bytes())
    digest.update(pathlib.Path(__file__).read_bytes())
    digest.update(f"{platform.python_version()} {os.path.realpath(sys.executable)}".encode())
    return digest.hexdigest()


def python_of(target):
    return target / "bin" / "python"


def is_made(target, wanted):
    stamp = target / STAMP
    return stamp.is_file() and stamp.read_text() == wanted and python_of(target).exists()


@contextlib.contextmanager
def only_one_at_a_time(target):
    """A lock that the system drops when its holder dies, so that a killed build leaves nothing behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target.with_name(target.name + ".lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another program that makes {target}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(command, on_line=lambda line: None):
    """Runs a command to its end; where it fails, what it said last is the error."""
    tail = []
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    for line in process.stdout:
        tail = (tail + [line.rstrip()])[-TAIL_LINES:]
        on_line(line)
    if process.wait() != 0:
        raise RuntimeError("\n    ".join([f"{' '.join(map(str, command))} failed:", *tail]))


def install(python, requirements):
    # pip decides by the markers which of the lock's lines count here, so this is an upper limit.
    names = set(re.findall(r"^([A-Za-z0-9_.-]+)==", requirements.read_text(), re.MULTILINE))
    seen = 0

    def progress(line):
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            if sys.stderr.isatty():
                print(f"\r  {seen} of {len(names)} packages: {line.split()[1]:<50.50}", end="", file=sys.stderr, flush=True)
            elif seen % 20 == 0:
                say(f"{seen} of {len(names)} packages")
        elif line.startswith("Installing collected"):
            if sys.stderr.isatty():
                print(file=sys.stderr)
            say("installing them")

    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--no-input", "--require-hashes", "--no-deps"]
    run([*pip, "--requirement", requirements], progress)


def make(requirements, target, wanted):
    started = time.monotonic()
    say(f"making {target} with Python {platform.python_version()}; this takes a minute or two")
    if target.exists():
        if not (target / "pyvenv.cfg").exists() and any(target.iterdir()):
            raise RuntimeError(f"{target} is not a Python environment; it is left as it is")
        shutil.rmtree(target)
    run([sys.executable, "-m", "venv", target])
    python = python_of(target)
    install(python, requirements)
    if (target / "share" / "jupyter" / "kernels" / "python3").is_dir():
        # ipykernel ships a kernelspec whose command is "python", whichever that is; this names ours.
        run([python, "-m", "ipykernel", "install", "--sys-prefix"])
    (target / STAMP).write_text(wanted)
    say(f"made in {time.monotonic() - started:.0f} s")


def main():
    parser = argparse.ArgumentParser(prog="python-environment", description="Makes a Python environment from a lock.")
    parser.add_argument("--requirements", type=pathlib.Path, default=ROOT / "tools" / "python" / "build.lock")
    parser.add_argument("--target", type=pathlib.Path, default=ROOT / ".build" / "python")
    arguments = parser.parse_args()
    # Not resolve(): python must be called through the path that was asked for.
    target = pathlib.Path(os.path.abspath(arguments.target))
    try:
        wanted = fingerprint(arguments.requirements)
        if not is_made(target, wanted):
            with only_one_at_a_time(target):
                if not is_made(target, wanted):
                    make(arguments.requirements, target, wanted)
    except (OSError, RuntimeError) as failure:
        say(str(failure))
        return 1
    print(python_of(target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
