"""What became of each name, as the gateway and the user are told."""

import platform


class Telling:
    """Collects entries of a restore; a name is told once."""

    def __init__(self):
        self.entries = {}

    def __call__(self, name, type_, reason, cell=None):
        self.entries.setdefault(name, {"name": name, "type": type_, "reason": reason, "cell": cell})


def of_save(content):
    return _report(content, lost={entry["name"]: entry for entry in content["lost"]}, troubled={})


def of_restore(content, lost, troubled):
    """`lost` and `troubled` are entries by name: what did not come back, and settings that could not be put back."""
    told = _report(content, lost, troubled)
    saved, here = content["packages"], _versions()
    told["packages_changed"] = [
        {"name": name, "saved": saved[name], "here": here[name]} for name in sorted(saved) if name in here and here[name] != saved[name]
    ]
    return told


def _versions():
    from elastic_snapshot import manifest

    return manifest.packages_here()


def _report(content, lost, troubled):
    kept, rebuilt, partial = [], [], []
    for segment in content["segments"]:
        for name, type_ in zip(segment["names"], segment["types"]):
            if name in lost:
                continue
            if name in segment["partial"]:
                reason = "; ".join(dict.fromkeys("%s: %s" % tuple(each) for each in segment["partial"][name]))
                partial.append({"name": name, "type": type_, "reason": reason, "cell": None})
            elif name in segment["notes"]:
                rebuilt.append({"name": name, "type": type_, "reason": "; ".join(segment["notes"][name]), "cell": None})
            else:
                kept.append(name)
    for name, cell in content["not_repeated"]:
        reason = "what this call changed in the process is not changed again"
        partial.append({"name": "call %s" % name, "type": "function", "reason": reason, "cell": cell})
    partial += troubled.values()
    return {
        "kept": kept,
        "rebuilt": rebuilt,
        "partial": partial,
        "lost": list(lost.values()),
        "bytes": content["bytes"],
        "written": content["written"],
        "seconds": {name: round(value, 4) for name, value in content["seconds"].items()},
        "python": {"saved": content["python"]["version"], "here": platform.python_version()},
        "packages_changed": [],
        "imports": content["imports"],
        "saved_at": content["created"],
        "notes": [],
    }
