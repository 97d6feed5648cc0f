"""What crosses between Python and C often: objects of every type, interpreters side by side, processes of their own."""

import gc
import inspect
import subprocess
import sys
import textwrap

import template_pkg as tp

TEXT = (
    '{"hashAlg":"xxh128","manifestVersion":"2023-03-03",'
    '"paths":[{"hash":"1","mtime":1,"path":"p","size":1}],"totalSize":1}'
)
# Of each type that is no exception, no enumeration and no named tuple, a function that makes one, as users come by it.
MAKERS = {
    "AssetReferences": lambda manifest: tp.AssetReferences(["/a"], ["/b"]),
    "Attachments": lambda manifest: tp.Attachments(),
    "BuildInfo": lambda manifest: tp.build_info(),
    "BundleSubmitOptions": lambda manifest: tp.BundleSubmitOptions(),
    "CancelScope": lambda manifest: tp.CancelScope(len),
    "Diff": lambda manifest: tp.diff(manifest, manifest),
    "FileSystemLocation": lambda manifest: tp.FileSystemLocation("n", "/p", "LOCAL"),
    "GlobFilter": lambda manifest: tp.GlobFilter(["a"]),
    "Manifest": lambda manifest: tp.decode_manifest(TEXT),
    "ManifestEntry": lambda manifest: manifest[0],
    "ManifestLocation": lambda manifest: tp.ManifestLocation("b", "r", "f", "q"),
    "ManifestProperties": lambda manifest: tp.ManifestProperties("/p"),
    "PathMappingRule": lambda manifest: tp.PathMappingRule("posix", "/a", "/b"),
    "S3Location": lambda manifest: tp.S3Location("b", "r", "c", "m"),
    "SnapshotOptions": lambda manifest: tp.SnapshotOptions(),
    "StorageProfile": lambda manifest: tp.StorageProfile([]),
    "SummaryStatistics": lambda manifest: tp.SummaryStatistics(3),
    "Verification": lambda manifest: tp.Verification._make(((), (), (), (), (), 0)),
}
TYPES = sorted(
    name
    for name in tp.__all__
    if inspect.isclass(getattr(tp, name))
    and not issubclass(getattr(tp, name), BaseException)
    and not hasattr(getattr(tp, name), "__members__")
)


def assert_counted(name, count):
    """The type is referred to by as many as there are of it, and by nothing once they are gone."""
    manifest, cls = tp.decode_manifest(TEXT), getattr(tp, name)
    if name not in MAKERS:
        assert hasattr(cls, "n_fields"), f"nothing in MAKERS makes a {name}"
    make = MAKERS.get(name, lambda manifest: cls(range(cls.n_sequence_fields)))
    keep = [make(manifest) for _ in range(10)]
    gc.collect()
    before = sys.getrefcount(cls)
    many = [make(manifest) for _ in range(count)]
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
# that did not say so would be refused.
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
