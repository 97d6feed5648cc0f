"""Python's memory runs out at every point of every call: a MemoryError, never a crash, and nothing stays behind.

By CPython's own _testcapi, in a process of its own. Core's memory is the business of its own tests.
"""

import importlib.util
import subprocess
import sys

import pytest

import template_pkg as tp

CALLS = """
def scoped():
    with tp.CancelScope(lambda: False), tp.CancelScope(lambda: False):
        tp.snapshot(root)

allowed = {"no JSON": tp.ManifestError, "no tree": FileNotFoundError, "no manifest": tp.ManifestError}
calls = {
    "CancelScope": scoped,
    "snapshot": lambda: tp.snapshot(root, include=["*"], progress=lambda record: None),
    "diff": lambda: tp.diff(manifest, root, all=True).to_dict(),
    "verify": lambda: tp.verify(manifest, root, strict=True).to_dict(),
    "merge": lambda: tp.merge(manifest, odd),
    "hash_file": lambda: tp.hash_file(root + "/a"),
    "matches": lambda: tp.matches("a/b", include=["*"], exclude=["x"]),
    "filter": lambda: manifest.filter(include=["*"], exclude=["x"]),
    "convert": lambda: manifest.convert("2025-12-04-beta"),
    "entries": lambda: (beta.directories, beta[0].type, manifest["a"], manifest[:], list(odd)),
    "encode": lambda: (manifest.encode(), manifest.encode_bytes(), manifest.__reduce__()),
    "arrow": lambda: (manifest.__arrow_c_stream__(), odd.__arrow_c_stream__()),
    "views": lambda: (manifest.to_dict(), manifest._repr_html_()),
    "group_paths": lambda: tp.group_paths(references, profile, exclude=["x"]),
    "prepare_attachments": lambda: tp.prepare_attachments(references, profile, options, manifest_prefix="k"),
    "mapping": lambda: tp.map_path("/a/b", tp.path_mapping_rules(profile, other)),
    "decode": lambda: (tp.decode_manifest(encoded), tp.decode_manifest(encoded.encode()), tp.decode_manifest(lone)),
    "files": lambda: (manifest.save(root + "/../saved"), tp.Manifest.from_path(root + "/../saved")),
    "changes_since": lambda: (manifest.changes_since(odd), manifest.changes_since(root + "/../saved")),
    "fingerprints": lambda: [(one.manifest_hash, one.content_hash) for one in [tp.decode_manifest(encoded)]],
    "hash_bytes": lambda: (tp.hash_bytes(b"x"), tp.hash_bytes(bytearray(40000))),
    "names": lambda: (tp.manifest_name(root, name="n", when=1), tp.build_info()),
    "index": lambda: tp.snapshot(root, index=root + "/../index", symlinks="keep", format="2025-12-04-beta"),
    "no JSON": lambda: tp.decode_manifest("{"),
    "no tree": lambda: tp.snapshot("/none"),
    "no manifest": lambda: tp.Manifest.from_path(root + "/a"),
}
"""
TRY = f"""
import _testcapi, os, sys
import template_pkg as tp

root = sys.argv[1]
manifest = tp.snapshot(root)
manifest.to_dict()
encoded = manifest.encode()
odd = tp.decode_manifest(encoded.replace('"a"', r'"\\udc80"'))
assert '\\udc80' in odd
lone = encoded.replace('"a"', '"\\udc80"')
manifest.save(root + '/../saved')
beta = tp.snapshot(root, format="2025-12-04-beta")
references, options = tp.AssetReferences([root + "/a"], ["o"], ["r"], [root]), tp.BundleSubmitOptions()
profile = tp.StorageProfile([tp.FileSystemLocation("n", root, "LOCAL")], "id")
other = tp.StorageProfile([tp.FileSystemLocation("n", "/there", "SHARED")], "other")
tp.prepare_attachments(references, profile, options), tp.path_mapping_rules(profile, other)
{CALLS}
call, failed, fine = calls[sys.argv[2]], 0, 0
for n in range(2000):
    _testcapi.set_nomemory(n, n + 1)
    try:
        try:
            call()
        finally:
            _testcapi.remove_mem_hooks()
    except MemoryError:
        failed, fine = failed + 1, 0
        continue
    except allowed.get(sys.argv[2], ()):
        pass
    fine += 1
    if fine == 50:  # so many allocations are there, and a few that may fail unnoticed
        break
assert fine == 50, "no end"
assert failed, "nothing failed"
assert tp.snapshot(root) == manifest
print("done")
"""
NAMES = [line.split('"')[1] for line in CALLS.splitlines() if line.startswith('    "')]


@pytest.mark.deep
@pytest.mark.parametrize("name", NAMES)
def test_memory_that_runs_out_is_a_memory_error(name, tree):
    if importlib.util.find_spec("_testcapi") is None:
        pytest.skip("this Python came without _testcapi: a CPython with its tests is needed")
    root = tree(a="x", sub__b="y")
    assert len(tp.snapshot(root)) == 2
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", TRY, str(root), name], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
