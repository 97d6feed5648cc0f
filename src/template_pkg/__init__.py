"""Job attachments: content-addressed manifests of directory trees.

    import template_pkg

    before = template_pkg.snapshot("project")
    before.save("before.manifest")
    ...
    for path in template_pkg.diff(before, "project").modified:
        print(path)

The work is done in C without the GIL; long calls stop on Ctrl-C and report to `progress=`. The same code is the
`template-cli` command. `template_pkg.aio` has the functions as coroutines. Importing the package loads nothing: each
name comes at its first use.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import (
        STATUS_ERRORS,
        AttachmentError,
        BuildInfo,
        Cancelled,
        CancelScope,
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
        manifest_name,
        merge,
        snapshot,
        verify,
    )

    # Other names of the same things: rusty_attachments' functions, deadline's exceptions.
    create_manifest = snapshot
    diff_manifests = diff
    JobAttachmentsError = AttachmentError
    ManifestDecodeValidationError = ManifestError
else:
    _OTHER_NAMES = {
        "JobAttachmentsError": "AttachmentError",
        "ManifestDecodeValidationError": "ManifestError",
        "create_manifest": "snapshot",
        "diff_manifests": "diff",
    }

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import _native

        value = globals()[name] = getattr(_native, _OTHER_NAMES.get(name, name))
        return value

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = [
    "STATUS_ERRORS",
    "AttachmentError",
    "BuildInfo",
    "CancelScope",
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
    "manifest_name",
    "merge",
    "snapshot",
    "verify",
]
