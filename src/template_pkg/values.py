"""Values: where things are and how they are to be done, under the names of rusty_attachments.

All are frozen, comparable, hashable and picklable. Where a path is meant, an os.PathLike is taken for its text. What is
not allowed raises ValidationError, a ValueError; a wrong type raises TypeError.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

from ._texts import size_text
from .words import FileSystemLocationType, ManifestVersion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Literal

    from . import ValidationError

    _Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]

__all__ = [
    "BundleSubmitOptions",
    "FileSystemLocation",
    "GlobFilter",
    "ManifestLocation",
    "S3Location",
    "SnapshotOptions",
    "StorageProfile",
    "SummaryStatistics",
]


def _invalid(message: str) -> ValidationError:
    from . import ValidationError

    return ValidationError(message)


def _str(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be str, not {type(value).__name__}")
    return str(value)


def _bool(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be bool, not {type(value).__name__}")
    return value


def _items(values: Iterable[object], name: str) -> Iterable[object]:
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{name} must be an iterable of items, not one: use [{values!r}]")
    return values


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not hasattr(value, "keys"):
        raise TypeError(f"{name} must be a mapping, not {type(value).__name__}")
    return value  # type: ignore[return-value]


def _strs(values: Iterable[str] | None, name: str) -> tuple[str, ...]:
    return tuple(_str(value, name) for value in _items(values or (), name))


def _set(value: object, **members: object) -> None:
    """What __init__ of a frozen value does."""
    for name, member in members.items():
        object.__setattr__(value, name, member)


class _Texts:
    """A value all of whose members are str; its repr puts them between quotes as they are, as upstream does."""

    def __post_init__(self) -> None:
        for member in fields(self):  # type: ignore[arg-type]
            _str(getattr(self, member.name), member.name)

    def __repr__(self) -> str:
        members = (f"{f.name}='{getattr(self, f.name)}'" for f in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(members)})"


@dataclass(frozen=True, repr=False)
class S3Location(_Texts):
    """Where contents and manifests are: a bucket, and prefixes of keys within it."""

    bucket: str
    root_prefix: str
    cas_prefix: str
    manifest_prefix: str


@dataclass(frozen=True, repr=False)
class ManifestLocation(_Texts):
    """Where the manifests of a farm's queue are."""

    bucket: str
    root_prefix: str
    farm_id: str
    queue_id: str


@dataclass(frozen=True, init=False, repr=False)
class BundleSubmitOptions:
    """How a bundle's attachments are submitted. No patterns exclude nothing; the format is 2023-03-03 unless given."""

    require_paths_exist: bool
    file_system_mode: str
    manifest_version: ManifestVersion
    exclude_patterns: tuple[str, ...]

    def __init__(
        self,
        require_paths_exist: bool = False,
        file_system_mode: str = "COPIED",
        manifest_version: str = "v2023-03-03",
        exclude_patterns: Iterable[str] | None = None,
    ) -> None:
        try:
            version = ManifestVersion(_str(manifest_version, "manifest_version"))
        except ValueError:
            message = f"Invalid manifest version: {manifest_version}. Use 'v2023-03-03' or 'v2025-12-04-beta'"
            raise _invalid(message) from None
        patterns = _strs(exclude_patterns, "exclude_patterns")
        try:
            GlobFilter(exclude=patterns)
        except ValueError as error:
            raise _invalid(f"Invalid glob pattern: {error}") from None
        _set(
            self,
            require_paths_exist=_bool(require_paths_exist, "require_paths_exist"),
            file_system_mode=_str(file_system_mode, "file_system_mode"),
            manifest_version=version,
            exclude_patterns=patterns,
        )

    def __repr__(self) -> str:
        exist = str(self.require_paths_exist).lower()
        return f"BundleSubmitOptions(require_paths_exist={exist}, file_system_mode='{self.file_system_mode}')"


@dataclass(frozen=True)
class SummaryStatistics:
    """What was processed, how much of it was transferred, how much was there already; times in seconds.

    `processed` counts both, as rusty_attachments does. str() gives the three lines that deadline prints; two of them add up.
    """

    processed_files: int = 0
    processed_bytes: int = 0
    files_transferred: int = 0
    bytes_transferred: int = 0
    files_skipped: int = 0
    bytes_skipped: int = 0
    total_time: float = 0.0

    def __post_init__(self) -> None:
        for member in fields(self):
            value, cls = getattr(self, member.name), float if member.name == "total_time" else int
            if not isinstance(value, (int, cls)):
                raise TypeError(f"{member.name} must be {cls.__name__}, not {type(value).__name__}")

    @property
    def total_files(self) -> int:
        """The same as `processed_files`."""
        return self.processed_files

    @property
    def total_bytes(self) -> int:
        """The same as `processed_bytes`."""
        return self.processed_bytes

    @property
    def skipped_files(self) -> int:
        """The same as `files_skipped`."""
        return self.files_skipped

    @property
    def skipped_bytes(self) -> int:
        """The same as `bytes_skipped`."""
        return self.bytes_skipped

    @property
    def transfer_rate(self) -> float:
        """Bytes a second of what was not skipped; 0.0 when no time is known."""
        return (self.processed_bytes - self.bytes_skipped) / self.total_time if self.total_time else 0.0

    def __add__(self, other: object) -> SummaryStatistics:
        if not isinstance(other, SummaryStatistics):
            return NotImplemented
        return SummaryStatistics(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __repr__(self) -> str:
        return (
            f"SummaryStatistics(processed_files={self.processed_files}, bytes_transferred={self.bytes_transferred}, "
            f"files_skipped={self.files_skipped})"
        )

    def __str__(self) -> str:
        files, size = self.processed_files - self.files_skipped, self.processed_bytes - self.bytes_skipped
        return (
            f"Processed {files} file{'s' * (files != 1)} totaling {size_text(size)}.\n"
            f"Skipped re-processing {self.files_skipped} files totaling {size_text(self.bytes_skipped)}.\n"
            f"Total processing time of {round(self.total_time, ndigits=5)} seconds at {size_text(self.transfer_rate)}/s.\n"
        )


@dataclass(frozen=True, init=False, repr=False)
class FileSystemLocation:
    """A place of a storage profile; `location_type` is LOCAL or SHARED, in any case."""

    name: str
    path: str
    location_type: FileSystemLocationType

    def __init__(self, name: str, path: _Path, location_type: str) -> None:
        try:
            kind = FileSystemLocationType(_str(location_type, "location_type"))
        except ValueError:
            raise _invalid(f"Invalid location type: {location_type}. Use 'LOCAL' or 'SHARED'") from None
        _set(self, name=_str(name, "name"), path=os.fsdecode(path), location_type=kind)

    def __repr__(self) -> str:
        return f"FileSystemLocation(name='{self.name}', path='{self.path}', location_type='{self.location_type}')"


@dataclass(frozen=True, init=False, repr=False)
class StorageProfile:
    """The locations of a machine. Its repr counts distinct paths of each type, as upstream does.

    `os_family` is linux, macos or windows, in any case; what is not known is None.
    """

    locations: tuple[FileSystemLocation, ...]
    storage_profile_id: str | None
    display_name: str | None
    os_family: str | None

    def __init__(
        self,
        locations: Iterable[FileSystemLocation],
        storage_profile_id: str | None = None,
        display_name: str | None = None,
        os_family: str | None = None,
    ) -> None:
        held = tuple(locations)
        for location in held:
            if not isinstance(location, FileSystemLocation):
                raise TypeError(f"locations must hold FileSystemLocation, not {type(location).__name__}")
        family = None if os_family is None else _str(os_family, "os_family").lower()
        if family not in (None, "linux", "macos", "windows"):
            raise _invalid(f"Invalid OS family: {os_family}. Use 'linux', 'macos' or 'windows'")
        _set(
            self,
            locations=held,
            storage_profile_id=None if storage_profile_id is None else _str(storage_profile_id, "storage_profile_id"),
            display_name=None if display_name is None else _str(display_name, "display_name"),
            os_family=family,
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> StorageProfile:
        """Of what the service's GetStorageProfile gives; further members are passed over."""
        given = _items(_mapping(data, "data").get("fileSystemLocations", ()), "fileSystemLocations")
        try:
            places = [
                FileSystemLocation(place["name"], place["path"], place["type"])
                for place in (_mapping(item, "a location") for item in given)
            ]
        except KeyError as error:
            raise _invalid(f"a location lacks its {error.args[0]}") from None
        return cls(places, data.get("storageProfileId"), data.get("displayName"), data.get("osFamily"))

    def __repr__(self) -> str:
        return f"StorageProfile(locations={len({(place.path, place.location_type) for place in self.locations})})"


@dataclass(frozen=True, init=False)
class GlobFilter:
    """Which files count: those that an include pattern (all, without one) and no exclude pattern matches.

    The patterns are those of rusty_attachments' GlobFilter, unless `dialect` is another one of snapshot().
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    dialect: Literal["glob", "globset", "fnmatch"]

    def __init__(
        self,
        include: Iterable[str] | None = None,
        exclude: Iterable[str] | None = None,
        dialect: Literal["glob", "globset", "fnmatch"] = "globset",
    ) -> None:
        _set(self, include=_strs(include, "include"), exclude=_strs(exclude, "exclude"), dialect=dialect)
        if self.include or self.exclude or dialect != "globset":
            self.matches("")  # says what is wrong with a pattern or the dialect

    def matches(self, path: str | os.PathLike[str]) -> bool:
        """Whether the file at a path relative to a root counts."""
        from . import matches

        return matches(os.fspath(path), include=self.include, exclude=self.exclude, dialect=self.dialect)


@dataclass(frozen=True, init=False)
class SnapshotOptions:
    """How create_manifest() takes a tree. Links are followed unless told otherwise, as snapshot() and deadline do."""

    version: ManifestVersion
    filter: GlobFilter
    follow_symlinks: bool

    def __init__(
        self,
        version: str = ManifestVersion.V2023_03_03,
        filter: GlobFilter | None = None,
        follow_symlinks: bool = True,
    ) -> None:
        try:
            known = ManifestVersion(_str(version, "version"))
        except ValueError:
            words = " or ".join(repr(member.value) for member in ManifestVersion)
            raise _invalid(f"Invalid manifest version: {version}. Use {words}") from None
        if filter is not None and not isinstance(filter, GlobFilter):
            raise TypeError(f"filter must be a GlobFilter or None, not {type(filter).__name__}")
        held = GlobFilter() if filter is None else filter
        _set(self, version=known, filter=held, follow_symlinks=_bool(follow_symlinks, "follow_symlinks"))


for _name in __all__:
    globals()[_name].__module__ = "template_pkg"
