"""The values of template_pkg: frozen, comparable, hashable, picklable, and printed as upstream prints them."""

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import template_pkg as tp

LOCATION = tp.FileSystemLocation("n", "/p", "LOCAL")
# Two that are equal, one that differs, and the documented repr.
VALUES = {
    "S3Location": (
        lambda: tp.S3Location("b", "r", "c", "m"),
        tp.S3Location(bucket="b", root_prefix="r", cas_prefix="c", manifest_prefix="x"),
        "S3Location(bucket='b', root_prefix='r', cas_prefix='c', manifest_prefix='m')",
    ),
    "ManifestLocation": (
        lambda: tp.ManifestLocation("b", "r", "f", "q"),
        tp.ManifestLocation(bucket="b", root_prefix="r", farm_id="f", queue_id="x"),
        "ManifestLocation(bucket='b', root_prefix='r', farm_id='f', queue_id='q')",
    ),
    "AssetReferences": (
        lambda: tp.AssetReferences(["/a"], []),
        tp.AssetReferences(input_filenames=["/a"], output_directories=[], referenced_paths=["/b"]),
        'AssetReferences(input_filenames=["/a"], output_directories=[], referenced_paths=[])',
    ),
    "BundleSubmitOptions": (
        tp.BundleSubmitOptions,
        tp.BundleSubmitOptions(exclude_patterns=["*.tmp"]),
        "BundleSubmitOptions(require_paths_exist=false, file_system_mode='COPIED')",
    ),
    "SummaryStatistics": (
        lambda: tp.SummaryStatistics(3, 30, 2, 20, 1, 10, 0.5),
        tp.SummaryStatistics(processed_files=3),
        "SummaryStatistics(processed_files=3, bytes_transferred=20, files_skipped=1)",
    ),
    "FileSystemLocation": (
        lambda: tp.FileSystemLocation("n", "/p", "local"),
        tp.FileSystemLocation(name="n", path="/p", location_type="SHARED"),
        "FileSystemLocation(name='n', path='/p', location_type='LOCAL')",
    ),
    "StorageProfile": (
        lambda: tp.StorageProfile([LOCATION, tp.FileSystemLocation("o", "/p", "LOCAL")]),
        tp.StorageProfile(locations=[]),
        "StorageProfile(locations=1)",
    ),
    "GlobFilter": (
        lambda: tp.GlobFilter(["a"]),
        tp.GlobFilter(exclude=["a"]),
        "GlobFilter(include=('a',), exclude=(), dialect='globset')",
    ),
    "SnapshotOptions": (
        tp.SnapshotOptions,
        tp.SnapshotOptions(follow_symlinks=False),
        "SnapshotOptions(version=<ManifestVersion.V2023_03_03: '2023-03-03'>, "
        "filter=GlobFilter(include=(), exclude=(), dialect='globset'), follow_symlinks=True)",
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_it_is_a_value(name):
    make, other, printed = VALUES[name]
    one = make()
    assert one == make()
    assert hash(one) == hash(make())
    assert one != other
    assert one != printed
    assert repr(one) == printed
    for same in (pickle.loads(pickle.dumps(one)), copy.copy(one), copy.deepcopy(one), dataclasses.replace(one)):
        assert same == one
        assert type(same) is type(one) is getattr(tp, name)


@pytest.mark.parametrize("name", VALUES)
def test_it_is_frozen(name):
    one = VALUES[name][0]()
    for field in dataclasses.fields(one):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, field.name, None)
        with pytest.raises(AttributeError):
            delattr(one, field.name)
    with pytest.raises(AttributeError):
        one.other = 1


def test_every_value_is_of_the_package():
    for name in (*VALUES, "PathFormat", "ManifestVersion", "ConflictResolution", "FileSystemLocationType"):
        assert name in tp.__all__
        assert getattr(tp, name).__module__ == "template_pkg"
        assert getattr(tp, name).__doc__


@pytest.mark.parametrize("cls", [tp.S3Location, tp.ManifestLocation])
@pytest.mark.parametrize("wrong", [3, None, b"b", Path("b")])
def test_text_is_str(cls, wrong):
    with pytest.raises(TypeError, match="bucket must be str, not"):
        cls(wrong, "r", "c", "m")


def test_references_are_paths_of_any_kind_and_lists_of_their_own():
    refs = tp.AssetReferences([Path("/a"), b"/b\xff"], {"/out": None}, ("/x", Path("y/z")))
    assert refs.input_filenames == ["/a", "/b\udcff"]
    assert refs.output_directories == ["/out"]
    assert refs.referenced_paths == ["/x", "y/z"]
    refs.input_filenames.append("/c")
    assert len(refs.input_filenames) == 2
    assert refs == tp.AssetReferences(["/a", "/b\udcff"], ["/out"], ["/x", "y/z"])
    assert tp.AssetReferences([], []).referenced_paths == []


def test_references_are_replaced_and_taken_apart_by_their_members():
    refs = tp.AssetReferences(["/a"], ["/o"], ["/x"], ["/d"])
    assert dataclasses.replace(refs, referenced_paths=[]) == tp.AssetReferences(["/a"], ["/o"], None, ["/d"])
    members = {"input_filenames": ["/a"], "output_directories": ["/o"], "referenced_paths": ["/x"]}
    assert dataclasses.asdict(refs) == {**members, "input_directories": ["/d"]}
    assert tp.AssetReferences(**dataclasses.asdict(refs)) == refs
    assert len({refs, dataclasses.replace(refs), dataclasses.replace(refs, input_directories=[])}) == 2


def test_references_are_quoted_as_upstream_quotes_them():
    text = repr(tp.AssetReferences(["a\"\\'", "\n\t\r\0", "\x7f\u00e9\U0001f600\udcff"], [], ["x", "y"]))
    assert text == (
        r'AssetReferences(input_filenames=["a\"\\' + "'" + r'", "\n\t\r\0", "\u{7f}'
        "\u00e9\U0001f600" + r'\u{dcff}"], output_directories=[], referenced_paths=["x", "y"])'
    )


@pytest.mark.parametrize("wrong", ["/a", b"/a"])
def test_one_path_is_no_list(wrong):
    with pytest.raises(TypeError, match="input_filenames must be an iterable of items, not one"):
        tp.AssetReferences(wrong, [])


@pytest.mark.parametrize("wrong", [[3], [None], 3])
def test_what_is_no_path_is_a_type_error(wrong):
    with pytest.raises(TypeError):
        tp.AssetReferences([], wrong)


def test_options_of_a_submission():
    options = tp.BundleSubmitOptions()
    assert (options.require_paths_exist, options.file_system_mode) == (False, "COPIED")
    assert (options.manifest_version, options.exclude_patterns) == ("2023-03-03", ())
    beta = tp.BundleSubmitOptions(True, "VIRTUAL", "v2025-12-04-beta", [])
    assert beta.manifest_version is tp.ManifestVersion.V2025_12_04_BETA
    assert repr(beta) == "BundleSubmitOptions(require_paths_exist=true, file_system_mode='VIRTUAL')"
    with pytest.raises(ValueError, match="Invalid manifest version: v1. Use 'v2023-03-03' or 'v2025-12-04-beta'"):
        tp.BundleSubmitOptions(manifest_version="v1")
    with pytest.raises(tp.ValidationError):
        tp.BundleSubmitOptions(manifest_version="v1")
    with pytest.raises(TypeError, match="require_paths_exist must be bool"):
        tp.BundleSubmitOptions(1)
    with pytest.raises(tp.ValidationError, match=r"^Invalid glob pattern: \[: "):
        tp.BundleSubmitOptions(exclude_patterns=["*.tmp", "["])


def test_locations_have_a_type_in_any_case():
    location = tp.FileSystemLocation("n", Path("/p"), "shared")
    assert location.location_type == "SHARED"
    assert location.location_type is tp.FileSystemLocationType.SHARED
    assert tp.FileSystemLocation("n", "/p", tp.FileSystemLocationType.SHARED) == location
    assert location.path == "/p"
    with pytest.raises(ValueError, match="Invalid location type: REMOTE. Use 'LOCAL' or 'SHARED'") as caught:
        tp.FileSystemLocation("n", "/p", "REMOTE")
    assert isinstance(caught.value, tp.ValidationError)
    assert caught.value.__cause__ is None
    with pytest.raises(TypeError, match="locations must hold FileSystemLocation, not str"):
        tp.StorageProfile(["/p"])
    assert tp.StorageProfile(iter([LOCATION])).locations == (LOCATION,)


@pytest.mark.parametrize(
    ("cls", "values"),
    [
        (tp.PathFormat, {"POSIX": "posix", "WINDOWS": "windows"}),
        (tp.ManifestVersion, {"V2023_03_03": "2023-03-03", "V2025_12_04_BETA": "2025-12-04-beta"}),
        (tp.ConflictResolution, {"SKIP": "SKIP", "OVERWRITE": "OVERWRITE", "CREATE_COPY": "CREATE_COPY"}),
        (tp.FileSystemLocationType, {"LOCAL": "LOCAL", "SHARED": "SHARED"}),
    ],
)
def test_words_are_their_texts(cls, values):
    assert {name: member.value for name, member in cls.__members__.items()} == values
    for member in cls:
        assert member == member.value == str(member) == f"{member}" == json.loads(json.dumps(member))
        assert cls(member.value) is member
        assert pickle.loads(pickle.dumps(member)) is member
    with pytest.raises(ValueError, match="nothing"):
        cls("nothing")


def test_words_know_other_spellings():
    assert tp.ManifestVersion("v2023-03-03") is tp.ManifestVersion.V2023_03_03
    assert tp.FileSystemLocationType("Local") is tp.FileSystemLocationType.LOCAL
    assert tp.PathFormat.host() == ("windows" if sys.platform == "win32" else "posix")


def test_every_version_is_one_that_manifests_can_have(tree):
    manifest = tp.snapshot(tree(a="x"))
    for version in tp.ManifestVersion:
        assert manifest.convert(version) == manifest.convert(version.value)
        assert manifest.convert(version).version == version


def test_statistics_say_what_deadline_prints():
    stats = tp.SummaryStatistics(3, 3_000_999, 2, 3_000_000, 1, 999, 0.123456789)
    assert str(stats) == (
        "Processed 2 files totaling 3.0 MB.\n"
        "Skipped re-processing 1 files totaling 999 B.\n"
        "Total processing time of 0.12346 seconds at 24.3 MB/s.\n"
    )
    assert str(tp.SummaryStatistics(1)).startswith("Processed 1 file totaling 0 B.\n")
    assert (stats.total_files, stats.total_bytes) == (3, 3_000_999)
    assert (stats.skipped_files, stats.skipped_bytes) == (1, 999)
    assert stats.transfer_rate == 3_000_000 / 0.123456789
    assert tp.SummaryStatistics().transfer_rate == 0.0
    assert stats + stats == tp.SummaryStatistics(6, 6_001_998, 4, 6_000_000, 2, 1998, 0.246913578)
    with pytest.raises(TypeError):
        stats + 1
    with pytest.raises(TypeError, match="processed_files must be int, not str"):
        tp.SummaryStatistics("x")
    with pytest.raises(TypeError, match="files_skipped must be int, not float"):
        tp.SummaryStatistics(files_skipped=1.5)
    with pytest.raises(TypeError, match="total_time must be float, not NoneType"):
        tp.SummaryStatistics(total_time=None)
    assert tp.SummaryStatistics(total_time=1).transfer_rate == 0.0


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (999_999, "1.0 MB"),
        (123_456_789_012, "123.46 GB"),
        (10**18, "1000.0 PB"),
    ],
)
def test_sizes_are_for_readers(size, text):
    assert f"totaling {text}.\nSkipped" in str(tp.SummaryStatistics(processed_bytes=size))


def test_a_filter_judges_as_a_snapshot_does(tree):
    names = ("a.c", "sub/b.c", "sub/.d.c", "sub/e.o", "\udcff.c")
    root = tree({"entries": [{"path": name} for name in names]})
    for given in (
        tp.GlobFilter(),
        tp.GlobFilter(["*.c"]),
        tp.GlobFilter(["**/*.c"], ["sub/[!b]*"]),
        tp.GlobFilter(["*.c"], dialect="glob"),
        tp.GlobFilter(["sub/"], dialect="fnmatch"),
        tp.GlobFilter(exclude=["**/.*", "*\udcff*"]),
    ):
        taken = tp.create_manifest(root, tp.SnapshotOptions(filter=given))
        assert [entry.path for entry in taken] == sorted(name for name in names if given.matches(name))
    assert tp.GlobFilter(["sub/*"]).matches(Path("sub") / "x")
    with pytest.raises(TypeError, match="include must be an iterable of items"):
        tp.GlobFilter("*.c")


def test_create_manifest_takes_options(tree, tmp_path):
    root = tree(a="x")
    (root / "link").symlink_to("a")
    records = []
    assert tp.create_manifest(root) == tp.snapshot(root)
    assert len(tp.create_manifest(root, tp.SnapshotOptions(follow_symlinks=False), records.append)) == 1
    assert records[-1].phase == "done"
    beta = tp.create_manifest(root, tp.SnapshotOptions(version="2025-12-04-beta"))
    assert beta == tp.snapshot(root, format="2025-12-04-beta")
    assert beta.is_v2025()
    kept = tp.create_manifest(root, tp.SnapshotOptions(tp.ManifestVersion.V2025_12_04_BETA, follow_symlinks=False))
    assert [(entry.path, entry.target) for entry in kept] == [("a", None), ("link", "a")]
    with pytest.raises(ValueError, match="Invalid manifest version: 2019. Use '2023-03-03' or '2025-12-04-beta'"):
        tp.SnapshotOptions("2019")
    with pytest.raises(TypeError, match="filter must be a GlobFilter or None, not list"):
        tp.SnapshotOptions(filter=["*"])
    with pytest.raises(TypeError, match="options must be SnapshotOptions or None, not dict"):
        tp.create_manifest(root, {})


def test_values_need_no_native_module():
    code = """
import sys, template_pkg as tp
refs = tp.AssetReferences(["a"], [])
tp.StorageProfile([tp.FileSystemLocation("n", "p", "LOCAL")]), tp.BundleSubmitOptions(), tp.SnapshotOptions()
assert not [name for name in sys.modules if "_native" in name]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
