"""How much memory a kernel and its children take."""

import threading


class Peak:
    """The memory that a kernel and its children have for themselves, sampled: what the files and shared pages take is not theirs."""

    def __init__(self, kernel):
        self.pid = kernel.manager.provisioner.process.pid
        self.is_over = threading.Event()

    def __enter__(self):
        self.before = self.highest = self._now()
        self.thread = threading.Thread(target=self._sample)
        self.thread.start()
        return self

    def __exit__(self, *_exception):
        self.is_over.set()
        self.thread.join()
        self.more = self.highest - self.before

    def _sample(self):
        while not self.is_over.wait(0.02):
            self.highest = max(self.highest, self._now())

    def _now(self):
        with open("/proc/%d/task/%d/children" % (self.pid, self.pid)) as file:
            children = [int(each) for each in file.read().split()]
        return sum(map(_own_bytes, [self.pid] + children))


def _own_bytes(pid):
    """Shared pages of parent and child count once, as the proportion that each has."""
    try:
        with open("/proc/%d/smaps_rollup" % pid) as file:
            lines = [line.split() for line in file]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(each[1]) for each in lines if each[0] == "Pss_Anon:") << 10
