"""Compares the outputs of a step, JSON in the variable GOT, with name=pattern arguments; the rest may be anything."""

import json
import os
import re
import sys

got = json.loads(os.environ["GOT"])
wrong = []
for argument in sys.argv[1:]:
    name, _, pattern = argument.partition("=")
    if not re.fullmatch(pattern, got.get(name, "")):
        wrong.append(f"output {name} is {got.get(name)!r}, not {pattern}")
sys.exit("\n".join(wrong) or 0)
