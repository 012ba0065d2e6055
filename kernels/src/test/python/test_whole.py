"""A kernel's variables, from one real process to the next."""

import pytest
from kernel import Kernel, Snapshots


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_variables_inputs_outputs_and_count_outlive_the_process(work, tmp_path):
    snapshots = Snapshots(tmp_path / "store")
    kernel = Kernel(work)
    kernel.must("x = 5\nnames = ['a', 'b']\nalias = names")
    kernel.must("def double(n):\n    return n * x")
    kernel.must("names[0] * 3")
    before = kernel.must("sorted(k for k in globals() if not k.startswith('_'))")
    answer = snapshots.save(kernel)
    assert answer["status"] == "saved", answer
    assert not answer["report"]["lost"]
    assert kernel.must("sorted(k for k in globals() if not k.startswith('_'))") == before
    kernel.kill()

    kernel = Kernel(work)
    answer = snapshots.restore(kernel)
    assert answer["status"] == "restored", answer
    assert {"x", "names", "alias", "double", "Out[3]"} <= set(answer["report"]["kept"])
    reply, _text = kernel.run("alias.append('c'); assert names == ['a', 'b', 'c']")
    # One more than when it was saved, and the calls of the helper count for nothing.
    assert (reply["status"], reply["execution_count"]) == ("ok", 5)
    kernel.must("x = 7; assert double(2) == 14")
    kernel.must("assert Out[3] == 'aaa' and In[1].startswith('x = 5') and _i2.startswith('def double')")
    kernel.kill()


def test_a_kernel_that_is_told_to_leave_is_gone_and_ends_nothing_in_order(work):
    kernel = Kernel(work)
    kernel.must("import atexit, pathlib; atexit.register(pathlib.Path('ended').touch)")
    kernel.tell("leave", channel="control")
    kernel.await_end()
    assert not (work / "ended").exists()
    kernel.kill()
