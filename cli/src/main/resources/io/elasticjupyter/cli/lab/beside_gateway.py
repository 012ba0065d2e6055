"""Runs JupyterLab as the child of the program that started the gateway it is pointed at.

It is in a session of its own, so that Ctrl-C in the terminal reaches that program alone, which then ends JupyterLab in
order. When that program goes without a word, the end of standard input tells, and JupyterLab ends as well.
"""

import os
import signal
import sys
import threading


def end_with_parent(pipe):
    while os.read(pipe, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


os.setsid()
# JupyterLab itself gets an empty standard input: it would ask questions on a terminal.
parent = os.dup(0)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
threading.Thread(target=end_with_parent, args=(parent,), daemon=True).start()

from jupyterlab.labapp import main  # noqa: E402  (importing takes long; the watch must stand by then)

sys.exit(main())
