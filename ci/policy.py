"""Every limit and every list that gates and hooks apply, each exactly once."""

from __future__ import annotations

# What the runner and the editable environment make. Only used where git cannot be asked (an unpacked archive).
GENERATED = ("build", ".venv")

# Output: findings shown per gate, and lines of a tool's output shown with one (the log file has all).
SHOWN_FINDINGS = 20
SHOWN_LINES = 30
# Bytes of one command's output that a gate looks at, counted from the end.
READ_BYTES = 8 << 20
# Seconds between asking a process group to end and ending it.
GRACE_SECONDS = 2.0

# Lines per file, first match wins. Markdown and data have no budget.
LINES = (
    ("libs/cli/src/cmd_*.c", 150),
    ("libs/*/include/**/*.h", 150),
    ("libs/py/src/module.h", 80),
    ("**/*.c", 800),
    ("**/*.h", 400),
    ("CMakeLists.txt", 80),
    ("**/CMakeLists.txt", 50),
    ("cmake/*.cmake", 80),
    ("ci/gates/*.py", 60),
    ("ci.sh", 30),
    ("**/*.py", 400),
    ("**/*.pyi", 800),
)
