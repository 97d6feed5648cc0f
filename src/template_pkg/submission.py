"""Values of a job: the paths that it names, its attachments as a CreateJob request has them, and path mapping."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import cast

from ._texts import quoted
from .values import _invalid, _items, _mapping, _set, _str
from .words import PathFormat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .values import _Path

__all__ = ["AssetReferences", "Attachments", "ManifestProperties", "PathMappingRule"]


def _paths(values: Iterable[_Path] | None, name: str) -> tuple[str, ...]:
    return tuple(os.fsdecode(value) for value in _items(values or (), name))  # type: ignore[arg-type]


def _format(value: object, name: str) -> PathFormat:
    try:
        return PathFormat(_str(value, name))
    except ValueError:
        raise _invalid(f"Invalid path format: {value}. Use 'posix' or 'windows'") from None


def _member(data: Mapping[str, Any], name: str) -> Any:
    try:
        return _mapping(data, "data")[name]
    except KeyError:
        raise _invalid(f"{name} is missing") from None


@dataclass(frozen=True, init=False, repr=False)
class AssetReferences:
    """What a job reads, writes, and only names. The members are lists, new ones at each use."""

    input_filenames: list[str]
    output_directories: list[str]
    referenced_paths: list[str]
    input_directories: list[str]

    def __init__(
        self,
        input_filenames: Iterable[_Path],
        output_directories: Iterable[_Path],
        referenced_paths: Iterable[_Path] | None = None,
        input_directories: Iterable[_Path] | None = None,
    ) -> None:
        _set(
            self,
            _input_filenames=_paths(input_filenames, "input_filenames"),
            _output_directories=_paths(output_directories, "output_directories"),
            _referenced_paths=_paths(referenced_paths, "referenced_paths"),
            _input_directories=_paths(input_directories, "input_directories"),
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> AssetReferences:
        """Of a job bundle's asset_references document."""
        if "assetReferences" not in _mapping(data, "data"):
            raise _invalid("assetReferences is missing")
        found = _mapping(data["assetReferences"], "assetReferences")
        inputs, outputs = _mapping(found.get("inputs", {}), "inputs"), _mapping(found.get("outputs", {}), "outputs")
        return cls(
            inputs.get("filenames", ()),
            outputs.get("directories", ()),
            found.get("referencedPaths", ()),
            inputs.get("directories", ()),
        )

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def __repr__(self) -> str:
        return (
            f"AssetReferences(input_filenames={quoted(self.input_filenames)}, "
            f"output_directories={quoted(self.output_directories)}, "
            f"referenced_paths={quoted(self.referenced_paths)})"
        )


def _listed(name: str, doc: str) -> property:
    """A member that is held as a tuple, under a name of its own."""

    def get(value: object) -> list[str]:
        return list(getattr(value, f"_{name}"))

    get.__doc__ = doc
    return property(get)


for _name, _doc in {
    "input_filenames": "Files that the job reads.",
    "output_directories": "Directories that the job writes to.",
    "referenced_paths": "Paths that the job names, and that need not be there.",
    "input_directories": "Directories all of whose files are inputs, as a job bundle names them.",
}.items():  # behind the decorator, which would take them for defaults
    setattr(AssetReferences, _name, _listed(_name, _doc))


@dataclass(frozen=True, init=False)
class ManifestProperties:
    """One root of a job's attachments. What is None or empty is not in the request."""

    root_path: str
    root_path_format: PathFormat
    file_system_location_name: str | None
    input_manifest_path: str | None
    input_manifest_hash: str | None
    output_relative_directories: tuple[str, ...]

    def __init__(
        self,
        root_path: _Path,
        root_path_format: str = PathFormat.POSIX,
        file_system_location_name: str | None = None,
        input_manifest_path: str | None = None,
        input_manifest_hash: str | None = None,
        output_relative_directories: Iterable[_Path] | None = None,
    ) -> None:
        texts = {
            "file_system_location_name": file_system_location_name,
            "input_manifest_path": input_manifest_path,
            "input_manifest_hash": input_manifest_hash,
        }
        _set(
            self,
            root_path=os.fsdecode(root_path),
            root_path_format=_format(root_path_format, "root_path_format"),
            output_relative_directories=_paths(output_relative_directories, "output_relative_directories"),
            **{name: None if text is None else _str(text, name) for name, text in texts.items()},
        )

    def to_dict(self) -> dict[str, Any]:
        """The member of a request's `manifests`, in deadline's order."""
        members = {
            "rootPath": self.root_path,
            "fileSystemLocationName": self.file_system_location_name,
            "rootPathFormat": str(self.root_path_format),
            "inputManifestPath": self.input_manifest_path,
            "inputManifestHash": self.input_manifest_hash,
            "outputRelativeDirectories": list(self.output_relative_directories),
        }
        return {name: value for name, value in members.items() if value or name == "rootPath"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ManifestProperties:
        """Of a member of `manifests`; further members are passed over."""
        return cls(
            _member(data, "rootPath"),
            _member(data, "rootPathFormat"),
            data.get("fileSystemLocationName"),
            data.get("inputManifestPath"),
            data.get("inputManifestHash"),
            data.get("outputRelativeDirectories"),
        )


@dataclass(frozen=True, init=False)
class Attachments:
    """A job's attachments, as a CreateJob request has them."""

    manifests: tuple[ManifestProperties, ...]
    file_system: str

    def __init__(self, manifests: Iterable[ManifestProperties] = (), file_system: str = "COPIED") -> None:
        held = tuple(manifests)
        for properties in held:
            if not isinstance(properties, ManifestProperties):
                raise TypeError(f"manifests must hold ManifestProperties, not {type(properties).__name__}")
        _set(self, manifests=held, file_system=_str(file_system, "file_system"))

    def to_dict(self) -> dict[str, Any]:
        """The request's `attachments`."""
        return {"manifests": [properties.to_dict() for properties in self.manifests], "fileSystem": self.file_system}

    def to_json(self) -> str:
        """The same as JSON text: one line, ASCII."""
        return json.dumps(self.to_dict(), separators=(",", ":"))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Attachments:
        """Of a request's `attachments`; without `fileSystem` it is COPIED."""
        manifests = _items(_member(data, "manifests"), "manifests")
        return cls(map(ManifestProperties.from_dict, manifests), data.get("fileSystem", "COPIED"))  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, text: str | bytes) -> Attachments:
        """Of what to_json() or PreparedAttachments.attachments_json is."""
        try:
            data: object = json.loads(text)
        except ValueError as error:
            raise _invalid(f"no JSON: {error}") from None
        if not isinstance(data, dict):
            raise _invalid("attachments are a JSON object")
        return cls.from_dict(cast("dict[str, object]", data))


@dataclass(frozen=True, init=False)
class PathMappingRule:
    """What is at or below a path of the source machine is at or below one of this machine."""

    source_path_format: PathFormat
    source_path: str
    destination_path: str

    def __init__(self, source_path_format: str, source_path: _Path, destination_path: _Path) -> None:
        _set(
            self,
            source_path_format=_format(source_path_format, "source_path_format"),
            source_path=os.fsdecode(source_path),
            destination_path=os.fsdecode(destination_path),
        )


for _name in __all__:
    globals()[_name].__module__ = "template_pkg"
