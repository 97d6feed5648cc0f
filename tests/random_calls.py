"""Random calls in a process of their own, each given by its seed and number alone.

python tests/random_calls.py SEED FIRST COUNT    in an empty folder; ends with 0 when all raised what is documented

The file `number` there is the call under way: what crashed. SEED NUMBER 1 makes that call again. The file `answered` lists
what gave an answer at least once.
"""

import contextlib
import enum
import inspect
import mmap
import os
import random
import shutil
import sys
import warnings
from pathlib import Path

import template_pkg as tp

# Exactly these of the interpreter's, so no UnicodeEncodeError: of arguments; of indices and paths; of numbers that no
# machine word holds. Our own and OSError are documented with all that derives from them.
DOCUMENTED = (TypeError, ValueError, KeyError, IndexError, OverflowError)
# What one function may raise beside them.
SCOPES = {"CancelScope.__enter__": RuntimeError, "CancelScope.__exit__": RuntimeError}

# Nothing that a path could leave the scratch folder by, and no work without end.
PATHS = ("root", b"root", "root/a", "manifest", "broken", "nowhere/x", "new", "")
WORDS = ("follow", "keep", "skip", "deadline", "2023-03-03", "2025-12-04-beta", "LOCAL", "v2023-03-03")
LETTERS = "ab*?[]{}!^-. \n\0\"'<&\u00e9\u202e\U0001f600\udc80\udcff\ud800"
NUMBERS = (0, 1, 2, 3, -1, 255, 1 << 31, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 1 << 64, -(1 << 70), 1 << 70)
FLOATS = (0.0, -0.0, 0.5, 1e18, -1e300, float("inf"), float("nan"))
CONSTRUCTORS = {"__init__", "__new__", "__setattr__", "__delattr__"}  # those of frozen values and of types without any
UNSIGNED = {"CancelScope": ["cancelled"]}  # Python 3.9 keeps no signature of a type in C
UNCALLABLE = {"Diff", "Manifest", "Verification"}  # made by functions alone

DOCUMENT = (
    '{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":['
    '{"hash":"1","mtime":1,"path":"../\\ud800","size":1},{"hash":"2","mtime":-1,"path":"a\\udcff\\n","size":0}],"totalSize":1}'
)
JOB = {
    "assetReferences": {"inputs": {"filenames": ["root/a"], "directories": ["root"]}, "outputs": {"directories": ["o"]}}
}
PROFILE = {
    "fileSystemLocations": [{"name": "n", "path": "/p", "type": "LOCAL"}],
    "storageProfileId": "i",
    "osFamily": "linux",
}


def is_class(thing):
    return inspect.isclass(thing) and not issubclass(thing, BaseException)


def methods(cls):
    """Names of the methods that a class has of this package; of one written in Python those without an underscore."""
    own = {name for one in cls.__mro__ if one.__module__.startswith("template_pkg") for name in vars(one)}
    hidden = issubclass(cls, enum.Enum) or hasattr(cls, "__dataclass_fields__")
    return [
        name
        for name in own - CONSTRUCTORS
        if inspect.isroutine(getattr(cls, name)) and not (hidden and name.startswith("_"))
    ]


CLASSES = sorted(name for name in tp.__all__ if is_class(getattr(tp, name)))
FUNCTIONS = sorted(name for name in tp.__all__ if inspect.isroutine(getattr(tp, name)))
METHODS = sorted(f"{name}.{method}" for name in CLASSES for method in methods(getattr(tp, name)))
NAMES = {*FUNCTIONS, *CLASSES, *METHODS}


def lay_out():
    """The files that calls are about, in the current folder."""
    Path("root", "sub").mkdir(parents=True, exist_ok=True)
    Path("root", "a").write_text("x")
    Path("root", "sub", "b").write_text("yy")
    if not os.path.lexists("root/link"):
        os.symlink("sub", "root/link")
    Path("broken").write_text('{"paths": [')
    Path("manifest").write_text(DOCUMENT.replace("../\\ud800", "a"))


def instances():
    """Values of all classes, as users come by them."""
    kept = tp.snapshot("kept")
    beta = tp.snapshot("root", symlinks="keep", format="2025-12-04-beta")
    odd, none = tp.decode_manifest(DOCUMENT), kept.filter(include=["none"])
    records = []
    tp.hash_file("root/a", progress=records.append)
    here = tp.StorageProfile(
        [tp.FileSystemLocation("n", "root/sub", "LOCAL"), tp.FileSystemLocation("o", "/o", "SHARED")], "h"
    )
    there = tp.StorageProfile([tp.FileSystemLocation("n", "/there", "LOCAL")], "t", os_family="windows")
    references = tp.AssetReferences(["root/a"], ["o"], ["r/\udcff"], ["root"])
    prepared = tp.prepare_attachments(references, here)
    attachments = tp.Attachments.from_json(prepared.attachments_json)
    found = tp.verify(kept, "root", strict=True)
    flawed = tp.Verification._make((("a",), (), ("b",), (), (tp.Unreadable(("p", "e")),), 3))
    return [
        *(
            kept,
            beta,
            odd,
            none,
            kept[0],
            *beta,
            *beta.directories,
            tp.diff(kept, odd),
            tp.diff(kept, "root", all=True),
        ),
        *(records[-1], found, flawed, flawed.unreadable[0], tp.Skipped(("p", "changed")), kept.stats, tp.build_info()),
        *(here, *here.locations, there, references, tp.AssetReferences([], []), prepared, *prepared.groups),
        *(attachments, *attachments.manifests, *tp.path_mapping_rules(here, there)),
        *(tp.PathMappingRule("windows", "c:\\a", "/b"), tp.BundleSubmitOptions(manifest_version="2025-12-04-beta")),
        *(tp.GlobFilter(["**"]), tp.GlobFilter(None, ["x"], "glob"), tp.SnapshotOptions(), tp.SummaryStatistics(3, 30)),
        *(
            tp.SnapshotOptions("2025-12-04-beta", tp.GlobFilter(exclude=["sub/**"]), False),
            tp.CancelScope(lambda: False),
        ),
        *(tp.S3Location("b", "r", "c", "m"), tp.ManifestLocation("b", "r", "f", "q")),
        *(
            tp.ConflictResolution.SKIP,
            tp.FileSystemLocationType.LOCAL,
            tp.ManifestVersion.V2023_03_03,
            tp.PathFormat.POSIX,
        ),
    ]


class World:
    """Things to call on, and to call with."""

    def __init__(self):
        lay_out()
        shutil.copytree("root", "kept", symlinks=True)  # which no call names
        self.things = instances()
        self.kept = self.things[0]
        self.of = {name: [one for one in self.things if type(one).__name__ == name] for name in CLASSES}
        self.parameters = {}
        self.fitting = self.fits()

    def fits(self):
        """By parameter, or by function and parameter, values that are meant; a text fits where nothing is said."""
        of, one, two = self.of, *self.of["Manifest"][:2]
        manifests, roots = [*of["Manifest"], "manifest", Path("manifest")], ["root", b"root", Path("root")]
        pools = {
            "include exclude exclude_patterns": [["*"], ("**/b", "a"), ["sub/**"], [], None],
            "base manifest others": manifests,
            "old new": [*manifests, *roots],
            "root": roots,
            "all delta follow_symlinks rehash require_paths_exist skip_unreadable strict": [True, False],
            "symlinks": ["follow", "skip", "keep", "beneath"],
            "compat": [None, "deadline"],
            "dialect": ["glob", "globset", "fnmatch"],
            "format": ["2023-03-03", "2025-12-04-beta"],
            "version": ["2023-03-03", tp.ManifestVersion.V2025_12_04_BETA],
            "manifest_version": ["2023-03-03", "v2025-12-04-beta"],
            "index": ["index", None],
            "jobs": [0, 1, 4],
            "progress progress_callback": [None, lambda record: None, lambda record: False],
            "cancelled": [len, lambda: False],
            "when": [None, 0, 1.5],
            "name": ["n", "\udcff"],
            "path": ["a", "root/a", Path("root/a"), b"root/a", "sub/b"],
            "from_path.path": ["manifest", Path("manifest"), b"manifest"],
            "save.path": ["new", Path("new"), b"root/new"],
            "key": [0, -1, slice(1), "a", self.kept[0]],
            "value": [entries[0] for entries in of["Manifest"] if len(entries)],
            "start stop": [0, 1, None],
            "json text": [DOCUMENT, one.encode(), two.encode_bytes(), DOCUMENT.encode("utf-16"), "{"],
            "data": [b"x", bytearray(40_000), memoryview(b"abc")],
            "asset_references": of["AssetReferences"],
            "options": [None, *of["BundleSubmitOptions"], *of["SnapshotOptions"]],
            "storage_profile source_profile destination_profile": of["StorageProfile"],
            "manifest_prefix": ["k/\u00e9", "\udc80"],
            "rules": [of["PathMappingRule"][:1], of["PathMappingRule"][1:], []],
            "filter": [None, *of["GlobFilter"]],
            "input_filenames input_directories": [[], ["a", "root/a"], (b"root", Path("o"))],
            "output_directories output_relative_directories referenced_paths": [[], ["o"], (b"p", Path("q"))],
            "locations": [[], tuple(of["FileSystemLocation"])],
            "location_type FileSystemLocationType.value": ["LOCAL", "shared"],
            "os_family": [None, "linux", "Windows"],
            "manifests": [[], of["ManifestProperties"]],
            "root_path_format source_path_format PathFormat.value": ["posix", "windows"],
            "ConflictResolution.value": ["SKIP", "OVERWRITE"],
            "ManifestVersion.value": ["2023-03-03", "v2025-12-04-beta"],
            "processed_files processed_bytes files_transferred bytes_transferred files_skipped bytes_skipped": [
                0,
                1 << 70,
            ],
            "total_time": [0.0, 1.5],
            "AssetReferences.from_dict.data": [JOB, {"assetReferences": {}}, {}],
            "StorageProfile.from_dict.data": [PROFILE, {}, {"fileSystemLocations": [{}]}],
            "Attachments.from_dict.data": [of["Attachments"][0].to_dict(), {"manifests": []}, {}],
            "ManifestProperties.from_dict.data": [of["ManifestProperties"][0].to_dict(), {}],
            "Attachments.from_json.text": [of["Attachments"][0].to_json(), b'{"manifests":[]}', "[]", "{", b"\xff"],
        }
        return {name: values for names, values in pools.items() for name in names.split()}

    def function(self, name, dice):
        """What a name means; a method is one of some value. Of an enumeration the look-up alone: more makes classes."""
        owner, _, method = name.partition(".")
        if method:
            return getattr(dice.choice(self.of[owner]), method)
        function = getattr(tp, name)
        return (
            (lambda value: function(value))
            if inspect.isclass(function) and issubclass(function, enum.Enum)
            else function
        )

    def signature(self, name, function):
        """The parameters; those of a named tuple, which says nothing, are its members at once."""
        if name not in self.parameters:
            if name in CLASSES and hasattr(function, "n_fields"):
                found = [inspect.Parameter("members", inspect.Parameter.POSITIONAL_ONLY)]
                self.fitting[f"{name}.members"] = [tuple(one) for one in self.of[name]]
            else:
                try:
                    found = list(inspect.signature(function).parameters.values())
                except (TypeError, ValueError):
                    unsigned = UNSIGNED.get(name, [])
                    found = [inspect.Parameter(one, inspect.Parameter.POSITIONAL_ONLY) for one in unsigned]
            if name.endswith("._make"):
                states = [one.__reduce__()[1] for one in self.of[name.partition(".")[0]]]
                self.fitting.update({f"{name}.{p.name}": list(held) for p, held in zip(found, zip(*states))})
            self.parameters[name] = found
        return self.parameters[name]

    def fit(self, dice, name, parameter):
        """A value that is meant for a parameter."""
        method = name.rpartition(".")[2]
        for key in (f"{name}.{parameter}", f"{method}.{parameter}", parameter):
            if key in self.fitting:
                return dice.choice(self.fitting[key])
        return dice.choice(("a", "b/c", "\u00e9"))

    def meant(self, dice, name, parameters):
        """Arguments, nearly all of which fit: of optional ones some."""
        positional, named, by_name = [], {}, False
        for p in parameters:
            if p.kind == p.VAR_KEYWORD or (p.default is not p.empty and dice.random() < 0.6):
                by_name = True
                continue
            some = [self.fit(dice, name, p.name) if dice.random() < 0.92 else self.any(dice) for _ in range(3)]
            if p.kind == p.VAR_POSITIONAL:
                positional += [] if by_name else some[dice.randrange(4) :]
            elif p.kind == p.POSITIONAL_ONLY:
                positional.append(some[0])
            elif p.kind == p.KEYWORD_ONLY or by_name or dice.random() < 0.3:
                named[p.name], by_name = some[0], True
            else:
                positional.append(some[0])
        return positional, named

    def wild(self, dice, parameters):
        """Arguments that come as they come."""
        names = [*(p.name for p in parameters), "other"]
        names = dice.sample(names, min(len(names), dice.randrange(4)))
        return [self.any(dice) for _ in range(dice.randrange(4))], {name: self.any(dice) for name in names}

    def any(self, dice, depth=0):
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
            return dice.choice([*self.things, Path("root"), len, lambda *args: None, lambda *args: False, object])
        made = [self.any(dice, depth + 1) for _ in range(dice.randrange(4))]
        return made if kind == 10 else tuple(made)

    def call(self, dice):
        """Makes a random call: its name, whether it gave an answer, and what is wrong, as text."""
        name = dice.choice(dice.choice((FUNCTIONS, FUNCTIONS, CLASSES, METHODS)))
        function = self.function(name, dice)
        parameters = self.signature(name, function)
        positional, named = self.meant(dice, name, parameters) if dice.random() < 0.7 else self.wild(dice, parameters)
        try:
            repr(function(*positional, **named))
        except (OSError, tp.AttachmentError):
            return name, False, ""
        except Exception as error:
            fine = type(error) in DOCUMENTED or type(error) is SCOPES.get(name)
            return name, False, "" if fine else f"{name}(*{positional!r}, **{named!r}) raises {error!r}"
        return name, True, ""

    def leave(self):
        """Ends what calls may have begun."""
        for scope in self.of["CancelScope"]:
            with contextlib.suppress(RuntimeError):
                scope.__exit__()


def text(dice):
    made = "".join(dice.choices(LETTERS, k=dice.randrange(6)))
    return "a" if made in (".", "..") else made


def make(seed, first, count):
    """What went wrong, as text; empty when nothing did."""
    warnings.simplefilter("ignore")
    world, answered = World(), set()
    Path("number").write_bytes(bytes(8))
    with open("number", "r+b") as file:
        under_way = mmap.mmap(file.fileno(), 8)
    for number in range(first, first + count):
        under_way[:] = number.to_bytes(8, "little")
        name, answers, wrong = world.call(random.Random(f"{seed}:{number}"))
        if wrong:
            return f"{seed} {number} 1: {wrong}"
        if answers:
            answered.add(name)
        if number % 100 == 0:
            lay_out()
        if number % 1000 == 0 and tp.snapshot("kept") != world.kept:  # whatever came before, a call that fits works
            return f"{seed} {number} 1: the answer has changed"
    Path("answered").write_text("".join(f"{name}\n" for name in sorted(answered)))
    return ""


if __name__ == "__main__":
    wrong = make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(f"{wrong or 'done'}\n")
    sys.stdout.flush()
    os._exit(1 if wrong else 0)
