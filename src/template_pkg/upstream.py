"""Functions that rusty_attachments has under another name and with other parameters."""

from __future__ import annotations

from . import Manifest, snapshot
from .values import SnapshotOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from . import Progress

__all__ = ["create_manifest"]


def create_manifest(
    root: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    options: SnapshotOptions | None = None,
    progress_callback: Callable[[Progress], object] | None = None,
) -> Manifest:
    """snapshot() with its options as one value."""
    if options is None:
        options = SnapshotOptions()
    elif not isinstance(options, SnapshotOptions):
        raise TypeError(f"options must be SnapshotOptions or None, not {type(options).__name__}")
    return snapshot(
        root,
        include=options.filter.include,
        exclude=options.filter.exclude,
        dialect=options.filter.dialect,
        symlinks="follow" if options.follow_symlinks else "skip",
        progress=progress_callback,
        format=options.version.value,
    )


create_manifest.__module__ = "template_pkg"
