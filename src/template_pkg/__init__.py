"""Job attachments: content-addressed manifests of directory trees.

>>> from pathlib import Path
>>> import template_pkg
>>> template_pkg.snapshot("project").save("before.manifest")
>>> _ = Path("project/a.txt").write_text("more")
>>> template_pkg.diff("before.manifest", "project").modified
('a.txt',)

The work is done in C without the GIL; long calls stop on Ctrl-C and report to `progress=`. The same code is the
`template-cli` command. `template_pkg.aio` has the functions as coroutines. Importing the package loads nothing: each
name comes at its first use.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import (
        STATUS_ERRORS,
        AssetRootGroup,
        AttachmentError,
        BuildInfo,
        Cancelled,
        CancelScope,
        Diff,
        FileChangedError,
        Manifest,
        ManifestEntry,
        ManifestError,
        MisconfiguredInputsError,
        PreparedAttachments,
        Progress,
        Skipped,
        SnapshotStats,
        StorageError,
        Unreadable,
        ValidationError,
        Verification,
        __version__,
        build_info,
        decode_manifest,
        diff,
        group_paths,
        hash_bytes,
        hash_file,
        load_manifest,
        manifest_name,
        map_path,
        matches,
        merge,
        path_mapping_rules,
        prepare_attachments,
        snapshot,
        verify,
    )
    from .submission import AssetReferences, Attachments, ManifestProperties, PathMappingRule
    from .upstream import create_manifest
    from .values import (
        BundleSubmitOptions,
        FileSystemLocation,
        GlobFilter,
        ManifestLocation,
        S3Location,
        SnapshotOptions,
        StorageProfile,
        SummaryStatistics,
    )
    from .words import ConflictResolution, FileSystemLocationType, ManifestVersion, PathFormat

    # Other names of the same things: rusty_attachments' functions, deadline's exceptions.
    diff_manifests = diff
    AssetSyncCancelledError = Cancelled
    AssetSyncError = StorageError
    JobAttachmentsError = AttachmentError
    ManifestCreationException = ManifestError
    ManifestDecodeValidationError = ManifestError
    PathOutsideDirectoryError = ValidationError
else:
    _OTHER_NAMES = {
        "AssetSyncCancelledError": "Cancelled",
        "AssetSyncError": "StorageError",
        "JobAttachmentsError": "AttachmentError",
        "ManifestCreationException": "ManifestError",
        "ManifestDecodeValidationError": "ManifestError",
        "PathOutsideDirectoryError": "ValidationError",
        "diff_manifests": "diff",
    }
    # Where names are that the native module does not have.
    _PLACES = {
        "create_manifest": "upstream",
        "AssetReferences": "submission",
        "Attachments": "submission",
        "BundleSubmitOptions": "values",
        "ConflictResolution": "words",
        "FileSystemLocation": "values",
        "FileSystemLocationType": "words",
        "GlobFilter": "values",
        "ManifestLocation": "values",
        "ManifestProperties": "submission",
        "ManifestVersion": "words",
        "PathFormat": "words",
        "PathMappingRule": "submission",
        "S3Location": "values",
        "SnapshotOptions": "values",
        "StorageProfile": "values",
        "SummaryStatistics": "values",
    }

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        place = import_module(f".{_PLACES.get(name, '_native')}", __name__)
        value = globals()[name] = getattr(place, _OTHER_NAMES.get(name, name))
        return value

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = [
    "STATUS_ERRORS",
    "AssetReferences",
    "AssetRootGroup",
    "AssetSyncCancelledError",
    "AssetSyncError",
    "AttachmentError",
    "Attachments",
    "BuildInfo",
    "BundleSubmitOptions",
    "CancelScope",
    "Cancelled",
    "ConflictResolution",
    "Diff",
    "FileChangedError",
    "FileSystemLocation",
    "FileSystemLocationType",
    "GlobFilter",
    "JobAttachmentsError",
    "Manifest",
    "ManifestCreationException",
    "ManifestDecodeValidationError",
    "ManifestEntry",
    "ManifestError",
    "ManifestLocation",
    "ManifestProperties",
    "ManifestVersion",
    "MisconfiguredInputsError",
    "PathFormat",
    "PathMappingRule",
    "PathOutsideDirectoryError",
    "PreparedAttachments",
    "Progress",
    "S3Location",
    "Skipped",
    "SnapshotOptions",
    "SnapshotStats",
    "StorageError",
    "StorageProfile",
    "SummaryStatistics",
    "Unreadable",
    "ValidationError",
    "Verification",
    "__version__",
    "build_info",
    "create_manifest",
    "decode_manifest",
    "diff",
    "diff_manifests",
    "group_paths",
    "hash_bytes",
    "hash_file",
    "load_manifest",
    "manifest_name",
    "map_path",
    "matches",
    "merge",
    "path_mapping_rules",
    "prepare_attachments",
    "snapshot",
    "verify",
]
