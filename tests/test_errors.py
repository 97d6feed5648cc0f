"""Every status of the library has exactly one exception class, and each comes out whole."""

import errno
import os
import pickle

import pytest

import template_pkg as tp

CLASSES = {
    "E_NOMEM": MemoryError,
    "E_ARGUMENT": tp.ValidationError,
    "E_IO": OSError,
    "E_CHANGED": tp.FileChangedError,
    "E_CANCELLED": tp.Cancelled,
    "E_SYNTAX": tp.ManifestError,
    "E_MANIFEST": tp.ManifestError,
    "E_VERSION": tp.ManifestError,
    "E_RANGE": tp.ManifestError,
    "E_EMPTY": tp.ManifestError,
    "E_UNSAFE_PATH": tp.ValidationError,
    "E_DOCUMENT": tp.ValidationError,
    "E_INPUTS": tp.MisconfiguredInputsError,
    "E_INTERNAL": tp.AttachmentError,
}


def test_every_status_has_its_class():
    assert dict(tp.STATUS_ERRORS) == CLASSES
    with pytest.raises(TypeError):
        tp.STATUS_ERRORS["E_IO"] = ValueError


@pytest.mark.parametrize(
    ("cls", "bases"),
    [
        (tp.AttachmentError, (Exception,)),
        (tp.ManifestError, (tp.AttachmentError, ValueError)),
        (tp.ValidationError, (tp.AttachmentError, ValueError)),
        (tp.MisconfiguredInputsError, (tp.ValidationError,)),
        (tp.StorageError, (tp.AttachmentError,)),
        (tp.FileChangedError, (tp.AttachmentError, OSError)),
        (tp.Cancelled, (tp.AttachmentError,)),
    ],
)
def test_bases_and_home(cls, bases):
    assert cls.__bases__ == bases
    assert cls.__module__ == "template_pkg"
    assert getattr(tp, cls.__name__) is cls
    assert cls.__doc__
    assert (cls("x").status, cls("x").path) == (None, None)


def test_names_of_upstream():
    assert tp.ManifestDecodeValidationError is tp.ManifestError
    assert tp.JobAttachmentsError is tp.AttachmentError
    assert tp.AssetSyncError is tp.StorageError


def test_deadlines_names_catch_what_they_mean(tree, tmp_path):
    root = tree(a="x")
    with pytest.raises(tp.AssetSyncCancelledError):
        tp.snapshot(root, progress=lambda record: False)
    with pytest.raises(tp.ManifestCreationException):
        tp.snapshot(tmp_path, include=["nothing"])
    with pytest.raises(tp.PathOutsideDirectoryError):
        tp.verify(tp.decode_manifest(VALID.replace('"p"', '"../p"')), root)
    with pytest.raises(tp.ManifestDecodeValidationError):
        tp.decode_manifest("{}")


VALID = (
    '{"hashAlg":"xxh128","manifestVersion":"2023-03-03",'
    '"paths":[{"hash":"1","mtime":1,"path":"p","size":1}],"totalSize":1}'
)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("{", "E_SYNTAX"),
        ("[]", "E_MANIFEST"),
        (VALID.replace("2023-03-03", "2019"), "E_VERSION"),
        (VALID.replace('"size":1', '"size":18446744073709551616'), "E_RANGE"),
        (VALID.replace('"mtime":1', '"mtime":9223372036854775808'), "E_RANGE"),
        (VALID.replace('"totalSize":1', '"totalSize":-1'), "E_RANGE"),
    ],
)
def test_decoding_says_which_kind_of_wrong(text, status):
    with pytest.raises(tp.ManifestError) as caught:
        tp.decode_manifest(text)
    assert caught.value.status == status
    assert caught.value.path is None
    message = str(caught.value)
    assert message
    assert "\n" not in message
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy), copy.status) == (tp.ManifestError, message, status)


def test_a_bad_pattern_is_a_validation_error_or_matches_nothing(tree):
    root = tree({"entries": [{"path": "[a"}]})
    assert [entry.path for entry in tp.snapshot(root, include=["[a"])] == ["[a"]


@pytest.mark.parametrize("kind", [str, os.fsencode, lambda path: path])
def test_filename_is_text_or_bytes_as_the_path_was(tmp_path, kind):
    path = kind(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError) as caught:
        tp.snapshot(path)
    assert caught.value.errno == errno.ENOENT
    assert caught.value.strerror == os.strerror(errno.ENOENT)
    assert caught.value.filename == (path if isinstance(path, bytes) else str(path))


def test_a_path_that_no_file_can_have_is_told_to_callers_with_bytes_too(tree):
    manifest = tp.decode_manifest(VALID.replace('"p"', '"../\\ud800"'))
    with pytest.raises(tp.ValidationError) as caught:
        tp.verify(manifest, os.fsencode(tree(a="x")))
    assert (caught.value.status, caught.value.path) == ("E_UNSAFE_PATH", "../\ud800")


def test_errnos_become_subclasses(tmp_path, tree):
    file = tmp_path / "file"
    file.write_text("")
    for call, cls in (
        (lambda: tp.hash_file(tmp_path / "no"), FileNotFoundError),
        (lambda: tp.hash_file(tmp_path), IsADirectoryError),
        (lambda: tp.hash_file(file / "x"), NotADirectoryError),
        (lambda: tp.snapshot(file), NotADirectoryError),
        (lambda: tp.Manifest.from_path(tmp_path), IsADirectoryError),
    ):
        with pytest.raises(cls):
            call()


def test_a_name_with_odd_bytes_stays_one_line(tmp_path):
    path = tmp_path / "a\nb\udcff"
    path.write_text("{")
    with pytest.raises(tp.ManifestError) as caught:
        tp.Manifest.from_path(path)
    assert caught.value.path == str(path)
    assert "\n" not in str(caught.value)
    str(caught.value).encode()


@pytest.mark.parametrize("call", [tp.snapshot, tp.hash_file, tp.Manifest.from_path, tp.verify])
def test_a_path_with_a_nul_is_refused(call):
    with pytest.raises(ValueError, match=r"null (byte|character)"):
        call("a\0b")


@pytest.mark.parametrize(
    "call",
    [
        lambda text: tp.snapshot(text),
        lambda text: tp.snapshot(".", symlinks=text),
        lambda text: tp.diff(".", ".", compat=text),
        lambda text: tp.verify(text),
        lambda text: tp.verify(tp.decode_manifest(VALID), symlinks=text),
        lambda text: tp.matches("a", dialect=text),
        lambda text: tp.decode_manifest(VALID).filter(dialect=text),
        lambda text: tp.group_paths(tp.AssetReferences([text], [])),
        lambda text: tp.group_paths(tp.AssetReferences([], []), dialect=text),
        lambda text: tp.Attachments.from_json(text),
    ],
)
def test_text_that_has_no_utf8_is_a_wrong_value(call):
    with pytest.raises(ValueError) as caught:
        call("\ud800")
    assert not isinstance(caught.value, UnicodeError)


@pytest.mark.parametrize("call", [tp.snapshot, tp.hash_file, tp.Manifest.from_path, tp.verify])
@pytest.mark.parametrize("value", [None, 3, ["x"]])
def test_what_is_no_path_is_a_type_error(call, value):
    with pytest.raises(TypeError):
        call(value)


def test_a_file_that_keeps_changing():
    """A file that is another at every reading has no hash."""
    path = "/proc/sys/kernel/random/uuid"
    with pytest.raises(tp.FileChangedError) as caught:
        tp.hash_file(path)
    error = caught.value
    assert isinstance(error, OSError)
    assert (error.status, error.path) == ("E_CHANGED", path)
    assert (error.errno, error.filename) == (errno.EBUSY, path)
