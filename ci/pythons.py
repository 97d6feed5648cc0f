"""Pythons that the package is for, where they come from, and what runs on them: see gate interpreters."""

from __future__ import annotations

# Pythons that the package is for; of a group any will do. Suites of Debian that have some, and what is installed of them.
INTERPRETERS = (("3.9",), ("3.10",), ("3.11",), ("3.12",), ("3.13",), ("3.14",), ("3.15",), ("3.14t", "3.13t"))
DEBIAN_PYTHONS = {"3.14": "sid", "3.15": "sid"}
DEBIAN_PACKAGES = ("ca-certificates", "gcc", "libc6-dev", "libxxhash-dev")  # beside the suite's Pythons
# Those that are built: where the source lies (a plain path: in the archives that apt knows), and its hash.
_PYTHON_3_13 = (
    "https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz",
    "pool/main/p/python3.13/python3.13_3.13.5.orig.tar.xz",
)
PYTHON_SOURCES = {"3.13t": (_PYTHON_3_13, "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640")}
# What runs on each: not what is about the gates or the command, nor what compares with other packages; of the long
# repetitions those that need interpreters with a GIL of their own, which only later Pythons have.
SUITE_MARKS = "(not deep or own_gil) and not shells and not browser and not conformance"
SUITE_WITHOUT = ("tests/ci", "tests/test_cli_*.py", "tests/test_completions.py")
# Nor, without the GIL, what counts references, which threads then do for themselves, or what is left of functions: 3.13
# keeps them for ever once there are threads.
FREE_WITHOUT = ("test_a_type_is_referred_to_by_as_many_as_there_are_of_it", "test_nothing_leaks")
