"""What gate wheel refuses: a corpus of wheels, each broken in one way."""

import contextlib
import struct
import subprocess
import warnings
import zipfile

import pytest

from ci import policy
from ci.tools import system
from tests.ci.wheels import COMMAND, FLAGS, INFO, MODULE, ROOT, STEM, TAG, Kit, compiled, faults

pytestmark = pytest.mark.skipif(system.compiler() is None, reason="there is no C compiler: apt-get install gcc")


@pytest.fixture(scope="module")
def binaries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("binaries")
    return compiled(folder, "command"), compiled(folder, "module")


@pytest.fixture
def kit(binaries):
    return Kit(*binaries)


def test_a_good_wheel_has_no_fault(kit, tmp_path):
    assert faults(kit.write(tmp_path)) == []


# ---------------------------------------------------------------- members
def stub_left_out(kit):
    del kit.members[f"{policy.PACKAGE}/__init__.py"]


def cache_left_in(kit):
    kit.members[f"{policy.PACKAGE}/__pycache__/a.pyc"] = b"x"


def second_abi(kit):
    kit.members[f"{policy.PACKAGE}/_native.cpython-311-x86_64-linux-gnu.so"] = kit.members[MODULE]


def path_that_leaves(kit):
    kit.members["../../bin/sh"] = b"x"


def module_of_one_python(kit):
    kit.members[f"{policy.PACKAGE}/_native.cpython-311-x86_64-linux-gnu.so"] = kit.members.pop(MODULE)


def tag_of_one_python(kit):
    kit.name = kit.name.replace("cp311-abi3", "cp312-cp312")
    kit.replace(f"{INFO}/WHEEL", b"cp311-abi3", b"cp312-cp312")


def other_tag(kit):
    kit.replace(f"{INFO}/WHEEL", b"cp311-abi3", b"cp312-abi3")


def pure(kit):
    kit.replace(f"{INFO}/WHEEL", b"Purelib: false", b"Purelib: true")


def other_version(kit):
    kit.replace(f"{INFO}/METADATA", b"1.2.3", b"1.2.4")


def other_name(kit):
    kit.name = kit.name.replace("template_pkg", "template_kit")


def as_found(kit):
    kit.members[f"{policy.PACKAGE}/__init__.py"] = kit.members.pop(f"{policy.PACKAGE}/__init__.py")


def no_mode(kit):
    kit.modes[COMMAND] = 0o644


def open_to_all(kit):
    kit.modes[f"{INFO}/WHEEL"] = 0o666


def program_among_texts(kit):
    kit.modes[f"{policy.PACKAGE}/__init__.py"] = 0o755


def script(kit):
    kit.members[COMMAND] = b"#!/usr/bin/env python3\nimport template_pkg\n" + b"#" * 64


def truncated_module(kit):
    kit.members[MODULE] = kit.members[MODULE][:4000]


def other_machine(kit):
    kit.members[MODULE] = kit.members[MODULE][:18] + b"\x03\x00" + kit.members[MODULE][20:]


def no_licence(kit):
    del kit.members[f"{INFO}/licenses/LICENSE"]


def other_licence(kit):
    kit.members[f"{INFO}/licenses/LICENSE"] = b"May not be used.\n"


def unlisted_licence(kit):
    kit.replace(f"{INFO}/METADATA", b"License-File: LICENSE\n", b"")


def other_expression(kit):
    kit.replace(f"{INFO}/METADATA", b": MIT", b": 0BSD")


def built_here(kit):
    kit.members[f"{policy.PACKAGE}/__init__.py"] = f"HERE = '{ROOT}/libs'\n".encode()


def too_large(kit):
    kit.members[COMMAND] += bytes(i * i % 251 ^ i >> 7 & 255 for i in range(8 * policy.WHEEL_BYTES))


def some_time(kit):
    kit.times[MODULE] = (2026, 1, 2, 3, 4, 6)


# ---------------------------------------------------------------- RECORD
def unrecorded(kit):
    kit.record = "".join(line for line in kit.rows().splitlines(True) if not line.startswith(MODULE))


def wrong_hash(kit):
    kit.record = kit.rows()
    kit.members[f"{policy.PACKAGE}/__init__.py"] = b"import os\n"


def weak_hash(kit):
    kit.record = kit.rows().replace("sha256=", "md5=", 1)


def recorded_only(kit):
    kit.record = kit.rows() + "gone.py,sha256=x,1\n"


def recorded_twice(kit):
    kit.record = kit.rows() + kit.rows().splitlines(True)[0]


BROKEN = [
    (stub_left_out, "__init__.py is missing"),
    (cache_left_in, "a.pyc does not belong"),
    (second_abi, "_native.cpython-311-x86_64-linux-gnu.so does not belong"),
    (path_that_leaves, "../../bin/sh does not belong"),
    (module_of_one_python, "_native.abi3.so is missing"),
    (tag_of_one_python, "_native.cpython-312-*.so is missing"),
    (other_tag, "WHEEL says ['cp312-abi3"),
    (pure, "WHEEL does not say that it is for one platform"),
    (other_version, "METADATA is of template_pkg-1.2.4"),
    (other_name, "is not named as a wheel of this package"),
    (as_found, f"{MODULE} is not in its place: {policy.PACKAGE}/__init__.py is due"),
    (no_mode, "template-cli has mode 0644, not 0755"),
    (open_to_all, "WHEEL has mode 0666, not 0644"),
    (program_among_texts, "__init__.py has mode 0755, not 0644"),
    (script, "template-cli is not an ELF file"),
    (truncated_module, "_native.abi3.so is a damaged ELF file"),
    (other_machine, "_native.abi3.so is for machine 3, the tag says linux_"),
    (no_licence, "licenses/LICENSE is missing"),
    (other_licence, "the licence LICENSE is not the project's"),
    (unlisted_licence, "METADATA does not list the licence files LICENSE"),
    (other_expression, "METADATA has the licence 0BSD, the project MIT"),
    (built_here, "__init__.py holds the path of the folder that it was built in"),
    (too_large, "bytes, the budget is"),
    (some_time, "its members have different times"),
    (unrecorded, "RECORD does not hold the hash and size of template_pkg/_native"),
    (wrong_hash, "RECORD does not hold the hash and size of template_pkg/__init__.py"),
    (weak_hash, "RECORD does not hold the hash and size of template_pkg/__init__.py"),
    (recorded_only, "RECORD lists gone.py, which is not there"),
    (recorded_twice, "RECORD lists a name twice"),
]


@pytest.mark.parametrize(("breaks", "finding"), BROKEN, ids=lambda row: getattr(row, "__name__", ""))
def test_a_broken_wheel_is_refused(kit, tmp_path, breaks, finding):
    breaks(kit)
    found = faults(kit.write(tmp_path))
    assert any(finding in fault for fault in found), found


# ---------------------------------------------------------------- the ZIP file
def trailing(content):
    return content + b"PK and more"


def leading(content):
    """Something before the first member, with every offset moved: a self-extracting archive's form."""
    end = content.rfind(b"PK\5\6")
    at = struct.unpack_from("<L", content, end + 16)[0]
    changed = bytearray(content)
    struct.pack_into("<L", changed, end + 16, at + 4)
    while at < end:
        name, extra, comment = struct.unpack_from("<3H", content, at + 28)
        struct.pack_into("<L", changed, at + 42, struct.unpack_from("<L", content, at + 42)[0] + 4)
        at += 46 + name + extra + comment
    return b"#!/x" + bytes(changed)


def two_names(content):
    """One name in the member's header, another in the directory."""
    return content.replace(b"__init__.py", b"__evil__.py", 1)


def commented(content):
    return content[:-2] + b"\2\0hi"


def damaged(content):
    at = content.index(b"\x7fELF") if b"\x7fELF" in content else 2000
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def cut(content):
    return content[:-30]


@pytest.mark.parametrize(
    ("breaks", "finding"),
    [
        (trailing, "bytes follow its end record"),
        (leading, "does not follow what is before it: 4 bytes between"),
        (two_names, "is described in two ways"),
        (commented, "its end record is not plain"),
        (damaged, "is damaged"),
        (cut, "cannot be read as a ZIP file"),
    ],
)
def test_an_ambiguous_archive_is_refused(kit, tmp_path, breaks, finding):
    path = kit.write(tmp_path)
    path.write_bytes(breaks(path.read_bytes()))
    found = faults(path)
    assert any(finding in fault for fault in found), found


def test_a_name_that_is_there_twice_is_refused(kit, tmp_path):
    path = kit.write(tmp_path)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(zipfile.ZipInfo(MODULE), b"another")
    assert f"{MODULE} is there twice" in faults(path)


def test_a_member_of_unknown_size_is_refused(kit, tmp_path):
    """Sizes after the data: readers differ in where they think the member ends."""
    path = kit.write(tmp_path)
    with open(path, "rb") as file:
        content = bytearray(file.read())
    content[6] |= 8
    path.write_bytes(bytes(content))
    assert any("is described in two ways" in fault for fault in faults(path))


def test_a_symbolic_link_is_refused(kit, tmp_path):
    path = kit.write(tmp_path)
    content = bytearray(path.read_bytes())
    at = struct.unpack_from("<L", content, content.rfind(b"PK\5\6") + 16)[0]
    struct.pack_into("<L", content, at + 38, 0o120644 << 16)
    path.write_bytes(bytes(content))
    assert "template_pkg/__init__.py is not a plain file" in faults(path)


# ---------------------------------------------------------------- binaries
@pytest.mark.parametrize(
    ("kind", "flags", "finding"),
    [
        ("command", ["-no-pie", "-fno-pie"], "is not position-independent"),
        ("command", ["-Wl,-z,norelro"], "has no RELRO segment"),
        ("module", ["-Wl,-z,norelro"], "has no RELRO segment"),
        ("command", ["-Wl,-z,lazy"], "binds lazily"),
        ("module", ["-Wl,-z,lazy"], "binds lazily"),
        ("command", ["-Wl,-z,execstack"], "has an executable stack"),
        ("module", ["-Wl,-z,execstack"], "has an executable stack"),
        ("module", ["-fno-stack-protector"], "is compiled without stack protectors"),
        ("module", ["-U_FORTIFY_SOURCE"], "is compiled without _FORTIFY_SOURCE"),
        ("command", ["-Wl,-rpath,/opt/lib"], "run path"),
    ],
)
def test_a_soft_binary_is_refused(kit, tmp_path, kind, flags, finding):
    name = COMMAND if kind == "command" else MODULE
    kit.members[name] = compiled(tmp_path, kind, *flags)
    found = faults(kit.write(tmp_path))
    assert any(fault.startswith(name) and finding in fault for fault in found), found


def test_memory_that_can_be_written_to_and_executed_is_refused(kit, tmp_path):
    content = bytearray(kit.members[MODULE])
    (first,) = struct.unpack_from("<Q", content, 32)
    for at in range(first, first + 56 * content[56], 56):
        if content[at : at + 4] == b"\1\0\0\0":
            content[at + 4] = 7
    kit.members[MODULE] = bytes(content)
    assert f"{MODULE} has memory that can be written to and executed" in faults(kit.write(tmp_path))


def test_a_binary_with_symbols_is_refused(kit, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.ci.wheels.FLAGS", [flag for flag in FLAGS if flag != "-s"])
    kit.members[COMMAND] = compiled(tmp_path, "command", "-g")
    assert f"{COMMAND} is not stripped" in faults(kit.write(tmp_path))


def library(folder, soname, version):
    """A library of that name whose one function has that version."""
    source, script, made = folder / "lib.c", folder / "lib.map", folder / "lib.so"
    source.write_text("int later(void) { return 1; }\n")
    script.write_text(f"{version} {{ global: later; local: *; }};\n")
    flags = ["-shared", "-fPIC", f"-Wl,-soname,{soname}", f"-Wl,--version-script={script}"]
    subprocess.run([system.compiler(), *flags, str(source), "-o", str(made)], check=True)
    return [str(made), "-Wl,--unresolved-symbols=ignore-all"]  # of a false libc, what it lacks


CALL = 'extern int later(void);\nint wait(void);\n__attribute__((visibility("default"))) int wait(void) { return later(); }\n'


@pytest.mark.parametrize("kind", ["command", "module"])
@pytest.mark.parametrize(
    ("soname", "version", "finding"),
    [
        ("libfancy.so.1", "FANCY_1", "needs libfancy.so.1, which a user may not have"),
        ("libc.so.6", "GLIBC_9.1", "asks for glibc 9.1 (for later), linux_"),
        ("libc.so.6", "GLIBC_PRIVATE", "asks for GLIBC_PRIVATE (for later), which is no release"),
    ],
)
def test_a_binary_that_asks_for_too_much_is_refused(kit, tmp_path, kind, soname, version, finding):
    name = COMMAND if kind == "command" else MODULE
    kit.members[name] = compiled(tmp_path, kind, *library(tmp_path, soname, version), more=CALL)
    found = faults(kit.write(tmp_path))
    assert any(fault.startswith(name) and finding in fault for fault in found), found


def tagged(kit, floor):
    """Gives the wheel another platform's tag."""
    platform = TAG.rpartition("-")[2].replace("linux", floor, 1)
    kit.name = f"{STEM}-cp311-abi3-{platform}.whl"
    kit.replace(f"{INFO}/WHEEL", TAG.encode(), f"cp311-abi3-{platform}".encode())


@pytest.mark.parametrize(
    ("floor", "refused"),
    [
        ("manylinux_2_3", True),
        ("manylinux1", True),
        ("manylinux2010", False),
        ("manylinux2014", False),
        ("manylinux", True),
        ("musllinux_1_2", True),
        ("linux", False),
    ],
)
def test_the_tag_sets_the_floor(kit, tmp_path, floor, refused):
    tagged(kit, floor)
    kit.members[COMMAND] = compiled(tmp_path, "command", *library(tmp_path, "libc.so.6", "GLIBC_2.9"), more=CALL)
    kit.members[MODULE] = compiled(tmp_path, "module", *library(tmp_path, "libc.so.6", "GLIBC_2.9"), more=CALL)
    found = [fault for fault in faults(kit.write(tmp_path)) if "asks for glibc 2.9" in fault]
    assert len(found) == (2 if refused else 0)


@pytest.mark.parametrize(
    ("floor", "soname", "refused"),
    [
        ("musllinux_1_2", "libc.so.6", True),
        ("musllinux_1_2", "libc.musl-x86_64.so.1", False),
        ("manylinux_2_28", "libc.musl-x86_64.so.1", True),
        ("manylinux2014", "libc.so.6", False),
        ("linux", "libc.musl-x86_64.so.1", False),
        ("linux", "libc.so.6", False),
    ],
)
def test_each_platform_has_its_own_c_library(kit, tmp_path, floor, soname, refused):
    tagged(kit, floor)
    kit.members[MODULE] = compiled(tmp_path, "module", *library(tmp_path, soname, "GLIBC_2.2.5"), more=CALL)
    fault = f"{MODULE} needs {soname}, which a user may not have"
    assert (fault in faults(kit.write(tmp_path))) is refused


def test_every_byte_of_a_binary_can_be_wrong_without_harm(kit, tmp_path):
    """Damage is told, never a traceback."""
    from ci.tools.elf import Elf, Unreadable

    content = kit.members[COMMAND]
    for at in [*range(64), *range(64, len(content), 97)]:
        for bad in (0x00, 0x7F, 0xFF):
            with contextlib.suppress(Unreadable):
                Elf(content[:at] + bytes([bad]) + content[at + 1 :])
