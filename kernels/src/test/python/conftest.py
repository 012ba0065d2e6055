"""Tests import the helper from its sources, as the kernels of the tests do from the packed text."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "main" / "python"))
