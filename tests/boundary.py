"""What crosses between Python and C often: objects of every type, interpreters side by side, processes of their own."""

import gc
import inspect
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import template_pkg as tp

TEXT = (
    '{"hashAlg":"xxh128","manifestVersion":"2023-03-03",'
    '"paths":[{"hash":"1","mtime":1,"path":"p","size":1}],"totalSize":1}'
)
COUNT = 50  # of what comes several at once


class World:
    """Things to make others of: a tree of one file, some where more is skipped or cannot be read, and paths to group."""

    def __init__(self, folder):
        self.root, self.pipes, self.odd = (Path(folder, name) for name in ("root", "pipes", "odd"))
        self.file = self.root / "file"
        places = [Path(folder, "places", str(number)) for number in range(COUNT)]
        for root in (self.root, self.pipes, self.odd):
            root.mkdir()
            (root / "file").write_text("x")
        for place in places:
            os.mkfifo(self.pipes / place.name)
            os.symlink("/proc/self/mem", self.odd / place.name)  # whose beginning nobody can read
        self.manifest = tp.decode_manifest(TEXT)
        self.none = self.manifest.filter(include=["none"])
        self.of_odd = tp.decode_manifest(text(place.name for place in places))
        self.nothing = tp.AssetReferences([], [])
        self.outputs = tp.AssetReferences([], places)
        self.missing = tp.AssetReferences([self.root / "none"], [])
        self.profile = tp.StorageProfile([tp.FileSystemLocation(f"{at}", at, "LOCAL") for at in places], "here")
        self.other = tp.StorageProfile([tp.FileSystemLocation(f"{at}", "/there", "LOCAL") for at in places], "there")


def text(paths):
    """That of a manifest."""
    entries = ",".join(f'{{"hash":"1","mtime":1,"path":"{path}","size":0}}' for path in paths)
    return f'{{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":[{entries}],"totalSize":0}}'


def raised(call):
    """What a call raises, without the frames that it came through."""
    try:
        call()
    except tp.AttachmentError as error:
        return [error.with_traceback(None)]
    raise AssertionError("did not fail")


def progress(world):
    records = []
    tp.hash_file(world.file, progress=records.append)
    return records


# Of each type a function that makes some, as users come by them.
MAKERS = {
    "AssetReferences": lambda world: [tp.AssetReferences(["/a"], ["/b"])],
    "AssetRootGroup": lambda world: tp.group_paths(world.outputs, world.profile),
    "Attachments": lambda world: [tp.Attachments()],
    "BuildInfo": lambda world: [tp.build_info()],
    "BundleSubmitOptions": lambda world: [tp.BundleSubmitOptions()],
    "CancelScope": lambda world: [tp.CancelScope(len)],
    "Cancelled": lambda world: raised(lambda: tp.hash_file(world.file, progress=lambda record: False)),
    "Diff": lambda world: [tp.diff(world.manifest, world.manifest)],
    "FileSystemLocation": lambda world: [tp.FileSystemLocation("n", "/p", "LOCAL")],
    "GlobFilter": lambda world: [tp.GlobFilter(["a"])],
    "Manifest": lambda world: [tp.decode_manifest(TEXT)],
    "ManifestEntry": lambda world: world.of_odd[:],
    "ManifestError": lambda world: raised(lambda: tp.decode_manifest("{")),
    "ManifestLocation": lambda world: [tp.ManifestLocation("b", "r", "f", "q")],
    "ManifestProperties": lambda world: [tp.ManifestProperties("/p")],
    "MisconfiguredInputsError": lambda world: raised(lambda: tp.group_paths(world.missing, require_paths_exist=True)),
    "PathMappingRule": lambda world: tp.path_mapping_rules(world.profile, world.other),
    "PreparedAttachments": lambda world: [tp.prepare_attachments(world.nothing)],
    "Progress": progress,
    "S3Location": lambda world: [tp.S3Location("b", "r", "c", "m")],
    "Skipped": lambda world: tp.snapshot(world.pipes).skipped,
    "SnapshotOptions": lambda world: [tp.SnapshotOptions()],
    "SnapshotStats": lambda world: [tp.snapshot(world.root, jobs=1).stats],
    "StorageProfile": lambda world: [tp.StorageProfile([])],
    "SummaryStatistics": lambda world: [tp.SummaryStatistics(3)],
    "Unreadable": lambda world: tp.verify(world.of_odd, world.odd, symlinks="follow").unreadable,
    "ValidationError": lambda world: raised(lambda: tp.map_path("/a", [], strict=True)),
    "Verification": lambda world: [tp.verify(world.none, world.root, jobs=1)],
}
# Raised by what these tests cannot have often, or by nothing yet.
UNMADE = {"AttachmentError", "FileChangedError", "StorageError"}
TYPES = sorted(
    {
        thing.__name__
        for thing in (getattr(tp, name) for name in tp.__all__)
        if inspect.isclass(thing) and not hasattr(thing, "__members__")
    }
    - UNMADE
)


def assert_counted(name, count, folder):
    """The type is referred to by as many as there are of it, and by nothing once they are gone."""
    world, cls = World(folder), getattr(tp, name)

    def made(number):
        many = []
        while len(many) < number:
            some = MAKERS[name](world)
            assert some
            many += some
        del many[number:]
        return many

    keep = made(10)
    gc.collect()
    before = sys.getrefcount(cls)
    many = made(count)
    assert all(type(one) is cls for one in many)
    during = sys.getrefcount(cls)
    assert during - before == count
    del many
    gc.collect()
    assert sys.getrefcount(cls) == before
    del keep


def run(code, *args, timeout=120):
    """A program in a process of its own."""
    words = [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(code), *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, timeout=timeout, check=False)


def assert_done(code, *args, timeout=120):
    """A program runs to its end, where it prints that it is done."""
    done = run(code, *args, timeout=timeout)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


# Arguments: a tree, how many interpreters, how many rounds in each. With a GIL of their own from 3.12 on: an extension
# that did not say so would be refused, and 3.13 can be asked.
INTERPRETERS = """
    import sys, threading
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    code = '''if True:
        import template_pkg as tp
        manifest = tp.snapshot(ROOT)
        text = manifest.encode()
        for number in range(ROUNDS):
            assert tp.decode_manifest(text) == manifest
            assert tp.hash_bytes(b"a") == "a96faf705af16834e6c632b61e964e1f"
            assert not tp.diff(manifest, manifest)
            try:
                tp.decode_manifest("{")
            except tp.ManifestError as error:
                assert error.status == "E_SYNTAX"
            if number % 50 == 0:
                assert tp.snapshot(ROOT) == manifest
                assert tp.verify(manifest, ROOT)
    '''.replace("ROOT", repr(sys.argv[1])).replace("ROUNDS", sys.argv[3])
    import template_pkg
    failures = []
    def work():
        identifier = interpreters.create()
        try:
            if hasattr(interpreters, "get_config") and interpreters.get_config(identifier).gil != "own":
                failures.append("the GIL is shared")
            run = getattr(interpreters, "exec", None) or interpreters.run_string
            failure = run(identifier, code)
            if failure is not None:
                failures.append(failure)
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            interpreters.destroy(identifier)
    threads = [threading.Thread(target=work) for _ in range(int(sys.argv[2]))]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert not failures, failures
    assert template_pkg.snapshot(sys.argv[1])
    print("done")
"""
# Argument: how often.
IMPORTS = """
    import sys, gc
    for _ in range(int(sys.argv[1])):
        import template_pkg
        assert template_pkg.hash_bytes(b"a") == "a96faf705af16834e6c632b61e964e1f"
        for name in [name for name in sys.modules if name.startswith("template_pkg")]:
            del sys.modules[name]
        del template_pkg
        gc.collect()
    print("done")
"""
# Arguments: a small tree, one whose snapshots keep workers busy meanwhile, how often. A child that hangs is ended, and
# says where it hung.
FORKS = """
    import faulthandler, os, sys, threading, warnings
    import template_pkg
    warnings.simplefilter("ignore", DeprecationWarning)  # that children of processes with threads may hang: may they?
    small, large, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    expected, ended, rounds = template_pkg.snapshot(small), threading.Event(), []
    def work():
        while not ended.is_set():
            rounds.append(len(template_pkg.snapshot(large, jobs=4)))
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers: worker.start()
    try:
        for number in range(count):
            child = os.fork()
            if child == 0:
                faulthandler.dump_traceback_later(60, exit=True)
                os._exit(0 if template_pkg.snapshot(small, jobs=4) == expected else 1)
            assert os.waitpid(child, 0)[1] == 0, number
    finally:
        ended.set()
        for worker in workers: worker.join()
    assert set(rounds) == {len(template_pkg.snapshot(large))}
    print("done")
"""
