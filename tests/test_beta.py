"""Format 2025-12-04-beta through Python: its values, conversions, trees and diffs."""

import json
import os
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import template_pkg as tp

BETA = "2025-12-04-beta"
CHUNK = 256 << 20


def document(dirs, files, **members):
    """Canonical text, when what is given is canonical."""
    head = {"dirs": dirs, "files": files, "hashAlg": "xxh128", "manifestVersion": BETA, "totalSize": 0, **members}
    return json.dumps(head, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


DIFF = document(
    [{"name": "a"}, {"name": "$0/b", "delete": True}],
    [
        {"name": "$0/big", "chunkhashes": ["a1", "b2"], "size": CHUNK + 1, "mtime": 5},
        {"name": "$0/gone", "delete": True},
        {"name": "$0/link", "symlink": {"name": "run"}},
        {"name": "$0/run", "hash": "0f", "size": 2, "mtime": -3, "runnable": True},
    ],
    parentManifestHash="aa",
)


def test_entries_have_all_that_the_format_has():
    manifest = tp.decode_manifest(DIFF)
    assert (manifest.version, manifest.is_v2025(), manifest.is_v2023()) == (BETA, True, False)
    assert manifest.parent_hash == "aa"
    assert manifest.encode() == DIFF
    big, gone, link, run = manifest
    assert big == ("a/big", "", CHUNK + 1, 5)
    assert (big.type, big.chunk_hashes, big.target) == ("file", ("a1", "b2"), None)
    assert gone == ("a/gone", "", 0, 0)
    assert (gone.type, gone.deleted, gone.runnable) == ("file", True, False)
    assert (link.type, link.target, link.hash, link.deleted) == ("symlink", "run", "", False)
    assert run == ("a/run", "0f", 2, -3)
    assert (run.type, run.runnable, run.chunk_hashes) == ("file", True, None)
    assert [(entry.path, entry.type, entry.deleted) for entry in manifest.directories] == [
        ("a", "directory", False),
        ("a/b", "directory", True),
    ]


def test_entries_of_the_older_format_have_them_too():
    text = '{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":[%s],"totalSize":1}'
    manifest = tp.decode_manifest(text % '{"hash":"1","mtime":1,"path":"p","size":1}')
    entry = manifest[0]
    assert (entry.type, entry.runnable, entry.deleted, entry.target, entry.chunk_hashes) == (
        "file",
        False,
        False,
        None,
        None,
    )
    assert (manifest.directories, manifest.parent_hash) == ((), None)


@pytest.mark.parametrize("text", [DIFF, document([], []), document([{"name": "\u00e9"}], [])])
def test_pickles_and_files_keep_it(text, tmp_path):
    manifest = tp.decode_manifest(text)
    assert pickle.loads(pickle.dumps(manifest)) == manifest
    manifest.save(tmp_path / "m")
    assert (tmp_path / "m").read_text() == text == manifest.encode() == manifest.encode_bytes().decode()
    assert tp.Manifest.from_path(tmp_path / "m") == manifest
    assert manifest.manifest_hash == tp.hash_bytes(text.encode())


def test_an_entry_survives_a_pickle_with_everything():
    entry = tp.decode_manifest(DIFF)[2]
    again = pickle.loads(pickle.dumps(entry))
    assert (again, again.type, again.target) == (entry, "symlink", "run")


FIELDS = {
    "target": ({"symlink": {"name": "x"}}, {"symlink": {"name": "y"}}),
    "type": ({"symlink": {"name": "x"}}, {"delete": True}),
    "deleted": ({"delete": True}, {"symlink": {"name": "x"}}),
    "runnable": ({"hash": "a", "size": 1, "mtime": 1}, {"hash": "a", "size": 1, "mtime": 1, "runnable": True}),
    "chunk_hashes": (
        {"chunkhashes": ["a", "b"], "size": CHUNK + 1, "mtime": 1},
        {"chunkhashes": ["a", "c"], "size": CHUNK + 1, "mtime": 1},
    ),
}


@pytest.mark.parametrize("field", FIELDS)
def test_entries_that_differ_in_what_only_this_format_has_are_not_equal(field):
    manifests = [
        tp.decode_manifest(document([], [{"name": "p", **row}], parentManifestHash="a")) for row in FIELDS[field]
    ]
    one, other = (manifest[0] for manifest in manifests)
    assert getattr(one, field) != getattr(other, field)
    assert tuple(one) == tuple(other) == one == tuple(one)
    assert (one == other, one != other) == (False, True)
    assert hash(one) == hash(other) == hash(tuple(one))
    assert (one == 3, one != 3) == (False, True)
    assert one == pickle.loads(pickle.dumps(one))
    assert [entry in manifest for manifest in manifests for entry in (one, other)] == [True, False, False, True]


def test_convert_there_and_back(tree):
    root = tree(a="one", d__b="two")
    manifest = tp.snapshot(root)
    beta = manifest.convert(BETA)
    assert beta.version == BETA
    assert beta != manifest
    assert beta.convert("2023-03-03") == manifest
    assert list(beta) == list(manifest)
    with pytest.raises(ValueError, match="format must be '2023-03-03' or '2025-12-04-beta', not 'v2'"):
        manifest.convert("v2")
    with pytest.raises(TypeError):
        manifest.convert(2023)


def test_convert_refuses_what_the_format_cannot_hold():
    manifest = tp.decode_manifest(document([], [{"name": "d/l", "symlink": {"name": "x"}}]))
    with pytest.raises(tp.ManifestError, match="2023-03-03 cannot hold a symbolic link") as caught:
        manifest.convert("2023-03-03")
    assert caught.value.path == "d/l"
    with pytest.raises(tp.ManifestError, match="cannot hold a diff"):
        tp.decode_manifest(DIFF).convert("2023-03-03")
    with pytest.raises(tp.ManifestError) as caught:
        tp.decode_manifest(document([], [])).convert("2023-03-03")
    assert caught.value.status == "E_EMPTY"


@pytest.fixture
def project(tree):
    root = tree(bin__run="hello", bin__data="x", lib__a="a")
    (root / "bin/run").chmod(0o750)
    for name in ("bin/data", "lib/a"):
        (root / name).chmod(0o640)
    (root / "void").mkdir()
    (root / "bin/link").symlink_to("run")
    return root


def test_a_snapshot_keeps_links_directories_and_run_bits(project):
    manifest = tp.snapshot(project, format=BETA, symlinks="keep")
    assert {entry.path: (entry.type, entry.runnable, entry.target) for entry in manifest} == {
        "bin/run": ("file", True, None),
        "bin/data": ("file", False, None),
        "bin/link": ("symlink", False, "run"),
        "lib/a": ("file", False, None),
    }
    assert [entry.path for entry in manifest.directories] == ["bin", "lib", "void"]
    assert tp.verify(manifest, project, strict=True)
    found = tp.diff(manifest, project)
    assert (found.new, found.modified, found.deleted) == ((), (), ())
    with pytest.raises(ValueError, match="2023-03-03 has no symbolic links to keep"):
        tp.snapshot(project, symlinks="keep")


def test_links_that_lead_outside_are_reported(project):
    (project / "out").symlink_to("../elsewhere")
    manifest = tp.snapshot(project, format=BETA, symlinks="keep")
    assert manifest.skipped == (("out", "link-outside"),)


def test_verify_tells_what_is_no_longer_so(project):
    manifest = tp.snapshot(project, format=BETA, symlinks="keep")
    (project / "bin/run").chmod(0o640)
    (project / "bin/link").unlink()
    (project / "bin/link").symlink_to("data")
    (project / "lib/a").unlink()
    (project / "lib/a").symlink_to("../bin/data")
    (project / "void").rmdir()
    found = tp.verify(manifest, project, strict=True)
    assert found.modified == ("bin/link", "bin/run")
    assert found.type_changed == ("lib/a",)
    assert found.missing == ("void",)
    with pytest.raises(tp.ManifestError, match="a diff does not tell what a tree holds"):
        tp.verify(tp.decode_manifest(DIFF), project)


@pytest.mark.parametrize("as_file", [False, True], ids=["manifest", "file"])
def test_a_delta_applied_to_its_base_is_the_tree(project, tmp_path, as_file):
    base = tp.snapshot(project, format=BETA, symlinks="keep")
    base.save(tmp_path / "base")
    source = tmp_path / "base" if as_file else base
    (project / "lib/a").unlink()
    os.rmdir(project / "lib")
    (project / "bin/data").write_text("another")
    (project / "bin/new").symlink_to("data")
    delta = tp.snapshot(project, format=BETA, symlinks="keep", base=source, delta=True)
    assert delta.parent_hash == base.manifest_hash
    assert [(entry.path, entry.deleted) for entry in delta] == [
        ("bin/data", False),
        ("bin/new", False),
        ("lib/a", True),
    ]
    now = tp.snapshot(project, format=BETA, symlinks="keep")
    assert tp.merge(source, delta) == now
    assert now.changes_since(source) == delta
    assert tp.merge(now, base.changes_since(now)) == base
    assert len(now.changes_since(now)) == 0


def test_the_parent_of_a_delta_is_the_hash_of_the_file_as_it_is(project, tmp_path):
    base = tp.snapshot(project, format=BETA)
    (tmp_path / "base").write_text(json.dumps(json.loads(base.encode()), indent=1))
    delta = tp.snapshot(project, format=BETA, base=tmp_path / "base", delta=True)
    assert delta.parent_hash == tp.hash_file(tmp_path / "base") != base.manifest_hash


def changed(project, name):
    (project / name).write_text(name)
    return tp.snapshot(project, format=BETA)


@pytest.mark.parametrize("as_file", [False, True], ids=["manifest", "file"])
def test_diffs_are_applied_one_after_the_other(project, tmp_path, as_file):
    states = [tp.snapshot(project, format=BETA), changed(project, "one"), changed(project, "two")]
    diffs = [states[1].changes_since(states[0]), states[2].changes_since(states[1])]
    parts = [states[0], *diffs]
    for number, part in enumerate(parts):
        part.save(tmp_path / str(number))
    given = [tmp_path / str(number) for number in range(3)] if as_file else parts
    assert tp.merge(*given) == states[2]
    with pytest.raises(tp.ManifestError, match=f"a diff of another manifest: .* {states[1].manifest_hash}") as caught:
        tp.merge(given[0], given[2], given[1])
    assert caught.value.path == (str(given[2]) if as_file else None)
    assert {entry.path for entry in tp.merge(given[0], given[2], any_parent=True)} >= {"two"}
    assert tp.merge(states[1], states[0], diffs[0]).file_count == states[1].file_count  # of one of them
    assert tp.merge(diffs[1], diffs[0]).parent_hash == states[1].manifest_hash  # of what cannot be told


def test_a_base_may_be_known_by_its_bytes_or_by_its_canonical_ones(project, tmp_path):
    before, after = tp.snapshot(project, format=BETA), changed(project, "new")
    path = tmp_path / "base"
    path.write_text(json.dumps(json.loads(before.encode()), indent=1))
    loaded = tp.Manifest.from_path(path)
    by_bytes, canonical = after.changes_since(path), after.changes_since(loaded)
    assert by_bytes.parent_hash != canonical.parent_hash
    for base in (path, loaded):
        for diff in (by_bytes, canonical):
            assert tp.merge(base, diff) == after
    later = tp.merge(loaded, by_bytes, canonical)
    assert later == after


def test_an_unknown_keyword_of_merge_is_refused(project):
    with pytest.raises(TypeError, match="any"):
        tp.merge(tp.snapshot(project), any_parents=True)


def test_formats_are_not_merged(project):
    with pytest.raises(tp.ManifestError, match="manifests of 2023-03-03 and 2025-12-04-beta cannot be merged"):
        tp.merge(tp.snapshot(project), tp.snapshot(project, format=BETA))


GOOD = {"name": "p", "hash": "0a", "size": 1, "mtime": 2}
RULES = {
    "a deletion in a snapshot": ([], [{"name": "p", "delete": True}], "is a deletion in a manifest that is no diff"),
    "a deleted directory in a snapshot": ([{"name": "d", "deleted": True}], [], "is a deletion in a manifest"),
    "no content": ([], [{"name": "p", "size": 1, "mtime": 2}], "has not exactly one of hash, chunkhashes and symlink"),
    "two contents": ([], [{**GOOD, "chunkhashes": ["a"]}], "has not exactly one of hash, chunkhashes and symlink"),
    "no size": ([], [{"name": "p", "hash": "a", "mtime": 2}], "lacks size"),
    "no mtime": ([], [{"name": "p", "hash": "a", "size": 2}], "lacks mtime"),
    "chunks of a small file": (
        [],
        [{"name": "p", "chunkhashes": ["a"], "size": CHUNK, "mtime": 2}],
        "has chunkhashes and is not over 256 MiB",
    ),
    "too few chunks": (
        [],
        [{"name": "p", "chunkhashes": ["a"], "size": CHUNK + 1, "mtime": 2}],
        "are not as many as its chunks",
    ),
    "an absolute target": ([], [{"name": "d/l", "symlink_target": "/t"}], "is a link with an absolute target"),
    "a drive": ([], [{"name": "d/l", "symlink_target": "C:t"}], "is a link with an absolute target"),
    "a share": ([], [{"name": "d/l", "symlink_target": "\\\\h\\s"}], "is a link with an absolute target"),
    "a way out": ([], [{"name": "l", "symlink_target": "../t"}], "is a link whose target is outside the tree"),
    "two names": ([], [{**GOOD, "path": "q"}], ".name and .path disagree"),
    "a reference to nothing": ([{"name": "d"}], [{**GOOD, "name": "$1/p"}], "refers to a directory that is not listed"),
}


@pytest.mark.parametrize("rule", RULES)
def test_documents_that_break_a_rule_are_refused(rule):
    dirs, files, message = RULES[rule]
    with pytest.raises(tp.ManifestError, match=message) as caught:
        tp.decode_manifest(document(dirs, files))
    assert caught.value.status == "E_MANIFEST"


@pytest.mark.parametrize("member", ["hash", "chunkhashes", "symlink_target", "symlink", "runnable", "size", "mtime"])
def test_what_is_deleted_has_nothing_more(member):
    value = {"runnable": True, "size": 0, "mtime": 0, "chunkhashes": [], "symlink": {"name": "t"}}.get(member, "a")
    text = document([], [{"name": "p", "delete": True, member: value}], parentManifestHash="a")
    with pytest.raises(tp.ManifestError, match="files.0. is deleted and has"):
        tp.decode_manifest(text)


# The rules of the format once more, in the plainest way.
NAMES = st.text(st.sampled_from('ab$0\u00e9\u007f\uffee\U0001f600\\"\n.'), min_size=1, max_size=3)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
HASHES = st.text("0123456789abcdefXYZ", min_size=1, max_size=4)
FILES = st.one_of(
    st.builds(
        lambda h, s, m, r: {"hash": h, "size": s, "mtime": m, "runnable": r},
        HASHES,
        st.integers(0, 1 << 60),
        st.integers(-(1 << 62), 1 << 62),
        st.booleans(),
    ),
    st.builds(lambda t: {"symlink": "t" + t}, PATHS),
    st.builds(
        lambda h, m: {"chunkhashes": list(h), "size": CHUNK * 2, "mtime": m},
        st.tuples(HASHES, HASHES),
        st.integers(0, 9),
    ),
    st.just({"delete": True}),
)


def looks_like_a_reference(path):
    head, slash, _ = path.partition("/")
    return bool(slash) and head[:1] == "$" and head[1:].isdigit()


def plainly(dirs, files):
    """Canonical text of a diff, by section and verse."""
    wanted = set(dirs)
    for path in [*dirs, *files]:
        if looks_like_a_reference(path):
            parts = path.split("/")
            wanted.update("/".join(parts[:i]) for i in range(1, len(parts)))
    order = sorted(wanted)
    numbers = {name: i for i, name in enumerate(order)}

    def short(path):
        head, slash, tail = path.rpartition("/")
        return f"${numbers[head]}/{tail}" if slash and head in numbers else path

    rows = []
    for path in sorted(files, key=lambda text: text.encode("utf-16-be", "surrogatepass")):
        row = {key: value for key, value in files[path].items() if value is not False}
        if "symlink" in row:
            row["symlink"] = {"name": short(row["symlink"])}
        rows.append({"name": short(path), **row})
    total = sum(row.get("size", 0) for row in rows)
    names = [{"name": short(name), **({"delete": True} if dirs.get(name) else {})} for name in order]
    text = document(names, rows, parentManifestHash="p", totalSize=total)
    return text.replace("\x7f", "\x7f")


@settings(max_examples=300)
@given(st.dictionaries(PATHS, st.booleans(), max_size=6), st.dictionaries(PATHS, FILES, max_size=8))
def test_random_documents_come_out_as_the_rules_say(dirs, files):
    canonical = plainly(dirs, files)
    loose = json.dumps(
        {
            "files": [
                {"path": name, **{key if key != "symlink" else "symlink_target": value for key, value in row.items()}}
                for name, row in files.items()
                if not looks_like_a_reference(name)
            ],
            "dirs": [
                {"path": name, "deleted": gone} for name, gone in dirs.items() if not looks_like_a_reference(name)
            ],
            "manifestVersion": BETA,
            "hashAlg": "xxh128",
            "parentManifestHash": "p",
            "totalSize": sum(row.get("size", 0) for row in files.values()),
        }
    )
    assert tp.decode_manifest(canonical).encode() == canonical
    if not any(map(looks_like_a_reference, [*dirs, *files])):
        assert tp.decode_manifest(loose).encode() == canonical
