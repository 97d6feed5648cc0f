"""Job attachments: content-addressed manifests of directory trees.

    import template_pkg

    before = template_pkg.snapshot("project")
    before.save("before.manifest")
    ...
    for path in template_pkg.diff(before, "project").modified:
        print(path)

The work is done in C without the GIL; long calls stop on Ctrl-C and report to `progress=`. The same code is the
`template-cli` command.
"""

from ._native import (
    STATUS_ERRORS,
    AttachmentError,
    BuildInfo,
    Cancelled,
    Diff,
    FileChangedError,
    Manifest,
    ManifestEntry,
    ManifestError,
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
    hash_bytes,
    hash_file,
    load_manifest,
    merge,
    snapshot,
    verify,
)

# Other names of the same things: rusty_attachments' functions, deadline's exceptions.
create_manifest = snapshot
diff_manifests = diff
JobAttachmentsError = AttachmentError
ManifestDecodeValidationError = ManifestError

__all__ = [
    "STATUS_ERRORS",
    "AttachmentError",
    "BuildInfo",
    "Cancelled",
    "Diff",
    "FileChangedError",
    "JobAttachmentsError",
    "Manifest",
    "ManifestDecodeValidationError",
    "ManifestEntry",
    "ManifestError",
    "Progress",
    "Skipped",
    "SnapshotStats",
    "StorageError",
    "Unreadable",
    "ValidationError",
    "Verification",
    "__version__",
    "build_info",
    "create_manifest",
    "decode_manifest",
    "diff",
    "diff_manifests",
    "hash_bytes",
    "hash_file",
    "load_manifest",
    "merge",
    "snapshot",
    "verify",
]
