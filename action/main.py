"""Entry of the Action's steps: main.py get | run | clean, from start.sh."""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from action import clean, get, run
from action.channel import Channel, Failure

STEPS = {"get": get.step, "run": run.step, "clean": clean.step}


def main() -> int:
    channel = Channel(os.environ)
    try:
        return STEPS[sys.argv[1]](os.environ, channel)
    except Failure as failure:
        channel.failed(str(failure))
        return failure.code
    except OSError as error:
        channel.failed(f"{error.filename or 'the system'}: {error.strerror or error}")
        return 3


if __name__ == "__main__":
    sys.exit(main())
