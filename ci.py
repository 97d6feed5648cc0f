"""Starts the gate runner: python3 ci.py GATE..., normally through ./ci.sh."""

import gc
import os
import sys

HERE = os.path.dirname(os.path.realpath(__file__))  # by the name that compilers and CMake will give it


def start():
    if sys.version_info < (3, 9):
        for minor in range(14, 8, -1):  # this one is too old: look for a newer one beside it
            try:
                name = "python3.%d" % minor
                os.execvp(name, [name, "-I", "-S", "-X", "utf8"] + sys.argv)
            except OSError:
                pass
        sys.exit("ci.py: needs Python 3.9 or later, this is %s" % sys.version.split()[0])
    for number in range(3):  # a stream that was closed must not become some file's
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    gc.set_threshold(50000)  # what is imported is not garbage
    sys.path.insert(0, HERE)
    sys.pycache_prefix = os.path.join(HERE, "build", "ci", "pycache")
    from ci.runner.main import main

    return main(HERE, sys.argv[1:])


if __name__ == "__main__":
    try:
        code = start()
    except SystemExit as leaving:
        if not isinstance(leaving.code, int):
            raise
        code = leaving.code  # a signal's
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            pass  # nobody reads it any more
    os._exit(code)  # at once: nothing waits for a gate that hangs, and nothing is left to tidy up
