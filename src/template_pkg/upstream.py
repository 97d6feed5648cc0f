"""Functions that rusty_attachments has under another name and with other parameters."""

from __future__ import annotations

from . import Manifest, snapshot
from .values import SnapshotOptions
from .words import ManifestVersion

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import Literal

    from . import Progress

__all__ = ["create_manifest"]


def create_manifest(
    root: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    options: SnapshotOptions | None = None,
    progress_callback: Callable[[Progress], object] | None = None,
) -> Manifest:
    """snapshot() with its options as one value: the files below the directory root as a Manifest.

    options: a SnapshotOptions; without it every file is taken, in the format 2023-03-03, links followed. Links that are not
      followed are entries of 2025-12-04-beta, and passed over in 2023-03-03, which cannot hold them.
    progress_callback: as snapshot()'s progress.

    Raises what snapshot() does. Corresponds to rusty_attachments' create_manifest().

    >>> options = SnapshotOptions(filter=GlobFilter(exclude=['sub/**']))
    >>> [entry.path for entry in create_manifest('project', options)]
    ['a.txt']
    """
    if options is None:
        options = SnapshotOptions()
    elif not isinstance(options, SnapshotOptions):
        raise TypeError(f"options must be SnapshotOptions or None, not {type(options).__name__}")
    kept: Literal["keep", "skip"] = "keep" if options.version is ManifestVersion.V2025_12_04_BETA else "skip"
    return snapshot(
        root,
        include=options.filter.include,
        exclude=options.filter.exclude,
        dialect=options.filter.dialect,
        symlinks="follow" if options.follow_symlinks else kept,
        progress=progress_callback,
        format=options.version,
    )


create_manifest.__module__ = "template_pkg"
