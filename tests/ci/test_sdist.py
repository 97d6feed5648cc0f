"""What gate sdist says of archives that hold too little, too much, or something else."""

import io
import os
import subprocess
import tarfile

import pytest

from ci import policy
from ci.runner.model import Broken
from ci.tools import environment, sdist, toolbox

FILES = {"VERSION": "1.2.3\n", "libs/core/src/a.c": "int a;\n"}
STEM = "template_pkg-1.2.3"


@pytest.fixture
def pack(tmp_path):
    def make(files, links=()):
        path = tmp_path / f"{STEM}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for name, text in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text.encode()))
            for name in links:
                info = tarfile.TarInfo(name)
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(info)
        return str(path)

    return make


def inside(files):
    return {f"{STEM}/{name}": text for name, text in files.items()}


@pytest.fixture
def faults(context, pack, tmp_path):
    def ask(changes):
        ctx = context(FILES)
        held = {**FILES, "PKG-INFO": "x", **dict.fromkeys(policy.CARRIED, "/* */"), **changes}
        path = pack(inside({name: text for name, text in held.items() if text is not None}))
        return list(sdist.content_faults(ctx, sdist.unpacked(path, str(tmp_path / "place"))))

    return ask


def test_an_exact_sdist_has_no_fault(faults):
    assert faults({}) == []


def test_an_sdist_may_leave_out_what_a_build_does_not_need(faults):
    assert faults({"VERSION": None}) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({policy.CARRIED[0]: None}, f"{policy.CARRIED[0]} is missing: without it, a build needs a network"),
        ({"notes.txt": "mine"}, "notes.txt does not belong"),
        ({"VERSION": "9.9.9\n"}, "VERSION is not as in the tree"),
    ],
)
def test_an_inexact_sdist_is_refused(faults, changes, fault):
    assert faults(changes) == [fault]


@pytest.mark.parametrize(
    ("files", "links"),
    [
        ({**inside(FILES), "setup.py": "x"}, ()),
        (inside(FILES), (f"{STEM}/link",)),
        ({f"other-{STEM}/VERSION": "x"}, ()),
    ],
)
def test_an_archive_of_more_than_files_in_one_folder_is_refused(pack, tmp_path, files, links):
    with pytest.raises(Broken):
        sdist.unpacked(pack(files, links), str(tmp_path / "place"))


def test_the_header_that_a_build_took_is_found(tmp_path):
    cache = tmp_path / "build" / "some-tag" / "CMakeCache.txt"
    cache.parent.mkdir(parents=True)
    cache.write_text("A:PATH=/a\nxxHash_INCLUDE_DIR:PATH=/usr/include\n")
    assert sdist.header_used(str(tmp_path)) == "/usr/include"


# ---------------------------------------------------------------- the header that it carries
HEADER = "#define XXH_VERSION_MAJOR 9\n#define XXH_VERSION_MINOR 8\n#define XXH_VERSION_RELEASE 7\n"
PROJECT = f"""\
cmake_minimum_required(VERSION 3.25)
project(x C)
list(APPEND CMAKE_MODULE_PATH "{policy.ROOT}/cmake")
include(TplDependencies)
message(STATUS "xxHash ${{xxHash_VERSION}}.")
"""


@pytest.mark.parametrize(
    ("carried", "asked", "taken"),
    [("", "", "system"), ("", "1", "fetched"), ("carried", "", "carried"), ("carried", "1", "carried")],
)
def test_the_systems_header_is_passed_over_when_that_is_asked_for(tmp_path, carried, asked, taken):
    numbers = {"system": "1", "fetched": "2", "carried": "3"}
    for name, number in numbers.items():
        folder = tmp_path / ("third_party/xxHash" if name == "carried" else name)
        if name != "carried" or carried:
            folder.mkdir(parents=True)
            (folder / "xxhash.h").write_text(HEADER.replace("9", number))
    (tmp_path / "CMakeLists.txt").write_text(PROJECT)
    tools = [toolbox.own(name) or environment.program(policy.ROOT, "native", name) for name in ("cmake", "ninja")]
    plain = {name: value for name, value in os.environ.items() if name != "TPL_FETCH_XXHASH"}
    said = subprocess.run(
        [
            *(
                tools[0],
                "-G",
                "Ninja",
                f"-DCMAKE_MAKE_PROGRAM={tools[1]}",
                "-S",
                str(tmp_path),
                "-B",
                f"{tmp_path}/build",
            ),
            *(f"-DCMAKE_INCLUDE_PATH={tmp_path}/system", f"-DFETCHCONTENT_SOURCE_DIR_XXHASH={tmp_path}/fetched"),
        ],
        env={**plain, **({"TPL_FETCH_XXHASH": asked} if asked else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert f"xxHash {numbers[taken]}.8.7." in said.stdout
