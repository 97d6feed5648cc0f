"""Every limit and every list that gates and hooks apply, each exactly once."""

from __future__ import annotations

import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What the runner and the editable environment make. Only used where git cannot be asked (an unpacked archive).
GENERATED = ("build", ".venv")

# Folders of build that a copy for a proof has in common with the checkout.
SHARED = ("env", "interpreters")

# What every gate is made of: a change here concerns them all.
EVERY_GATE = (
    ".gitignore",
    "ci.py",
    "ci.sh",
    "ci/__init__.py",
    "ci/bans.py",
    "ci/gates/__init__.py",
    "ci/outputs/**",
    "ci/policy.py",
    "ci/requirements/*.txt",
    "ci/runner/**",
    "ci/tools/**",
)

# What the caller has in the environment for runs of its own; it would have gates ask of something else, or ask less.
# Beginnings of names; PYTHON itself says which Python runs the gates, and may stay.
FOREIGN_ENVIRONMENT = ("MYPYPATH", "PYTEST_", "PYTHON", "SHELLCHECK_OPTS", "TEMPLATE_CLI")

# Passes of a gate that are kept: to go back to what was there yesterday is free.
KEPT_PASSES = 32

# What the project ships.
PACKAGE = "template_pkg"
COMMAND = "template-cli"
DEMO_FILES = 20_000
EMPTY_HASH = "99aa06d3014798d86001c324468d497f"  # XXH3-128 of nothing

# The template is told from its descendants by the project's name in pyproject.toml: it is the template if this matches.
# Written, like the words below, so that renaming a copy leaves it as it is.
TEMPLATE = r"template[-_]pkg"
# What a descendant must not say any more: names of the template, in text and in paths; and owners that are nobody.
TEMPLATE_WORDS = r"(?i:template[-_](?:action|ci|cli|pkg)\b)|(?<![A-Za-z])(?:lib)?(?:tpl[_/]|TPL[_]|Tpl[A-Z])"
NOBODY_OWNS = r"(?:github\.com[/:]|\buses:\s*)<?(?:example|(?i:owner|your[-_]\w+))>?/|@example\.(?:com|net|org)\b"

VERSION = r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?"
# Files that may hold the same digits: the history, and pins of what others ship.
OTHER_VERSIONS = ("VERSION", "CHANGELOG.md", "ci/requirements/*.txt", "tests/data/**")

# The wheel: its name, its size, and what lies in its dist-info beside the licences.
WHEEL_NAME = rf"{PACKAGE}-{VERSION}-[a-z0-9.]+-[a-z0-9.]+-[a-z0-9_.]+\.whl"
WHEEL_BYTES = 432 << 10
SBOM = f"sboms/{PACKAGE}.cdx.json"
DIST_INFO = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", SBOM)
# Licences: the project's, the line that each C file begins with (what is copied out of a tree is C; the rest stays
# under the tree's LICENSE), the texts that the wheel holds, and words by which a text is known.
LICENCE = "MIT"
SPDX_LINE = f"/* SPDX-License-Identifier: {LICENCE} */"
LICENCES = ("LICENSE", "LICENSES/xxHash.txt")
LICENCE_WORDS = {
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy",
    "BSD-2-Clause": "Redistributions in binary form must reproduce the above copyright notice",
}
# Libraries that its binaries may need, by how the platform's tag begins: libc alone, of which glibc had parts before 2.34.
_GLIBC = ("ld-linux*.so.?", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1")
_MUSL = ("libc.musl-*.so.1",)
LIBRARIES = {"manylinux": _GLIBC, "musllinux": _MUSL, "linux": (*_GLIBC, *_MUSL)}
# The newest glibc that it may ask for, where the tag does not say it itself (manylinux_X_Y_*): by older names of such tags,
# and for the machine that builds it, Debian 13's strtol.
GLIBC = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17), "linux": (2, 38)}
# Machines, as a wheel's tag and as an ELF file name them.
MACHINES = {"x86_64": 62, "aarch64": 183, "i686": 3, "armv7l": 40, "ppc64le": 21, "riscv64": 243, "s390x": 22}

# What is compiled in beside our own sources, and its licence.
COMPILED_IN = {"xxHash": "BSD-2-Clause"}
# What an sdist holds beside files of the tree.
CARRIED = ("third_party/xxHash/xxhash.h",)

# What the module shows to others: the hook of its ABI, and nothing else.
HOOKS = {"abi3t": "PyModExport__native"}
HOOK = "PyInit__native"  # of every other
# In the stable ABI, but of no use to a module for abi3t (PEP 803): they take a structure that it cannot make.
OF_MODULE_DEFINITIONS = (
    r"PyModule(?:Def_Init|_Create2|_ExecDef|_FromDefAndSpec2)|PyState_(?:Add|Find|Remove)Module|PyType_GetModuleByDef"
)
# The form of binary that a platform's wheels hold, by how the platform's tag begins.
FORMS = {"linux": "ELF", "manylinux": "ELF", "musllinux": "ELF", "macosx": "Mach-O", "win": "PE"}

# Folders that must have a README, and what lies in them that needs no word.
README_FOLDERS = ("", "libs/*", "src/*", "ci", "tests", "docs", "benchmarks", "action")
README_UNLISTED = ("README.md", "CMakeLists.txt", "__init__.py", "py.typed")

# The Action: what its directories in the runner's temporary folder begin with, rows of its summary's tables, characters
# of an error's line, and annotations: GitHub keeps ten of a kind and step.
ACTION_PREFIX = "template-action-"
ACTION_ROWS = 200
ACTION_MESSAGE = 1000
ACTION_ANNOTATIONS = 10

# Files that hold an action, what tells users of them, workflows (GitHub reads .yml and .yaml) and the actions that are
# theirs alone, and what a step of those may run: the runner with one of its groups, or a plain failure.
ACTIONS = ("action.y*ml", "action/**/action.y*ml")
ACTION_DOCUMENT = "docs/action.md"
WORKFLOWS = (".github/workflows/*.y*ml",)
WORKFLOW_ACTIONS = (".github/**/action.y*ml",)
DEPENDABOT = (".github/dependabot.y*ml",)
WORKFLOW_RUNS = r"\./ci\.sh (?:all|deep|prove)(?: --[\w-]+(?:=[\w./-]+)?)*|exit 1"
# How an action is named there: one of ours, or by a commit in full and the version that it is.
PINNED_USES = r"\./\.github/actions/[\w-]+|[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"

# Documents. What a fence may say: languages whose blocks are run, and those whose blocks are pictures.
EXAMPLES = ("sh", "console", "python")
FENCES = (*EXAMPLES, "", "c", "cmake", "json", "toml", "yaml")
# A block with one of these needs minutes: the deep gate `examples` runs it, the others gate `docs`.
_SLOW_GATES = "all|cli|coverage|demo|deep|dev|endurance|fuzz|instructions|interpreters|order|prove|pytest|sameness|unit"
SLOW = rf"(?m)^(?:\$ )?(?:\./ci\.sh (?:{_SLOW_GATES})\b|(?:cmake|ctest|pip|python3|uv)\b|\. )"
# Lines of them that nobody runs here, and what makes up for it.
ELSEWHERE = {
    r"\./ci\.sh all\b": "it is the run that this is a part of",
    r"\./ci\.sh fuzz\b": "gate fuzz does it, for less time",
    r"\./ci\.sh pytest -- -m deep\b": "gate endurance does it, for less time",
    r"\./ci\.sh (?:endurance|instructions|interpreters|mutation|sameness)\b": "it is a gate of its own",
    r"python3 benchmarks/": "it measures, with peers from package indexes, and wants a quiet machine",
}
# Options of other programs that documents name alone.
OPTIONS_OF_OTHERS = ("--rounds", "--seed", "--update-manifests", "--upgrade")

# Commits. A subject begins with a folder of the root or of libs, or one of these:
OTHER_PARTS = ("release",)
SUBJECT_LENGTH = 72
SUBJECTS_OF_GIT = r'(?:Merge |Revert ")'
# Judged is what these do not have yet; where none of them is known, or all is on them, the last ones.
MAIN_BRANCHES = ("origin/HEAD", "origin/main", "main")
LAST_COMMITS = 1
TO_BE_SQUASHED = ("fixup! ", "squash! ", "amend! ")  # fine on the way, not at the end
# Before a commit all quick gates run whose files are staged, but not those that ask about commits already made.
NOT_BEFORE_COMMIT = ("commits",)

# Output: findings shown per gate, how many of them with what a tool said, and lines of that (the log file has all).
SHOWN_FINDINGS = 20
SHOWN_DETAILS = 3
SHOWN_LINES = 30
# What GitHub takes: annotations of a kind in a step, characters of one, and bytes of a step's summary.
ANNOTATIONS = 10
ANNOTATION_CHARS = 4096
SUMMARY_BYTES = 1 << 20
# Runs whose results are kept for `./ci.sh report`, and findings of one gate in them.
KEPT_RUNS = 60
KEPT_FINDINGS = 500
# Bytes of one command's output that a gate looks at, counted from the end.
READ_BYTES = 8 << 20
# Bytes of one command's output at which its gate is ended: it has run wild.
LOG_BYTES = 1 << 30
# Seconds after which the runner looks after what runs, if nothing has happened.
TICK_SECONDS = 0.5
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
    ("**/*.js", 300),
    ("**/*.css", 300),
    ("**/*.html", 100),
    ("**/*.pyi", 800),
)
# Lines of a CMakeLists.txt that only name a file do not count against its budget.
FILE_NAME_LINE = r"^\s*[\w./-]+\.[ch]$"

# So much more than recorded may a piece of work take: names of files hash differently on each file system. And so much
# where it is recorded for other compilers and C libraries only: what takes more has another algorithm.
INSTRUCTIONS_TOLERANCE, INSTRUCTIONS_ELSEWHERE = 0.03, 0.5

C_FILES = ("libs/**/*.[ch]", "benchmarks/**/*.c")


def version() -> str:
    with open(os.path.join(ROOT, "VERSION"), encoding="utf-8") as file:
        return file.read().strip()


# What clang-tidy reads (its settings are in .clang-tidy): what ships. Tests have the compiler and the sanitizers.
TIDY = ("libs/*/src/**/*.c",)

# Sections of an object file that can be written to:
WRITABLE_SECTION = r"\.(?:data(?!\.rel\.ro)|bss|tdata|tbss)\b.*|\*COM\*"
# The one writable object that CPython asks for.
WRITABLE_ALLOWED = r"definitions?"

# Percent of lines and of branches that tests must run, per folder, and of a unit by its own test alone, which cannot make
# memory or calls fail. What an assertion would do if it failed is no branch.
COVERED = {
    "libs/core/src": (99.9, 97.9),
    "libs/cli/src": (98.0, 89.0),
    "libs/py/src": (95.0, 71.0),
}
COVERED_ALONE = (95.0, 80.0)
# Sources that are compiled for some processors or systems only: where they are not, nothing of them is counted.
OF_SOME_MACHINES = (
    "libs/core/src/device_*.c",
    "libs/core/src/hash_avx*.c",
    "libs/core/src/hash_generic.c",
    "libs/core/src/hash_x86.c",
)
NO_BRANCH = r".*\bassert\("

# Fuzz targets: seconds for each in an ordinary run, seconds and megabytes for one input, more folders of tests/data.
FUZZ_SECONDS, FUZZ_TIMEOUT, FUZZ_MEGABYTES = 8, 10, 2048
MORE_SEEDS = {"decode": ("vectors/files",)}

# Builds of the command that have to answer as the ordinary one does, by preset, and what they take.
SAME_PRESETS = ("clang", "musl", "aarch64", "s390x")
SAME_TOOLS = ("clang", "musl-gcc", "aarch64-linux-gnu-gcc", "qemu-aarch64", "s390x-linux-gnu-gcc", "qemu-s390x")

# Mutants: the sources, how many are tried (chosen by the seed), the percent that must compile, the percent of those that
# tests must notice, seconds for a test. They notice 92 in 100; of 60 that is 3.5 points more or less (one sigma), and a
# change of the sources draws others: 90 would turn red by chance in one run of five, 85 in one of fifty.
MUTATED = ("libs/core/src/*.c",)
MUTANTS, MUTANT_SEED, MUTANTS_BUILT, MUTANTS_KILLED, MUTANT_SECONDS = 60, 1, 50, 85, 60
