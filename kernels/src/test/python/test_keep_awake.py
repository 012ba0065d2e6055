"""The magic with which a user keeps an idle kernel's process."""

import time

import pytest
from elastic_snapshot import keep_awake
from kernel import Kernel, Snapshots


@pytest.mark.parametrize(
    "text, seconds",
    [("2h", 7200), ("90m", 5400), ("1h30m", 5400), ("1d 12h", 129_600), ("45S", 45), ("", None), ("2", None), ("h", None), ("0h", None), ("-1h", None), ("soon", None)],
)  # fmt: skip
def test_lengths_of_time(text, seconds):
    assert keep_awake.seconds_of(text) == seconds


def test_a_wish_is_told_to_the_gateway_and_outlives_the_process(tmp_path):
    kernel = Kernel(tmp_path)
    assert kernel.run("%keep_awake")[0]["status"] == "error"  # nobody has asked this kernel yet
    probed = kernel.call("probe")
    assert (probed["awake_until"], probed["busy"]) == (None, [])
    assert "hibernates when it is idle" in kernel.must("%keep_awake")
    assert "stays awake until" in kernel.must("%keep_awake 2h")
    probed = kernel.call("probe")
    assert abs(probed["awake_until"] - time.time() - 7200) < 600
    assert [each["kind"] for each in probed["busy"]] == ["%keep_awake"]
    assert kernel.run("%keep_awake soon")[0]["status"] == "error"

    snapshots = Snapshots(tmp_path / "store")
    assert snapshots.save(kernel)["status"] == "saved"
    kernel.kill()
    kernel = Kernel(tmp_path)
    assert snapshots.restore(kernel)["status"] == "restored"
    assert "stays awake until" in kernel.must("%keep_awake")
    assert kernel.call("probe", channel="control")["awake_until"] == probed["awake_until"]
    kernel.must("%keep_awake off")
    assert kernel.call("probe")["awake_until"] is None
    kernel.kill()


def test_a_wish_that_is_over_is_told_no_more(tmp_path):
    kernel = Kernel(tmp_path)
    kernel.call("probe")
    kernel.must("%keep_awake 1h")
    kernel.must("import sys; sys.modules['elastic_snapshot_session'].awake_until -= 3601")
    assert kernel.call("probe")["awake_until"] is None
    assert "hibernates when it is idle" in kernel.must("%keep_awake")
    kernel.kill()


def test_a_magic_of_the_user_with_that_name_stays(tmp_path):
    kernel = Kernel(tmp_path)
    kernel.must("from IPython.core.magic import register_line_magic\n@register_line_magic\ndef keep_awake(line): return 'mine'")
    kernel.call("probe")
    assert "mine" in kernel.must("get_ipython().run_line_magic('keep_awake', '')")
    kernel.kill()
