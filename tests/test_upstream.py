"""Names of rusty_attachments and of deadline's exceptions: each is here with its signature, or not here for a reason."""

import asyncio
import inspect
import threading

import pytest

import template_pkg as tp
from template_pkg import aio

# Name -> parameters that upstream has, in order.
FUNCTIONS = {
    "decode_manifest": ["json"],
    "load_manifest": ["json"],
    "create_manifest": ["root", "options", "progress_callback"],
    "diff_manifests": ["old", "new"],
    "hash_file": ["path"],
}
# Class -> parameters of its constructor with their defaults, and its members. None: made by functions alone.
STATISTICS = [
    "processed_files",
    "processed_bytes",
    "files_transferred",
    "bytes_transferred",
    "files_skipped",
    "bytes_skipped",
]
REQUIRED = inspect.Parameter.empty
CLASSES = {
    "S3Location": (
        {"bucket": REQUIRED, "root_prefix": REQUIRED, "cas_prefix": REQUIRED, "manifest_prefix": REQUIRED},
        ["bucket", "root_prefix", "cas_prefix", "manifest_prefix"],
    ),
    "ManifestLocation": (
        {"bucket": REQUIRED, "root_prefix": REQUIRED, "farm_id": REQUIRED, "queue_id": REQUIRED},
        ["bucket", "root_prefix", "farm_id", "queue_id"],
    ),
    "AssetReferences": (
        # Directories are named apart, as in a job bundle; upstream finds them among the files.
        {
            "input_filenames": REQUIRED,
            "output_directories": REQUIRED,
            "referenced_paths": None,
            "input_directories": None,
        },
        ["input_filenames", "output_directories", "referenced_paths"],
    ),
    "BundleSubmitOptions": (
        # Upstream's default version is one that nothing else reads.
        {
            "require_paths_exist": False,
            "file_system_mode": "COPIED",
            "manifest_version": "v2023-03-03",
            "exclude_patterns": None,
        },
        ["require_paths_exist", "file_system_mode"],
    ),
    "FileSystemLocation": (
        {"name": REQUIRED, "path": REQUIRED, "location_type": REQUIRED},
        ["name", "path", "location_type"],
    ),
    "StorageProfile": (
        # The further ones are deadline's; path mapping asks for them.
        {"locations": REQUIRED, "storage_profile_id": None, "display_name": None, "os_family": None},
        [],
    ),
    "Attachments": ({"manifests": (), "file_system": "COPIED"}, ["from_json", "to_dict"]),
    "ManifestProperties": (
        {
            "root_path": REQUIRED,
            "root_path_format": "posix",
            "file_system_location_name": None,
            "input_manifest_path": None,
            "input_manifest_hash": None,
            "output_relative_directories": None,
        },
        ["from_dict", "to_dict"],
    ),
    "PathMappingRule": (
        {"source_path_format": REQUIRED, "source_path": REQUIRED, "destination_path": REQUIRED},
        ["source_path_format", "source_path", "destination_path"],
    ),
    "SummaryStatistics": (
        # Upstream has no constructor; this one is for who counts by himself.
        {**dict.fromkeys(STATISTICS, 0), "total_time": 0.0},
        STATISTICS,
    ),
    "GlobFilter": ({"include": None, "exclude": None, "dialect": "globset"}, ["matches"]),
    "SnapshotOptions": (
        # Upstream's default keeps links, in a version that nothing else reads; deadline has what they lead to.
        {"version": "2023-03-03", "filter": None, "follow_symlinks": True},
        ["version", "filter", "follow_symlinks"],
    ),
    "Manifest": (
        None,
        ["encode", "version", "hash_alg", "total_size", "file_count", "is_v2023", "is_v2025"],
    ),
}
ENUMERATIONS = {
    "PathFormat": ["POSIX", "WINDOWS"],
    "ManifestVersion": ["V2023_03_03", "V2025_12_04_BETA"],
    "ConflictResolution": ["SKIP", "OVERWRITE", "CREATE_COPY"],
    "FileSystemLocationType": ["LOCAL", "SHARED"],
}
EXCEPTIONS = {
    "AttachmentError": Exception,
    "StorageError": tp.AttachmentError,
    "ValidationError": tp.AttachmentError,
    "ManifestError": tp.AttachmentError,
    "MisconfiguredInputsError": tp.JobAttachmentsError,
}

# deadline's exceptions that mean the same as one of ours.
SAME = {
    "AssetSyncCancelledError": "Cancelled",
    "AssetSyncError": "StorageError",
    "JobAttachmentsError": "AttachmentError",
    "ManifestCreationException": "ManifestError",
    "ManifestDecodeValidationError": "ManifestError",
    "PathOutsideDirectoryError": "ValidationError",
}

STORE = "needs a content-addressed store"
LATER = "a value that nothing here would take; it comes with what takes it: "
ABSENT = {
    "submit_bundle_attachments": STORE,
    "submit_bundle_attachments_py": STORE,
    "sync_inputs": STORE,
    "sync_outputs": STORE,
    "upload_manifest_contents": STORE,
    "download_manifest_contents": STORE,
    "upload_input_manifest": STORE,
    "download_manifest": STORE,
    "expand_input_paths": "group_paths() walks the input_directories of AssetReferences",
    "BundleSubmitResult": "what a submission gives; without a store, prepare_attachments() gives PreparedAttachments",
    "WorkerSyncOptions": LATER + "sync_inputs",
    "TaskOutputManifestPath": LATER + "the keys of a store",
    "StepOutputManifestPath": LATER + "the keys of a store",
    "AwsCredentials": LATER + "a client of a store",
    "ProgressReportMetadata": "Progress has the counts; percent, rate and message are for who shows them to make",
    "Cancelled.summary_statistics": "what was done so far is in the last Progress",
    "TransferProgress": "what a transfer reports",
    "ScanProgress": "Progress is the record of every call",
    "ProgressInfo": "in upstream's stub only; Progress is the record of every call",
    "JobAttachmentsS3ClientError": STORE,
    "JobAttachmentS3BotoCoreError": STORE,
    "MissingJobAttachmentSettingsError": STORE,
    "MissingS3BucketError": STORE,
    "MissingS3RootPrefixError": STORE,
    "MalformedAttachmentSettingError": STORE,
    "MissingManifestError": STORE,
    "MissingAssetRootError": STORE,
    "AssetOutsideOfRootError": "no path is outside: roots are made from the paths",
    "UnsupportedHashingAlgorithmError": "no function takes an algorithm; of a manifest it is ManifestError",
    "NonValidInputError": "filters are values here, not JSON in files",
    "VFSExecutableMissingError": "there is no virtual file system",
    "VFSLaunchScriptMissingError": "there is no virtual file system",
    "VFSFailedToMountError": "there is no virtual file system",
    "VFSOSUserNotSetError": "there is no virtual file system",
    "VFSRunPathNotSetError": "there is no virtual file system",
    "Manifest.to_json": "a name in upstream's design only; encode() gives the text, to_dict() the document",
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_upstreams_parameters_first(name):
    found = list(inspect.signature(getattr(tp, name)).parameters.values())
    assert [parameter.name for parameter in found[: len(FUNCTIONS[name])]] == FUNCTIONS[name]
    further = found[len(FUNCTIONS[name]) :]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in further)


def test_a_manifest_is_decoded_by_upstreams_keyword(tree):
    manifest = tp.snapshot(tree(a="x"))
    assert tp.decode_manifest(json=manifest.encode()) == tp.load_manifest(json=manifest.encode()) == manifest


def test_create_manifest_reports_on_the_event_loops_thread(tree):
    root, threads = tree(a="x"), set()

    async def main():
        await aio.create_manifest(root, None, lambda record: threads.add(threading.get_ident()))
        with pytest.raises(tp.Cancelled):
            await aio.create_manifest(root, progress_callback=lambda record: False)
        async with aio.start(tp.create_manifest, root) as job:
            assert [record.phase async for record in job][-1] == "done"
            assert await job == tp.snapshot(root)

    asyncio.run(main())
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_upstreams_constructor_and_members(name):
    cls = getattr(tp, name)
    parameters, members = CLASSES[name]
    if parameters is None:
        with pytest.raises(TypeError):
            cls()
    else:
        found = inspect.signature(cls).parameters
        assert {key: parameter.default for key, parameter in found.items()} == parameters
        assert all(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in found.values())
    fields = getattr(cls, "__dataclass_fields__", {})
    assert [member for member in members if not hasattr(cls, member) and member not in fields] == []


@pytest.mark.parametrize("name", ENUMERATIONS)
def test_an_enumeration_has_upstreams_values(name):
    assert list(getattr(tp, name).__members__) == ENUMERATIONS[name]


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_an_exception_has_upstreams_base(name):
    assert issubclass(getattr(tp, name), EXCEPTIONS[name])


@pytest.mark.parametrize("name", SAME)
def test_an_exception_of_deadline_is_one_of_ours(name):
    assert getattr(tp, name) is getattr(tp, SAME[name])


@pytest.mark.parametrize("name", ABSENT)
def test_what_is_absent_is_absent(name):
    """A name that comes later leaves this list."""
    assert ABSENT[name]
    owner, _, member = name.rpartition(".")
    assert not hasattr(getattr(tp, owner) if owner else tp, member)
