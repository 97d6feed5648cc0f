"""Run by the Python of the reference's environment: groups and payloads of cases on standard input, by deadline itself."""

import json
import logging
import os
import sys
import tempfile

from deadline.job_attachments import upload
from deadline.job_attachments._path_mapping import _generate_path_mapping_rules, _PathMappingRuleApplier
from deadline.job_attachments.exceptions import MisconfiguredInputsError
from deadline.job_attachments.models import (
    FileSystemLocation,
    FileSystemLocationType,
    JobAttachmentS3Settings,
    PathMappingRule,
    StorageProfile,
    StorageProfileOperatingSystemFamily,
)

logging.disable(logging.CRITICAL)


class Offline(upload.S3AssetUploader):
    def __init__(self):
        """No session is wanted: nothing is sent."""

    def _snapshot_input_files(self, **kwargs):
        """Nor are contents copied."""


def manager():
    settings = JobAttachmentS3Settings("bucket", "root")
    settings.partial_manifest_prefix = lambda farm, queue: ""  # a random number otherwise
    return upload.S3AssetManager("farm", "queue", settings, Offline())


def profile_of(given):
    places = [FileSystemLocation(name, path, FileSystemLocationType(kind)) for name, path, kind in given["locations"]]
    family = StorageProfileOperatingSystemFamily(given.get("family", "linux"))
    return StorageProfile(given.get("id", "sp"), "shown", family, places)


def expand(case, files, references):
    """As deadline's submission of a job bundle takes directories apart."""
    missing = []
    for directory in map(os.path.normpath, case["directories"]):  # as its AssetReferences.from_dict() does
        if not os.path.isdir(directory):
            missing.append(directory)
            continue
        found = [os.path.normpath(os.path.join(root, name)) for root, _, names in os.walk(directory) for name in names]
        files.extend(found)
        if not found:
            references.append(directory)
    if missing and case["strict"]:
        raise MisconfiguredInputsError("missing")
    references.extend(missing)


def group(case):
    files, references = list(case["inputs"]), list(case["references"])
    expand(case, files, references)
    made = manager()
    result = made.prepare_paths_for_upload(
        sorted(files),
        sorted(case["outputs"]),
        sorted(references),
        profile_of(case) if case["locations"] else None,
        case["strict"],
    )
    answer = {
        "files": result.total_input_files,
        "bytes": result.total_input_bytes,
        "groups": [
            [
                one.root_path,
                one.file_system_location_name,
                *([str(path) for path in sorted(paths)] for paths in (one.inputs, one.outputs, one.references)),
            ]
            for one in result.asset_groups
        ],
    }
    with tempfile.TemporaryDirectory() as scratch:
        _, manifests = made.hash_assets_and_create_manifest(
            result.asset_groups, result.total_input_files, result.total_input_bytes, scratch
        )
        _, attachments = made.snapshot_assets(os.path.join(scratch, "snapshot"), manifests)
    answer["attachments"] = attachments.to_dict()
    answer["manifests"] = [one.asset_manifest and one.asset_manifest.encode() for one in manifests]
    return answer


def answer_to(case):
    if "paths" in case:
        applier = _PathMappingRuleApplier([PathMappingRule(*rule) for rule in case["rules"]])
        return [str(applier.transform(path)) for path in case["paths"]]
    if "from" in case:
        rules = _generate_path_mapping_rules(profile_of(case["from"]), profile_of(case["to"]))
        return [[rule.source_path_format, rule.source_path, rule.destination_path] for rule in rules]
    os.chdir(case["root"])
    try:
        return group(case)
    except MisconfiguredInputsError:
        return "misconfigured"
    except TypeError:  # of two roots with one path it compares None with a name
        return "undecided"


json.dump([answer_to(case) for case in json.load(sys.stdin)], sys.stdout)
