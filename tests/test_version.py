"""One version and one build, in every place that tells them."""

import importlib.metadata
from pathlib import Path

import template_pkg as tp
from template_pkg import _native


def test_the_module_and_the_metadata_agree():
    assert tp.__version__ == importlib.metadata.version("template-pkg")


def test_build_info_says_what_is_running():
    info = tp.build_info()
    assert isinstance(info, tp.BuildInfo)
    assert info.version == tp.__version__
    assert len(info.build_id) == 16
    assert int(info.build_id, 16) >= 0
    assert info.path == _native.__file__
    assert Path(info.path).is_file()
    assert all(isinstance(name, str) and name for name in info.features)
    assert any(name.startswith("xxhash-") for name in info.features)


def test_the_command_holds_the_same_build(cli):
    document = cli.json("version")
    info = tp.build_info()
    assert (document["version"], document["buildId"]) == (info.version, info.build_id)
    assert cli.ok("--version").split()[1].decode() == info.version


def test_the_metadata_names_the_licence_and_no_requirement():
    metadata = importlib.metadata.metadata("template-pkg")
    assert metadata["License-Expression"] == "MIT AND BSD-2-Clause"
    assert metadata.get_all("License-File") == ["LICENSE", "LICENSES/xxHash.txt"]
    assert not metadata.get_all("Requires-Dist")
    assert metadata["Requires-Python"] == ">=3.9"
