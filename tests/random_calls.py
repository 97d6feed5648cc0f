"""Random calls in a process of their own, each given by its seed and number alone.

python tests/random_calls.py SEED FIRST COUNT    in an empty folder; ends with 0 when all raised what is documented

The file `number` there is the call under way: what crashed. SEED NUMBER 1 makes that call again.
"""

import enum
import inspect
import mmap
import os
import random
import sys
import warnings
from pathlib import Path

import template_pkg as tp

# TypeError and ValueError (which ours of that kind are, and Unicode's) of arguments; OSError of the file system;
# LookupError of indices and paths; OverflowError of numbers that no machine word holds.
DOCUMENTED = (TypeError, ValueError, OSError, LookupError, OverflowError, tp.AttachmentError)
FUNCTIONS = sorted(name for name in tp.__all__ if inspect.isroutine(getattr(tp, name)))
VALUES = sorted(
    name
    for name in tp.__all__
    if inspect.isclass(getattr(tp, name)) and not issubclass(getattr(tp, name), (tuple, BaseException))
)
METHODS = sorted(
    name
    for name in dir(tp.Manifest)
    if inspect.isroutine(getattr(tp.Manifest, name)) and getattr(tp.Manifest, name) is not getattr(object, name, None)
)
# Nothing that a path could leave the scratch folder by, and no work without end.
PATHS = ("root", b"root", "root/a", "manifest", "broken", "nowhere/x", "new", "")
WORDS = ("follow", "keep", "skip", "deadline", "2023-03-03", "2025-12-04-beta", "LOCAL", "v2023-03-03")
LETTERS = "ab*?[]{}!^-. \n\0\"'<&\u00e9\u202e\U0001f600\udc80\udcff"
NUMBERS = (0, 1, 2, 3, -1, 255, 1 << 31, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 1 << 64, -(1 << 70), 1 << 70)
FLOATS = (0.0, -0.0, 0.5, 1e18, -1e300, float("inf"), float("nan"))


def prepare():
    """Things to call with and on, in the current folder: two manifests first, equal to that of `kept`, which no call names."""
    for folder in ("root", "kept"):
        Path(folder).mkdir(exist_ok=True)
        Path(folder, "a").write_text("x")
    Path("broken").write_text('{"paths": [')
    manifest = tp.snapshot("kept")
    manifest.save("manifest")
    return [manifest, manifest.convert("2025-12-04-beta"), manifest[0], tp.diff(manifest, manifest), Path("root")]


def text(dice):
    made = "".join(dice.choices(LETTERS, k=dice.randrange(6)))
    return "a" if made in (".", "..") else made


def value(dice, objects, depth=0):
    """Something to call with."""
    kind = dice.randrange(12 if depth < 2 else 10)
    if kind < 2:
        return dice.choice(PATHS)
    if kind == 2:
        return dice.choice(WORDS)
    if kind < 5:
        return text(dice)
    if kind == 5:
        return dice.choice((None, True, False, ...))
    if kind == 6:
        return dice.choice(NUMBERS)
    if kind == 7:
        return dice.choice(FLOATS)
    if kind == 8:
        return bytes(dice.choices(b'ax*{["\0\x80\xff', k=dice.randrange(5)))
    if kind == 9:
        return dice.choice([*objects, len, lambda *args: None, lambda *args: False, object])
    made = [value(dice, objects, depth + 1) for _ in range(dice.randrange(4))]
    return made if kind == 10 else tuple(made)


def parameters(function):
    try:
        return [name for name in inspect.signature(function).parameters if name not in ("self", "args", "kwargs")]
    except (TypeError, ValueError):
        return []


def maker(name):
    """What makes a value; of an enumeration the look-up alone, for its other arguments make classes."""
    cls = getattr(tp, name)
    return (lambda value: cls(value)) if issubclass(cls, enum.Enum) else cls


def random_call(seed, number, objects, known):
    """A function with arguments, the same for the same seed and number."""
    dice = random.Random(f"{seed}:{number}")
    kind = dice.randrange(4)
    if kind < 2:
        name = dice.choice(FUNCTIONS)
        function = getattr(tp, name)
    elif kind == 2:
        name = dice.choice(VALUES)
        function = maker(name)
    else:
        name = dice.choice(METHODS)
        function = getattr(objects[dice.randrange(2)], name)
    if name not in known:
        known[name] = [*parameters(function), "other"]
    names = dice.sample(known[name], min(len(known[name]), dice.randrange(4)))
    positional = [value(dice, objects) for _ in range(dice.randrange(4))]
    return name, function, positional, {name: value(dice, objects) for name in names}


def make(seed, first, count):
    """What went wrong, as text; empty when nothing did."""
    warnings.simplefilter("ignore")
    objects, known = prepare(), {}
    Path("number").write_bytes(bytes(8))
    with open("number", "r+b") as file:
        under_way = mmap.mmap(file.fileno(), 8)
    for number in range(first, first + count):
        under_way[:] = number.to_bytes(8, "little")
        name, function, positional, named = random_call(seed, number, objects, known)
        try:
            function(*positional, **named)
        except DOCUMENTED:
            pass
        except Exception as error:
            return f"{seed} {number} 1: {name}(*{positional!r}, **{named!r}) raises {error!r}"
        if number % 1000 == 0 and tp.snapshot("kept") != objects[0]:  # whatever came before, a call that fits works
            return f"{seed} {number} 1: the answer has changed"
    return ""


if __name__ == "__main__":
    wrong = make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(f"{wrong or 'done'}\n")
    sys.stdout.flush()
    os._exit(1 if wrong else 0)
