"""Lifetimes, threads and interpreters."""

import gc
import subprocess
import sys
import textwrap
import threading

import pytest

import template_pkg as tp

TEXT = (
    '{"hashAlg":"xxh128","manifestVersion":"2023-03-03",'
    '"paths":[{"hash":"1","mtime":1,"path":"p","size":1}],"totalSize":1}'
)
COUNT = 10_000


def makers():
    manifest = tp.decode_manifest(TEXT)
    return {
        "Manifest": lambda: tp.decode_manifest(TEXT),
        "ManifestEntry": lambda: manifest[0],
        "Diff": lambda: tp.diff(manifest, manifest),
        "Verification": lambda: tp.Verification._make(((), (), (), (), (), 0)),
        "BuildInfo": tp.build_info,
        "CancelScope": lambda: tp.CancelScope(len),
    }


@pytest.mark.parametrize("name", ["Manifest", "ManifestEntry", "Diff", "Verification", "BuildInfo", "CancelScope"])
def test_a_type_is_referred_to_by_as_many_as_there_are_of_it(name):
    make = makers()[name]
    cls = getattr(tp, name)
    keep = [make() for _ in range(10)]
    gc.collect()
    before = sys.getrefcount(cls)
    many = [make() for _ in range(COUNT)]
    assert all(type(one) is cls for one in many)
    during = sys.getrefcount(cls)
    assert during - before == COUNT
    del many
    gc.collect()
    assert sys.getrefcount(cls) == before
    del keep


@pytest.mark.parametrize(
    "code",
    [
        "tp.decode_manifest(TEXT).encode()",
        "tp.decode_manifest(TEXT).encode_bytes()",
        "manifest['p'], manifest.get('x'), 'p' in manifest, manifest[0] in manifest, manifest[:]",
        "manifest.manifest_hash, hash(manifest), manifest == other, repr(manifest), manifest.skipped, manifest.stats",
        "tp.diff(manifest, other, all=True).to_dict(), repr(tp.diff(manifest, other)), bool(tp.diff(manifest, other))",
        "tp.verify(manifest, root, strict=True).to_dict()",
        "tp.snapshot(root, include=['*'], exclude=['x'], base=manifest, progress=len)",
        "tp.merge(manifest, other)",
        "in_scope(lambda: tp.merge(manifest, other)), fails(lambda: tp.CancelScope(len).__exit__(None))",
        "tp.hash_bytes(b'x' * 40000), tp.hash_file(root + '/file')",
        "pickle.loads(pickle.dumps([manifest, tp.diff(manifest, other), manifest[0]]))",
        "manifest.save(root + '/../saved'), tp.Manifest.from_path(root + '/../saved')",
        "fails(lambda: tp.decode_manifest('{')), fails(lambda: tp.snapshot('/none')), fails(lambda: manifest['x'])",
        "fails(lambda: tp.snapshot(root, include=['a', 3])), fails(lambda: tp.snapshot(root, jobs=-1))",
        "fails(lambda: tp.snapshot(root, progress=lambda record: False)), fails(lambda: tp.merge(manifest, '/none'))",
        "fails(lambda: tp.snapshot(root, progress=lambda record: 1 / 0)), fails(lambda: tp.diff(manifest, '/none'))",
    ],
)
def test_nothing_leaks(code, tmp_path):
    """Memory blocks of the interpreter do not grow, whatever the outcome."""
    import pickle

    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_bytes(b"x")

    def fails(call):
        try:
            call()
        except Exception:
            return
        raise AssertionError("did not fail")

    def in_scope(call):
        with tp.CancelScope(lambda: False), tp.CancelScope(bool):
            return call()

    names = {
        "tp": tp,
        "in_scope": in_scope,
        "TEXT": TEXT,
        "manifest": tp.decode_manifest(TEXT),
        "other": tp.decode_manifest(TEXT.replace('"p"', '"q"')),
        "root": str(root),
        "pickle": pickle,
        "fails": fails,
        "len": lambda record: None,
    }
    compiled = compile(code, "code", "eval")

    def blocks(times):
        for _ in range(times):
            eval(compiled, names)
        gc.collect()
        return sys.getallocatedblocks()

    blocks(50)
    growth = [-blocks(0) + blocks(200) for _ in range(6)]  # free lists fill up at first
    assert min(growth) < 50, growth


def test_importing_the_package_loads_nothing():
    code = """
        import sys
        before = set(sys.modules)
        import template_pkg
        assert set(sys.modules) - before <= {"template_pkg", "__future__"}, set(sys.modules) - before
        assert set(dir(template_pkg)) >= set(template_pkg.__all__)
        assert "template_pkg._native" not in sys.modules
        try:
            template_pkg.nothing
        except AttributeError as error:
            assert str(error) == "module 'template_pkg' has no attribute 'nothing'"
        assert template_pkg.diff is template_pkg.diff_manifests
        assert "template_pkg._native" in sys.modules
        print("done")
    """
    done = run(code)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_types_cannot_be_changed():
    for cls in (tp.Manifest, tp.Diff, tp.Verification, tp.CancelScope):
        if sys.version_info >= (3, 10):
            with pytest.raises(TypeError):
                cls.added_later = 1
        assert gc.is_tracked(tp.decode_manifest(TEXT))


def test_two_snapshots_in_threads_and_shared_manifests(many_files):
    expected = tp.snapshot(many_files)
    results = []

    def work():
        for _ in range(3):
            manifest = tp.snapshot(many_files)
            results.append(
                (
                    manifest.encode(),
                    manifest == expected,
                    expected.manifest_hash,
                    expected["d00/f00"].hash,
                )
            )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 12
    assert set(results) == {(expected.encode(), True, tp.hash_bytes(expected.encode_bytes()), expected["d00/f00"].hash)}


def run(code, *args):
    words = [sys.executable, "-c", textwrap.dedent(code), *args]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


INTERPRETERS = """
    import sys, threading
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    code = '''if True:
        import template_pkg as tp
        for _ in range(50):
            manifest = tp.snapshot(ROOT)
            assert tp.decode_manifest(manifest.encode()) == manifest
            assert tp.verify(manifest, ROOT)
            try:
                tp.decode_manifest("{")
            except tp.ManifestError as error:
                assert error.status == "E_SYNTAX"
    '''.replace("ROOT", repr(sys.argv[1]))
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
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert not failures, failures
    assert template_pkg.snapshot(sys.argv[1])
    print("done")
"""


def test_it_runs_in_interpreters_side_by_side(tmp_path):
    """With a GIL of their own from 3.12 on: an extension that did not say so would be refused."""
    (tmp_path / "a").write_text("x")
    done = run(INTERPRETERS, str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_it_can_be_imported_again_and_again():
    code = """
        import sys, gc
        for _ in range(50):
            import template_pkg
            assert template_pkg.hash_bytes(b"a") == "a96faf705af16834e6c632b61e964e1f"
            for name in [name for name in sys.modules if name.startswith("template_pkg")]:
                del sys.modules[name]
            del template_pkg
            gc.collect()
        print("done")
    """
    done = run(code)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_it_works_after_a_fork(tmp_path):
    (tmp_path / "a").write_text("x")
    code = """
        import os, sys, template_pkg
        expected = template_pkg.snapshot(sys.argv[1])
        for _ in range(20):
            child = os.fork()
            if child == 0:
                os._exit(0 if template_pkg.snapshot(sys.argv[1]) == expected else 1)
            assert os.waitpid(child, 0)[1] == 0
        print("done")
    """
    done = run(code, str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_a_daemon_thread_in_a_call_does_not_hinder_the_end(large_file):
    code = """
        import sys, threading, time, template_pkg
        threading.Thread(target=template_pkg.hash_file, args=(sys.argv[1],), daemon=True).start()
        time.sleep(0.2)
        print("done")
    """
    done = run(code, str(large_file))
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
