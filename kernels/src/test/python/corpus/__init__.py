"""What a notebook may hold: cases that build something, and say how to see that it is what it was.

In a case's text `$name` is a name of that case's own, so that all cases can live in one namespace. A case's check is a cell that
raises nothing where everything is as it was, and so says what "kept" means, also for those things that nobody can keep: `lost`
names what may be gone, if it is told.
"""

import importlib
import re
import sys

_SLUG = re.compile(r"[^a-z0-9]+")
_NAME = re.compile(r"\$([A-Za-z_]\w*)")
_MODULES = ("values", "definitions", "running", "outside", "arrays", "frames", "libraries", "process", "notebook", "hostile")

cases = []


class Case:
    """One thing and how it is looked at. `lost`, `partial` and `told` are what the helper may and has to say of it."""

    def __init__(self, category, title, cells, check, lost=(), partial=(), told=None, needs=(), alone=False, python=(3, 9), until=None):
        self.category = category
        self.title = title
        self.prefix = _SLUG.sub("_", title.lower()).strip("_") + "__"
        self.cells = [self.named(each) for each in ([cells] if isinstance(cells, str) else cells)]
        self.check = self.named(check)
        self.lost = [self.prefix + each for each in _words(lost)]
        self.partial = [self.prefix + each for each in _words(partial)]
        self.told = told
        self.needs = _words(needs)
        self.alone = alone  # it changes what others see, or ends the process that saves
        self.python = python
        self.until = until

    def named(self, text):
        return _NAME.sub(lambda found: self.prefix + found.group(1), text)

    def why_not(self, version, installed):
        """The reason against running it here, or None."""
        if version < self.python or self.until and version >= self.until:
            return "Python %s" % ("before %d.%d" % self.until if self.until else "%d.%d and later" % self.python)
        missing = [each for each in self.needs if each not in installed]
        return "no %s here" % ", ".join(missing) if missing else None

    def is_about(self, entry):
        """Whether an entry of a report tells of this case."""
        found = entry["name"].find(self.prefix)
        is_ours = found == 0 or found > 0 and not (entry["name"][found - 1].isalnum() or entry["name"][found - 1] == "_")
        return is_ours or bool(self.told) and self.told in "%s %s" % (entry["name"], entry["reason"])

    def __repr__(self):
        return "%s: %s" % (self.category, self.title)


def case(title, cells, check, **more):
    cases.append(Case(sys._getframe(1).f_globals["__name__"].rpartition(".")[2], title, cells, check, **more))


def all_cases():
    for name in _MODULES:
        importlib.import_module("corpus." + name)
    prefixes = [each.prefix for each in cases]
    twice = {each for each in prefixes if prefixes.count(each) > 1}
    if twice:
        raise ValueError("two cases have one title: %s" % sorted(twice))
    return list(cases)


def _words(text):
    return text.split() if isinstance(text, str) else list(text)
