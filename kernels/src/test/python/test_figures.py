"""Figures look after a sleep as before: how a notebook shows them is set up by whatever draws first."""

import pytest
from kernel import Kernel, Snapshots

pytest.importorskip("matplotlib")

KINDS = "print(sorted(get_ipython().display_formatter.format(figure)[0]))"


@pytest.mark.parametrize("inline", ["", "%matplotlib inline\n", "%config InlineBackend.figure_formats = ['svg']\n"])
def test_a_figure_is_shown_as_before_by_a_process_that_has_drawn_nothing_yet(tmp_path, inline):
    snapshots = Snapshots(tmp_path / "store")
    kernel = Kernel(tmp_path)
    kernel.must(inline + "from matplotlib import pyplot\nfigure, axes = pyplot.subplots()\naxes.plot([1, 3, 2])\npyplot.show()")
    before = kernel.must(KINDS)
    assert "image/" in before
    assert snapshots.save(kernel)["status"] == "saved"
    kernel.kill()

    kernel = Kernel(tmp_path)
    assert snapshots.restore(kernel)["status"] == "restored"
    assert kernel.must(KINDS) == before
    assert kernel.must("axes.plot([2, 2])\npyplot.figure()\npyplot.plot([1])\nprint(pyplot.get_fignums())") == "[1]\n<Figure size 640x480 with 1 Axes>"
    kernel.kill()
