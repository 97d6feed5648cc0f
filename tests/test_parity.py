"""One table of cases through the command and through Python: equal to the byte."""

import json
import os

import pytest
import trees

import template_pkg as tp

BEFORE = {
    "entries": [
        {"path": "a/same", "content": "same"},
        {"path": "a/edited", "content": "old"},
        {"path": "a/gone", "content": "gone"},
        {"path": ".hidden", "content": "h"},
        {"path": "d/.git/config", "content": "c"},
        {"path": "\u00e9\U0001f600\uffee", "content": "unicode"},
        {"path": "caf\udce9", "content": "latin"},
        {"path": 'quote"\\\n\x7f', "content": "odd"},
        {"path": "link", "type": "symlink", "target": "a/same"},
        {"path": "linked", "type": "symlink", "target": "a"},
        {"path": "dangling", "type": "symlink", "target": "nowhere"},
        {"path": "loop", "type": "symlink", "target": "."},
        {"path": "outside", "type": "symlink", "target": "../outside/f"},
        {"path": "pipe", "type": "fifo"},
        {"path": "empty"},
        {"path": "large", "content": {"sha256ctr": ["large", 700_001]}},
        {"path": "old", "content": "1969", "mtime_ns": -1_500},
    ],
    "outside": [{"path": "f", "content": "outside"}],
}


def after():
    """BEFORE with a file edited, one gone, one new, one touched and one that is no file any more."""
    entries = [entry for entry in BEFORE["entries"] if entry["path"] not in ("a/gone", "a/edited", "empty")]
    entries += [
        {"path": "a/edited", "content": "newer"},
        {"path": "fresh", "content": "fresh"},
        {"path": "empty/inside", "content": ""},
    ]
    touched = [{**entry, "mtime_ns": 5_000_000} if entry["path"] == "large" else entry for entry in entries]
    return {**BEFORE, "entries": touched}


class Place:
    """The trees and manifests that the cases are about."""

    def __init__(self, where, cli):
        self.cli = cli
        (where / "b").mkdir()
        (where / "a").mkdir()
        self.before = trees.build(BEFORE, str(where / "b"))
        self.after = trees.build(after(), str(where / "a"))
        self.manifest = str(where / "before.manifest")
        self.delta = str(where / "delta.manifest")
        self.out = str(where / "out")
        self.index = str(where / "index")
        self.missing = str(where / "missing")
        self.bad = str(where / "bad")
        self.empty = str(where / "empty")
        self.unsafe = str(where / "unsafe")
        (where / "empty").mkdir()
        (where / "bad").write_text('{"manifestVersion":"2023-03-03"}')
        base = tp.snapshot(self.before)
        base.save(self.manifest)
        tp.snapshot(self.after, base=base, delta=True).save(self.delta)
        self.beta = str(where / "beta.manifest")
        self.beta_delta = str(where / "beta-delta.manifest")
        options = {"format": "2025-12-04-beta", "symlinks": "keep"}
        tp.snapshot(self.before, **options).save(self.beta)
        tp.snapshot(self.after, base=self.beta, delta=True, **options).save(self.beta_delta)
        (where / "unsafe").write_text(base.encode().replace('"a/same"', '"../same"'))

    def fill(self, words):
        return [vars(self)[word[1:-1]] if word[0] == "{" else word for word in words]


@pytest.fixture(scope="module")
def place(tmp_path_factory, cli):
    return Place(tmp_path_factory.mktemp("parity"), cli)


def document(name, members):
    """A document as the command prints it."""
    text = json.dumps({"schema": f"template-cli/{name}/1", **members}, separators=(",", ":"))
    return (text + "\n").encode()


# Words of the command; the same in Python, as a manifest.
MANIFESTS = {
    "snapshot": ("snapshot {before}", lambda p: tp.snapshot(p.before)),
    "as deadline": (
        "snapshot {before} --compat deadline",
        lambda p: tp.snapshot(p.before, compat="deadline"),
    ),
    "no links": (
        "snapshot {before} --symlinks skip",
        lambda p: tp.snapshot(p.before, symlinks="skip"),
    ),
    "filters": (
        "snapshot {before} --include a/** --include e* --exclude **/gone",
        lambda p: tp.snapshot(p.before, include=["a/**", "e*"], exclude=["**/gone"]),
    ),
    "one job": ("snapshot {before} -j 1", lambda p: tp.snapshot(p.before, jobs=1)),
    "base": ("snapshot {after} --base {manifest}", lambda p: tp.snapshot(p.after, base=p.manifest)),
    "delta": (
        "snapshot {after} --base {manifest} --delta",
        lambda p: tp.snapshot(p.after, base=p.manifest, delta=True),
    ),
    "delta by content": (
        "snapshot {after} --base {manifest} --delta --rehash",
        lambda p: tp.snapshot(p.after, base=p.manifest, delta=True, rehash=True),
    ),
    "index": (
        "snapshot {after} --index {index}",
        lambda p: tp.snapshot(p.after, index=p.index),
    ),
    "links and directories": (
        "snapshot {before} --format 2025-12-04-beta --symlinks keep",
        lambda p: tp.snapshot(p.before, format="2025-12-04-beta", symlinks="keep"),
    ),
    "a delta that is a diff": (
        "snapshot {after} --format 2025-12-04-beta --symlinks keep --base {beta} --delta",
        lambda p: tp.snapshot(p.after, format="2025-12-04-beta", symlinks="keep", base=p.beta, delta=True),
    ),
    "a difference": (
        "diff --as-manifest {manifest} {delta}",
        lambda p: tp.Manifest.from_path(p.delta).changes_since(p.manifest),
    ),
    "merge of diffs": (
        "merge {beta} {beta_delta}",
        lambda p: tp.merge(p.beta, p.beta_delta),
    ),
    "convert to another format": (
        "convert {manifest} --format 2025-12-04-beta",
        lambda p: tp.Manifest.from_path(p.manifest).convert("2025-12-04-beta"),
    ),
    "merge": ("merge {manifest} {delta}", lambda p: tp.merge(p.manifest, p.delta)),
    "merge of one": ("merge {manifest}", lambda p: tp.merge(p.manifest)),
    "convert": ("convert {manifest}", lambda p: tp.Manifest.from_path(p.manifest)),
}

# Words of the command; name and members of its document as Python has them.
DOCUMENTS = {
    "diff": ("diff {manifest} {after}", lambda p: tp.diff(p.manifest, p.after)),
    "diff with all": (
        "diff {manifest} {after} --all",
        lambda p: tp.diff(p.manifest, p.after, all=True),
    ),
    "diff by content": (
        "diff {manifest} {after} --rehash",
        lambda p: tp.diff(p.manifest, p.after, rehash=True),
    ),
    "diff of trees": ("diff {before} {after}", lambda p: tp.diff(p.before, p.after)),
    "diff of manifests": ("diff {manifest} {delta}", lambda p: tp.diff(p.manifest, p.delta)),
    "diff of nothing": ("diff {before} {before}", lambda p: tp.diff(p.before, p.before)),
    "diff with an empty tree": ("diff {empty} {after}", lambda p: tp.diff(p.empty, p.after)),
    "diff with filters": (
        "diff {manifest} {after} --exclude a/* --include a/* --include f*",
        lambda p: tp.diff(p.manifest, p.after, exclude=["a/*"], include=["a/*", "f*"]),
    ),
    "diff as deadline": (
        "diff {manifest} {after} --compat deadline --exclude a/*",
        lambda p: tp.diff(p.manifest, p.after, compat="deadline", exclude=["a/*"]),
    ),
    "diff without links": (
        "diff {manifest} {after} --symlinks skip",
        lambda p: tp.diff(p.manifest, p.after, symlinks="skip"),
    ),
    "diff with links kept": (
        "diff {beta} {after}",
        lambda p: tp.diff(p.beta, p.after),
    ),
    "verify of links": (
        "verify {beta} {after} --strict",
        lambda p: tp.verify(p.beta, p.after, strict=True),
    ),
    "verify": ("verify {manifest} {before}", lambda p: tp.verify(p.manifest, p.before)),
    "verify through links": (
        "verify {manifest} {before} --symlinks follow",
        lambda p: tp.verify(p.manifest, p.before, symlinks="follow"),
    ),
    "verify of another tree": (
        "verify {manifest} {after} --strict",
        lambda p: tp.verify(p.manifest, p.after, strict=True),
    ),
    "verify without links": (
        "verify {manifest} {after} --symlinks skip --strict",
        lambda p: tp.verify(p.manifest, p.after, symlinks="skip", strict=True),
    ),
}

# Words of the command; the call that fails of the same.
ERRORS = {
    "no such tree": ("snapshot {missing} -o {out}", lambda p: tp.snapshot(p.missing)),
    "a file as tree": ("snapshot {manifest} -o {out}", lambda p: tp.snapshot(p.manifest)),
    "an empty tree": ("snapshot {empty} -o {out}", lambda p: tp.snapshot(p.empty)),
    "no such base": (
        "snapshot {before} -o {out} --base {missing}",
        lambda p: tp.snapshot(p.before, base=p.missing),
    ),
    "a bad base": (
        "snapshot {before} -o {out} --base {bad}",
        lambda p: tp.snapshot(p.before, base=p.bad),
    ),
    "no such manifest": ("diff {missing} {after}", lambda p: tp.diff(p.missing, p.after)),
    "a bad manifest": ("diff {bad} {after}", lambda p: tp.diff(p.bad, p.after)),
    "a bad manifest second": (
        "merge {manifest} {bad} -o {out}",
        lambda p: tp.merge(p.manifest, p.bad),
    ),
    "a directory as manifest": ("inspect {before}", lambda p: tp.Manifest.from_path(p.before)),
    "more than the format holds": (
        "convert {beta} -o {out}",
        lambda p: tp.Manifest.from_path(p.beta).convert("2023-03-03"),
    ),
    "formats that do not mix": (
        "merge {manifest} {beta} -o {out}",
        lambda p: tp.merge(p.manifest, p.beta),
    ),
    "a diff as a tree": ("verify {beta_delta} {after}", lambda p: tp.verify(p.beta_delta, p.after)),
    "an unsafe path": ("verify {unsafe} {before}", lambda p: tp.verify(p.unsafe, p.before)),
    "no such root": ("verify {manifest} {missing}", lambda p: tp.verify(p.manifest, p.missing)),
    "no such file": ("hash {missing}", lambda p: tp.hash_file(p.missing)),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests_are_the_same_bytes(place, name):
    words, call = MANIFESTS[name]
    printed = place.cli.ok(*place.fill(words.split()))
    assert printed == call(place).encode_bytes()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_the_same_bytes(place, name):
    words, call = DOCUMENTS[name]
    done = place.cli.run(*place.fill(words.split()), "--json")
    assert done.returncode in (0, 1, 3), done.stderr
    assert done.stdout == document(words.split()[0], call(place).to_dict())


def test_a_diff_case_has_something_of_everything(place):
    """The table compares nothing with nothing when the trees do not differ."""
    found = tp.diff(place.manifest, place.after, all=True)
    assert all((found.new, found.modified, found.deleted, found.unchanged, found.skipped))
    found = tp.verify(place.manifest, place.after, strict=True)
    assert all((found.missing, found.modified, found.unexpected, found.type_changed))


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_about_the_same(place, name):
    words, call = ERRORS[name]
    done = place.cli.run(*place.fill(words.split()), "--json")
    said = json.loads(done.stdout)
    assert said["schema"] == "template-cli/error/1"
    assert said["exitCode"] == done.returncode != 0
    with pytest.raises((OSError, tp.AttachmentError)) as caught:
        call(place)
    error = caught.value
    assert isinstance(error, tp.STATUS_ERRORS[said["status"]])
    if isinstance(error, OSError):
        assert error.filename == said["path"]
        assert error.strerror.lower() == said["message"].lower()
    else:
        assert (error.status, error.path) == (said["status"], said["path"])
        assert str(error).endswith(said["message"])


def test_snapshot_document(place):
    words = ["snapshot", place.after, "--base", place.manifest, "-o", place.out, "--json"]
    printed = place.cli.ok(*words)
    manifest = tp.snapshot(place.after, base=place.manifest)
    members = {
        "root": place.after,
        "manifest": place.out,
        "manifestHash": manifest.manifest_hash,
        "contentHash": manifest.content_hash,
        "fileCount": manifest.file_count,
        "totalSize": manifest.total_size,
        "hashedFiles": manifest.stats.hashed_files,
        "hashedBytes": manifest.stats.hashed_bytes,
        "reusedFiles": manifest.stats.reused_files,
        "skipped": [{"path": entry.path, "reason": entry.reason} for entry in manifest.skipped],
    }
    assert printed == document("snapshot", members)
    assert tp.Manifest.from_path(place.out) == manifest


def test_inspect_document(place):
    manifest = tp.Manifest.from_path(place.manifest)
    members = {
        "version": manifest.version,
        "hashAlg": manifest.hash_alg,
        "fileCount": manifest.file_count,
        "totalSize": manifest.total_size,
        "manifestHash": manifest.manifest_hash,
        "contentHash": manifest.content_hash,
        "canonical": True,
        "duplicates": 0,
    }
    assert place.cli.ok("inspect", place.manifest, "--json") == document("inspect", members)


def test_hash_document(place):
    files = [f"{place.before}/{name}" for name in ("a/same", "large", "empty", "link")]
    rows = [{"path": path, "hash": tp.hash_file(path), "size": os.path.getsize(path)} for path in files]
    assert place.cli.ok("hash", *files, "--json") == document("hash", {"files": rows})
