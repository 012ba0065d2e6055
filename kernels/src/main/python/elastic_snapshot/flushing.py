"""Brings files to the disk beside the hashing and writing of those that follow.

The disk works while the processor hashes the next file. One thread, which begins with the first file; what goes wrong in it is
raised to whoever hands in the next file, or waits.
"""

import contextlib
import os
import queue
import threading

MOST_WAITING = 8  # files; whoever writes faster than the disk takes waits here, and not with all memory full


class Flusher:
    def __init__(self):
        self.jobs = None
        self.thread = None
        self.trouble = None

    def hint(self, descriptor):
        """Some of this file was written. Nothing depends on it: left out where the disk is behind anyway."""
        self._begin()
        with contextlib.suppress(queue.Full):
            self.jobs.put_nowait((os.fdatasync, descriptor))

    def finish(self, descriptor, path, name=None):
        """The file is written: it is closed, and gets that name, when it is on the disk."""

        def on_the_disk(descriptor):
            os.fsync(descriptor)
            if name is not None:
                os.rename(path, name)

        self._put(on_the_disk, descriptor)
        self._put(os.close, descriptor)
        self._raise()

    def close_later(self, descriptor):
        """The file is given up, after the requests that are waiting for it."""
        self._put(os.close, descriptor)

    def wait(self):
        """Until all files are on the disk."""
        self._end()
        self._raise()

    def stop(self):
        """What is not on the disk is given up; nothing is raised."""
        self.trouble = self.trouble or OSError("given up")
        self._end()
        self.trouble = None

    def _put(self, work, descriptor):
        self._begin()
        self.jobs.put((work, descriptor))

    def _begin(self):
        if self.thread is None:
            self.jobs = queue.Queue(MOST_WAITING)
            self.thread = threading.Thread(target=self._run, name="elastic-snapshot-flush", daemon=True)
            self.thread.start()

    def _end(self):
        if self.thread is not None:
            self.jobs.put(None)
            self.thread.join()
            self.thread = None

    def _raise(self):
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble

    def _run(self):
        while True:
            job = self.jobs.get()
            if job is None:
                return
            work, descriptor = job
            if self.trouble is None or work is os.close:
                try:
                    work(descriptor)
                except OSError as trouble:
                    self.trouble = trouble
