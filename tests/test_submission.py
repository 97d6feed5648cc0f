"""A job's paths: groups, attachments and path mapping, and their values."""

import dataclasses
import errno
import json
import os
import pickle
import time
from pathlib import Path

import pytest

import template_pkg as tp


@pytest.fixture
def job(tree, monkeypatch):
    root = tree(p__a="1", p__b="22", p__d__c="333", q__e="4444")
    monkeypatch.chdir(root)
    return root


def test_paths_are_grouped(job):
    references = tp.AssetReferences([Path("p/a"), b"p/d/c"], ["p/out"], ["q/none"], [job / "p"])
    (group,) = tp.group_paths(references)
    assert group == (
        str(job),
        None,
        tuple(str(job / path) for path in ("p/a", "p/b", "p/d/c")),
        (str(job / "p/out"),),
        (str(job / "q/none"),),
        6,
    )
    assert group.root_path == str(job)
    assert group.file_system_location_name is None
    assert [len(group.inputs), len(group.outputs), len(group.references), group.input_bytes] == [3, 1, 1, 6]
    assert pickle.loads(pickle.dumps(group)) == group
    assert hash(group) == hash(tp.group_paths(asset_references=references, storage_profile=None)[0])
    assert tp.group_paths(tp.AssetReferences([], [])) == ()


@pytest.mark.filterwarnings("ignore:.*input :UserWarning")
def test_locations_make_groups(job):
    profile = tp.StorageProfile(
        [
            tp.FileSystemLocation("local", "p/d", "LOCAL"),
            tp.FileSystemLocation("\u00e9", Path("p"), "local"),
            tp.FileSystemLocation("shared", job / "q", "SHARED"),
        ]
    )
    groups = tp.group_paths(tp.AssetReferences(["q/e", "x"], ["q"], None, ["p"]), profile, exclude=["b"])
    assert [(group[1], group.root_path, len(group.inputs)) for group in groups] == [
        ("\u00e9", str(job / "p"), 1),
        ("local", str(job / "p/d"), 1),
        (None, str(job / "x"), 0),
    ]


@pytest.mark.parametrize("dialect", ["glob", "globset", "fnmatch"])
def test_patterns_are_of_a_dialect(job, dialect):
    references = tp.AssetReferences([], [], None, ["p"])
    found = tp.group_paths(references, exclude=["{b,c}", "d/[cx]"], dialect=dialect)[0].inputs
    assert [Path(path).name for path in found] == (["a"] if dialect == "globset" else ["a", "b"])
    options = tp.BundleSubmitOptions(exclude_patterns=["{b,d/c}"])
    assert len(tp.prepare_attachments(references, None, options).groups[0].inputs) == 1


@pytest.mark.filterwarnings("ignore:.*input :UserWarning")
def test_what_is_missing_is_referenced_or_an_error(job):
    references = tp.AssetReferences(["p/a", "p/z"], [], [], ["nothing"])
    (group,) = tp.group_paths(references)
    assert group.references == (str(job / "nothing"), str(job / "p/z"))
    with pytest.raises(tp.MisconfiguredInputsError, match="input does not exist .1 of 2 inputs") as caught:
        tp.group_paths(references, require_paths_exist=True)
    assert (caught.value.status, caught.value.path) == ("E_INPUTS", str(job / "nothing"))
    assert isinstance(caught.value, ValueError)
    assert (caught.value.missing, caught.value.directories) == ((str(job / "nothing"), str(job / "p/z")), ())
    with pytest.raises(tp.MisconfiguredInputsError, match="input is a directory, not a file") as caught:
        tp.group_paths(tp.AssetReferences(["p"], []))
    assert (caught.value.missing, caught.value.directories) == ((), (str(job / "p"),))
    options = tp.BundleSubmitOptions(require_paths_exist=True)
    with pytest.raises(tp.MisconfiguredInputsError):
        tp.prepare_attachments(references, options=options)


def test_what_is_missing_is_told(job):
    with pytest.warns(UserWarning, match="p/z: input does not exist: counts as a referenced path"):
        tp.group_paths(tp.AssetReferences(["p/z"], []))


@pytest.mark.filterwarnings("error")
def test_an_error_has_every_input_that_is_wrong(job):
    os.mkfifo(job / "pipe")
    references = tp.AssetReferences(["p/z", "p", "pipe", "q", "p/a"], [])
    with pytest.raises(tp.MisconfiguredInputsError, match="1 of 4 inputs") as caught:
        tp.group_paths(references, require_paths_exist=True)
    error = caught.value
    assert (error.missing, error.special) == ((str(job / "p/z"),), (str(job / "pipe"),))
    assert error.directories == (str(job / "p"), str(job / "q"))
    assert error.path in error.directories
    assert pickle.loads(pickle.dumps(error)).directories == error.directories
    empty = tp.MisconfiguredInputsError("x")
    assert (empty.missing, empty.directories, empty.special) == ((), (), ())


def test_special_files_are_skipped_and_told(job):
    os.mkfifo(job / "p/pipe")
    references = tp.AssetReferences([], [], [], ["p"])
    prepared = tp.prepare_attachments(references)
    assert prepared.skipped == ((str(job / "p/pipe"), "special-file"),)
    with pytest.warns(UserWarning, match="p/pipe: skipped: special-file"):
        assert len(tp.group_paths(references)[0].inputs) == 3


def test_attachments_are_prepared(job, cli):
    references = tp.AssetReferences(["q/e"], ["out"], [], ["p"])
    profile = tp.StorageProfile([tp.FileSystemLocation("P", "p", "LOCAL")])
    prepared = tp.prepare_attachments(references, profile, manifest_prefix="farm/queue/Inputs/1")
    assert [group.root_path for group in prepared.groups] == [str(job), str(job / "p")]
    assert prepared.manifests[1] == tp.snapshot("p")
    assert [entry.path for entry in prepared.manifests[0]] == ["q/e"]
    stats = prepared.hashing_stats
    assert (stats.processed_files, stats.processed_bytes, stats.files_skipped) == (4, 10, 0)
    assert stats == tp.SummaryStatistics(4, 10, total_time=stats.total_time)
    assert stats.transfer_rate > 0 < stats.total_time
    attachments = tp.Attachments.from_json(prepared.attachments_json)
    assert attachments == tp.Attachments(
        [
            tp.ManifestProperties(
                job,
                "posix",
                None,
                f"farm/queue/Inputs/1/{tp.hash_bytes(os.fsencode(job))}_input",
                prepared.manifests[0].manifest_hash,
                ["out"],
            ),
            tp.ManifestProperties(
                job / "p",
                tp.PathFormat.POSIX,
                "P",
                f"farm/queue/Inputs/1/{tp.hash_bytes(os.fsencode(job / 'p'))}_input",
                tp.snapshot("p").manifest_hash,
            ),
        ]
    )
    assert attachments.to_json() == prepared.attachments_json
    (job / "profile").write_text(
        json.dumps({"fileSystemLocations": [{"name": "P", "path": "p", "type": "LOCAL"}]}), encoding="ascii"
    )
    said = cli.ok(
        *("submit", "--dry-run", "-i", "q/e", "--input-dir", "p", "--output-dir", "out"),
        *("--storage-profile", "profile", "--manifest-prefix", "farm/queue/Inputs/1"),
        cwd=job,
    )
    assert said.decode() == prepared.attachments_json + "\n"


def test_options_of_a_submission_count(job):
    options = tp.BundleSubmitOptions(False, "VIRTUAL", "v2025-12-04-beta")
    prepared = tp.prepare_attachments(tp.AssetReferences(["p/a"], []), None, options)
    assert json.loads(prepared.attachments_json)["fileSystem"] == "VIRTUAL"
    assert prepared.manifests[0].is_v2025()
    assert tp.prepare_attachments(tp.AssetReferences([], ["o"])).manifests == (None,)


def test_progress_is_told_and_may_cancel(job):
    records = []
    references = tp.AssetReferences([], [], [], ["p"])
    tp.prepare_attachments(references, jobs=2, progress=records.append)
    assert records[-1].phase == "done"
    assert (records[-1].files_done, records[-1].bytes_total) == (3, 6)
    for function in (tp.prepare_attachments, tp.group_paths):
        for some in (references, tp.AssetReferences([], [])):
            with pytest.raises(tp.Cancelled):
                function(some, progress=lambda record: False)


def test_progress_is_one_piece_of_work_whatever_the_number_of_roots(job):
    references = tp.AssetReferences(["q/e"], [], [], ["p/d", "p"])
    locations = [tp.FileSystemLocation(name, name, "LOCAL") for name in ("p", "q")]
    profile = tp.StorageProfile([*locations, tp.FileSystemLocation("d", "p/d", "LOCAL")])
    for function, size in ((tp.prepare_attachments, 10), (tp.group_paths, 0)):
        records = []
        function(references, profile, progress=records.append)
        assert [record.phase for record in records][:: len(records) - 1] == ["scanning", "done"]
        assert [record.phase for record in records].count("done") == 1
        last = records[-1]
        assert (last.files_done, last.files_total, last.total_known) == (4, 4, True)
        assert (last.bytes_done, last.bytes_total or 0) == (size, size)
        done = [record.files_done for record in records]
        assert done == sorted(done)
        records.clear()
        function(tp.AssetReferences([], []), progress=records.append)
        assert [record.phase for record in records] == ["scanning", "done"]


def test_manifests_of_a_submission_are_bases_of_snapshots(job):
    prepared = tp.prepare_attachments(tp.AssetReferences([], [], [], ["p"]))
    assert tp.snapshot("p", base=prepared.manifests[0]).stats == (0, 0, 3)
    soon = time.time_ns() + 60 * 10**9  # as young as the submission
    os.utime("p/a", ns=(soon, soon))
    prepared = tp.prepare_attachments(tp.AssetReferences([], [], [], ["p"]))
    assert tp.snapshot("p", base=prepared.manifests[0]).stats == (1, 1, 2)


def test_an_unreadable_input_is_an_os_error(job):
    (job / "p" / ("n" * 200)).symlink_to("m" * 300)
    with pytest.raises(OSError, match="File name too long") as caught:
        tp.group_paths(tp.AssetReferences([job / "p" / ("n" * 200)], []))
    assert caught.value.errno == errno.ENAMETOOLONG
    assert caught.value.filename == str(job / "p" / ("n" * 200))


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((None,), {}),
        ((["p/a"],), {}),
        ((tp.AssetReferences([], []), []), {}),
        ((tp.AssetReferences([], []),), {"jobs": "x"}),
        ((tp.AssetReferences([], []),), {"progress": 3}),
    ],
)
def test_what_is_no_value_of_the_package_is_a_type_error(args, kwargs):
    for function in (tp.group_paths, tp.prepare_attachments):
        with pytest.raises(TypeError):
            function(*args, **kwargs)
    with pytest.raises(TypeError, match="BundleSubmitOptions is wanted, not <class 'int'>"):
        tp.prepare_attachments(tp.AssetReferences([], []), None, 3)
    with pytest.raises(TypeError, match="exclude must be an iterable of str, not one"):
        tp.group_paths(tp.AssetReferences([], []), exclude="*")
    with pytest.raises(ValueError, match="dialect must be"):
        tp.group_paths(tp.AssetReferences([], []), dialect="regex")


PROPERTIES = tp.ManifestProperties("/r", "windows", "L", "k", "h", ["o"])
VALUES = [PROPERTIES, tp.Attachments([PROPERTIES], "VIRTUAL"), tp.PathMappingRule("posix", "/a", "/b")]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_frozen_comparable_and_picklable(value):
    assert pickle.loads(pickle.dumps(value)) == value
    assert hash(pickle.loads(pickle.dumps(value))) == hash(value)
    assert type(value).__module__ == "template_pkg"
    for field in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)
        assert dataclasses.replace(value, **{field.name: getattr(value, field.name)}) == value


def test_attachments_are_their_documents():
    document = {
        "manifests": [
            {
                "rootPath": "/r",
                "fileSystemLocationName": "L",
                "rootPathFormat": "windows",
                "inputManifestPath": "k",
                "inputManifestHash": "h",
                "outputRelativeDirectories": ["o"],
            },
            {"rootPath": "\udcff", "rootPathFormat": "posix"},
        ],
        "fileSystem": "COPIED",
    }
    attachments = tp.Attachments.from_dict(document)
    assert attachments.to_dict() == document
    assert list(attachments.to_dict()["manifests"][0]) == list(document["manifests"][0])
    assert tp.Attachments.from_json(attachments.to_json().encode()) == attachments
    assert tp.Attachments.from_dict({"manifests": []}) == tp.Attachments()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "manifests is missing"),
        ("[]", "attachments are a JSON object"),
        ('{"manifests":[{"rootPathFormat":"posix"}]}', "rootPath is missing"),
        ('{"manifests":[{"rootPath":"/","rootPathFormat":"mac"}]}', "Invalid path format: mac"),
        ("{", "no JSON: Expecting property name"),
        (b"\xff", "no JSON: "),
    ],
)
def test_what_is_no_document_is_a_validation_error(text, message):
    with pytest.raises(tp.ValidationError, match=message):
        tp.Attachments.from_json(text)


def test_wrong_types_are_type_errors():
    with pytest.raises(TypeError, match="manifests must hold ManifestProperties, not dict"):
        tp.Attachments([{}])
    with pytest.raises(TypeError, match="input_manifest_hash must be str, not int"):
        tp.ManifestProperties("/", input_manifest_hash=3)
    with pytest.raises(TypeError, match="output_relative_directories must be an iterable"):
        tp.ManifestProperties("/", output_relative_directories="o")


def test_documents_of_a_bundle_and_a_profile_become_values():
    references = tp.AssetReferences.from_dict(
        {
            "assetReferences": {
                "inputs": {"filenames": ["a"], "directories": ["d"]},
                "outputs": {"directories": ["o"]},
                "referencedPaths": ["r"],
            }
        }
    )
    assert references == tp.AssetReferences(["a"], ["o"], ["r"], ["d"])
    assert references.input_directories == ["d"]
    assert tp.AssetReferences.from_dict({"assetReferences": {}}) == tp.AssetReferences([], [])
    with pytest.raises(tp.ValidationError, match="assetReferences is missing"):
        tp.AssetReferences.from_dict({})
    profile = tp.StorageProfile.from_dict(
        {
            "storageProfileId": "sp-1",
            "displayName": "mine",
            "osFamily": "Windows",
            "fileSystemLocations": [{"name": "n", "path": "C:\\", "type": "SHARED"}],
            "createdBy": "somebody",
        }
    )
    assert profile == tp.StorageProfile([tp.FileSystemLocation("n", "C:\\", "SHARED")], "sp-1", "mine", "windows")
    with pytest.raises(tp.ValidationError, match="a location lacks its path"):
        tp.StorageProfile.from_dict({"fileSystemLocations": [{"name": "n"}]})
    with pytest.raises(tp.ValidationError, match="Invalid OS family: plan9"):
        tp.StorageProfile([], os_family="plan9")


@pytest.mark.parametrize(
    ("of", "data", "message"),
    [
        (tp.AssetReferences, None, "data must be a mapping, not NoneType"),
        (tp.AssetReferences, {"assetReferences": None}, "assetReferences must be a mapping, not NoneType"),
        (tp.AssetReferences, {"assetReferences": {"inputs": []}}, "inputs must be a mapping, not list"),
        (tp.AssetReferences, {"assetReferences": {"outputs": "o"}}, "outputs must be a mapping, not str"),
        (tp.AssetReferences, {"assetReferences": {"referencedPaths": "r"}}, "referenced_paths must be an iterable"),
        (tp.StorageProfile, [], "data must be a mapping, not list"),
        (tp.StorageProfile, {"fileSystemLocations": "n"}, "fileSystemLocations must be an iterable"),
        (tp.StorageProfile, {"fileSystemLocations": ["n"]}, "a location must be a mapping, not str"),
        (tp.StorageProfile, {"osFamily": 3}, "os_family must be str, not int"),
        (tp.Attachments, None, "data must be a mapping, not NoneType"),
        (tp.Attachments, {"manifests": [None]}, "data must be a mapping, not NoneType"),
        (tp.ManifestProperties, 3, "data must be a mapping, not int"),
    ],
)
def test_a_document_of_another_type_is_told(of, data, message):
    with pytest.raises(TypeError, match=message):
        of.from_dict(data)


def test_paths_are_mapped():
    rules = [tp.PathMappingRule("posix", Path("/mnt/p"), "/x"), tp.PathMappingRule("posix", b"/mnt/p/s", "/y\udcff")]
    assert tp.map_path("/mnt/p/a", rules) == "/x/a"
    assert tp.map_path(Path("/mnt/p/s/\udcfe"), iter(rules)) == "/y\udcff/\udcfe"
    assert tp.map_path("/mnt/q", rules) == "/mnt/q"
    assert tp.map_path("//mnt//q/", []) == "//mnt//q/"
    with pytest.raises(tp.ValidationError, match="/mnt/q: no path mapping rule applies"):
        tp.map_path("/mnt/q", rules, strict=True)
    windows = tp.PathMappingRule("windows", "C:\\Proj\u00c9", "/x")
    assert tp.map_path("c:/PROJ\u00e9\\Mixed/Case", [windows], strict=True) == "/x/Mixed/Case"
    with pytest.raises(tp.ValidationError, match="source paths of several formats"):
        tp.map_path("/mnt/p", [*rules, windows])
    with pytest.raises(tp.ValidationError, match="Invalid path format: mac. Use 'posix' or 'windows'"):
        tp.PathMappingRule("mac", "/", "/")
    with pytest.raises(TypeError, match="PathMappingRule is wanted, not <class 'str'>"):
        tp.map_path("/", "/")


def test_rules_are_made_between_profiles():
    there = tp.StorageProfile([tp.FileSystemLocation("n", "C:\\n", "LOCAL")], "a", None, "windows")
    here = tp.StorageProfile([tp.FileSystemLocation("n", "/n", "SHARED"), tp.FileSystemLocation("m", "/m", "LOCAL")])
    assert tp.path_mapping_rules(there, here) == (tp.PathMappingRule("windows", "C:\\n", "/n"),)
    assert tp.path_mapping_rules(here, there) == (tp.PathMappingRule("posix", "/n", "C:\\n"),)
    assert tp.path_mapping_rules(there, there) == ()
    with pytest.raises(TypeError, match="StorageProfile is wanted, not <class 'dict'>"):
        tp.path_mapping_rules(there, {})


def test_paths_with_a_nul_are_refused():
    with pytest.raises(ValueError, match="null"):
        tp.group_paths(tp.AssetReferences(["a\0b"], []))
    with pytest.raises(ValueError, match="null"):
        tp.map_path("a\0b", [])
