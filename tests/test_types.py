"""Lifetimes, threads and interpreters."""

import gc
import sys
import threading

import boundary
import pytest
from boundary import TEXT, assert_done, run

import template_pkg as tp


@pytest.mark.parametrize("name", boundary.TYPES)
def test_a_type_is_referred_to_by_as_many_as_there_are_of_it(name, tmp_path):
    boundary.assert_counted(name, 1_000, tmp_path)


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
        "manifest.filter(include=['*']), fails(lambda: manifest.filter(include=[3])), tp.matches('a', exclude=['b'])",
        "manifest.convert('2025-12-04-beta'), fails(lambda: manifest.convert('x')), fails(lambda: beta.convert('2023-03-03'))",
        "manifest.changes_since(other), manifest.changes_since(root + '/../m'), fails(lambda: manifest.changes_since('/none'))",
        "beta.directories, beta.parent_hash, list(beta), tp.decode_manifest(TEXT).content_hash, hash(tp.decode_manifest(TEXT))",
        "manifest.to_dict(), manifest._repr_html_(), manifest.__arrow_c_stream__(), beta.__arrow_c_stream__()",
        "tp.diff(manifest, other)._repr_html_(), tp.verify(manifest, root)._repr_html_()",
        "tp.group_paths(references, profile, exclude=['x'], progress=len), fails(lambda: tp.group_paths(3))",
        "fails(lambda: tp.group_paths(missing, require_paths_exist=True)), fails(lambda: tp.group_paths(references, 3))",
        "tp.prepare_attachments(references, profile, tp.BundleSubmitOptions(), manifest_prefix='k', progress=len)",
        "fails(lambda: tp.prepare_attachments(references, None, 3)), fails(lambda: tp.prepare_attachments(references, jobs=-1))",
        "tp.map_path('/there/b', tp.path_mapping_rules(profile, elsewhere)), fails(lambda: tp.path_mapping_rules(profile, 3))",
        "fails(lambda: tp.map_path('/a', [3])), fails(lambda: tp.map_path('/a', [], strict=True))",
        "tp.build_info(), tp.manifest_name(root, name='n', when=1), fails(lambda: tp.manifest_name(root, name='a/b'))",
        "tp.snapshot(root, index=root + '/../index'), tp.snapshot(root, symlinks='keep', format='2025-12-04-beta')",
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
    tree = tmp_path / "tree"
    (tree / "folder").mkdir(parents=True)
    (tree / "link").symlink_to("folder")

    def fails(call):
        try:
            call()
        except Exception:
            return
        raise AssertionError("did not fail")

    def in_scope(call):
        with tp.CancelScope(lambda: False), tp.CancelScope(bool):
            return call()

    tp.decode_manifest(TEXT).save(root.parent / "m")
    names = {
        "beta": tp.snapshot(tree, symlinks="keep", format="2025-12-04-beta"),
        "references": tp.AssetReferences([root / "file"], ["out"], ["r"], [root]),
        "missing": tp.AssetReferences([root / "none"], []),
        "profile": tp.StorageProfile([tp.FileSystemLocation("n", root, "LOCAL")], "here"),
        "elsewhere": tp.StorageProfile([tp.FileSystemLocation("n", "/there", "SHARED")], "there"),
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
    growth = [-blocks(0) + blocks(200)]
    while growth[-1] >= 50 and len(growth) < 20:  # free lists fill up; a leak stays at 200 or more
        growth.append(-blocks(0) + blocks(200))
    assert growth[-1] < 50, growth


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
    assert_done(code)


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


def test_it_runs_in_interpreters_side_by_side(tree):
    assert_done(boundary.INTERPRETERS, tree(a="x"), 4, 50)


def test_the_gil_stays_off():
    """Where there is none: an import that turned it on would warn, too."""
    code = """
        import sys
        state = getattr(sys, "_is_gil_enabled", lambda: True)
        before = state()
        import template_pkg._native
        assert state() is before
        print("done")
    """
    done = run(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_it_can_be_imported_again_and_again():
    assert_done(boundary.IMPORTS, 50)


def test_it_works_in_children_of_a_process_with_live_workers(tree, many_files):
    assert_done(boundary.FORKS, tree(a="x"), many_files, 20)


def test_a_daemon_thread_in_a_call_does_not_hinder_the_end(large_file):
    code = """
        import sys, threading, time, template_pkg
        threading.Thread(target=template_pkg.hash_file, args=(sys.argv[1],), daemon=True).start()
        time.sleep(0.2)
        print("done")
    """
    assert_done(code, large_file)
