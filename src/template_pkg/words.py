"""Enumerations, under the names of rusty_attachments. A member is a str, equal to its text."""

from __future__ import annotations

import os
from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["ConflictResolution", "FileSystemLocationType", "ManifestVersion", "PathFormat"]


class _Word(str, Enum):
    """One of several words, equal to its text."""

    if TYPE_CHECKING:

        def __new__(cls, value: str) -> Self: ...

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)


class PathFormat(_Word):
    """How a path is spelt."""

    POSIX = "posix"
    WINDOWS = "windows"

    @classmethod
    def host(cls) -> PathFormat:
        """That of this machine."""
        return cls.WINDOWS if os.name == "nt" else cls.POSIX


class ManifestVersion(_Word):
    """A manifest's format, as Manifest.version says it; also to be had by `v2023-03-03`, as upstream spells it."""

    V2023_03_03 = "2023-03-03"
    V2025_12_04_BETA = "2025-12-04-beta"

    @classmethod
    def _missing_(cls, value: object) -> ManifestVersion | None:
        return {f"v{member.value}": member for member in cls}.get(value) if isinstance(value, str) else None


class ConflictResolution(_Word):
    """What becomes of a file that is there already."""

    SKIP = "SKIP"
    OVERWRITE = "OVERWRITE"
    CREATE_COPY = "CREATE_COPY"


class FileSystemLocationType(_Word):
    """Whether other machines have the same files at a location."""

    LOCAL = "LOCAL"
    SHARED = "SHARED"

    @classmethod
    def _missing_(cls, value: object) -> FileSystemLocationType | None:
        return cls.__members__.get(value.upper()) if isinstance(value, str) else None


for _name in __all__:
    globals()[_name].__module__ = "template_pkg"
