"""Every case of the corpus through a real kernel: nothing is lost in silence, nothing is wrong, no neighbor is hurt."""

import os

import corpus
import judge
import pytest

# "few" is for each further Python, "full" is asked for by hand.
EXTENT = os.environ.get("SNAPSHOT_TESTS", "usual")
CASES, LEFT_OUT = judge.possible(corpus.all_cases())
HOSTILE = [each for each in CASES if each.alone and each.category == "hostile"]
ALONE = {"few": [], "usual": HOSTILE, "full": CASES}[EXTENT]


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def complaints(outcomes):
    return ["%s: %s" % (each, each.complaint()) for each in outcomes if each.complaint()]


def test_cases_that_live_together_and_sleep_twice(work, tmp_path):
    times = 1 if EXTENT == "few" else 2
    together = [each for each in CASES if not each.alone]
    outcomes = judge.run(together, work, judge.Helper(tmp_path / "store", variable_seconds=10), times)
    print(judge.table(outcomes))
    assert len(outcomes) > 200
    assert complaints(outcomes) == []


def test_cases_that_change_the_process(work, tmp_path):
    outcomes = judge.run([each for each in CASES if each.alone and each not in HOSTILE], work, judge.Helper(tmp_path / "store", variable_seconds=10))
    assert len(outcomes) > 10
    assert complaints(outcomes) == []


@pytest.mark.parametrize("case", ALONE, ids=[each.prefix.strip("_") for each in ALONE])
def test_a_case_alone(case, work, tmp_path):
    assert complaints(judge.run([case], work, judge.Helper(tmp_path / "store"))) == []


def test_there_are_many_cases():
    assert len(corpus.all_cases()) >= 380
