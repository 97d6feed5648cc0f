"""What gate abi refuses: modules that ask for more than their tag promises, or show more than they should."""

import subprocess

import pytest

from ci import policy
from ci.gates import abi as gate
from ci.runner.model import NotNeeded, Skip
from ci.tools import audit, stable, system, wheelfile
from tests.ci import images as make
from tests.ci.wheels import COMMAND, INFO, MODULE, STEM, TAG, Kit, compiled

pytestmark = pytest.mark.skipif(system.compiler() is None, reason="there is no C compiler: apt-get install gcc")

FILE = "libs/py/CMakeLists.txt"
CMAKE = "target_compile_definitions(_native PRIVATE Py_LIMITED_API=0x030b0000)\n"
KNOWN = {
    "PyModuleDef_Init": ((3, 5), ""),
    "PyModule_FromSlotsAndSpec": ((3, 15), ""),
    "PyNew": ((3, 12), ""),
    "PyWin": ((3, 2), "on Windows"),
}
WHERE = f"{STEM}-{TAG}.whl/{MODULE}: "


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("command"), "command")


@pytest.fixture
def judge(tmp_path, command):
    """The findings of the gate over a wheel with a module of this text."""

    def ask(more="", cmake=CMAKE, changes=lambda kit: None, commands=None, flags=()):
        kit = Kit(command, compiled(tmp_path, "module", *flags, more=more))
        changes(kit)
        held = wheelfile.Wheel(str(kit.write(tmp_path)))
        found = [*audit.sources(held, FILE, cmake, commands or {}), *audit.binaries(held, lambda: KNOWN)]
        return [str(finding) for finding in found]

    return ask


def calls(name):
    return f"extern int {name}(void);\nint call(void);\nint call(void) {{ return {name}(); }}\n"


def test_a_module_within_the_stable_abi_passes(judge):
    assert judge() == []


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("_PyPrivate", "asks for _PyPrivate, which is not in the stable ABI"),
        ("_Py_Private", "asks for _Py_Private, which is not in the stable ABI"),
        ("PyUnheardOf", "asks for PyUnheardOf, which is not in the stable ABI"),
        ("PyNew", "asks for PyNew of Python 3.12, the tag promises 3.11"),
        ("PyWin", "asks for PyWin, which is there only on Windows"),
    ],
)
def test_a_module_that_asks_for_more_is_refused(judge, name, finding):
    assert judge(calls(name)) == [WHERE + finding]


def newer_tag(kit):
    kit.name = kit.name.replace("cp311", "cp312")
    kit.replace(f"{INFO}/WHEEL", b"cp311", b"cp312")


def test_a_newer_tag_allows_more(judge):
    assert judge(calls("PyNew"), CMAKE.replace("030b", "030c"), newer_tag) == []


def other_suffix(kit):
    kit.members[MODULE.replace(".abi3.so", ".cpython-311-x86_64-linux-gnu.so")] = kit.members.pop(MODULE)


def test_a_suffix_that_no_other_python_loads_is_refused(judge):
    assert judge(changes=other_suffix) == [f"{STEM}-{TAG}.whl: {MODULE} is missing: the tag is cp311-abi3"]


@pytest.mark.parametrize(
    ("cmake", "findings"),
    [
        ("", [(1, "no version")]),
        (CMAKE.replace("030b", "0309"), [(1, "3.9")]),
        (CMAKE + CMAKE.replace("030b", "030d"), [(2, "3.13")]),
    ],
)
def test_the_headers_have_to_be_told_the_version_of_the_tag(judge, cmake, findings):
    words = "{}:{}: defines Py_LIMITED_API as of {}, the wheel's tag promises 3.11"
    assert judge(cmake=cmake) == [words.format(FILE, line, said) for line, said in findings]


TOLD = "-DPy_LIMITED_API=0x030b0000"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no Py_LIMITED_API"),
        ([TOLD, "-UPy_LIMITED_API"], f"{TOLD} -UPy_LIMITED_API"),
        (["-DPy_LIMITED_API"], "-DPy_LIMITED_API"),
        (["-DPy_LIMITED_API=3"], "-DPy_LIMITED_API=3"),
        (["-DPy_LIMITED_API=0x03090000"], "-DPy_LIMITED_API=0x03090000"),
        ([TOLD, "-DPy_BUILD_CORE"], "-DPy_BUILD_CORE"),
        ([TOLD, "-DPy_DEBUG=1"], "-DPy_DEBUG=1"),
    ],
)
def test_a_file_compiled_past_the_stable_abi_is_refused(judge, words, said):
    (finding,) = judge(commands={"libs/py/src/good.c": ["cc", TOLD], "libs/py/src/a.c": ["cc", *words, "a.c"]})
    assert finding.startswith(f"libs/py/src/a.c:1: is compiled with {said},")


def test_a_module_linked_against_libpython_is_refused(judge, tmp_path):
    (tmp_path / "none.c").write_text("int none;\n")
    library = tmp_path / "libpython3.11.so"
    source = str(tmp_path / "none.c")
    subprocess.run(
        [system.compiler(), "-shared", "-Wl,-soname,libpython3.11.so.1.0", source, "-o", library], check=True
    )
    words = "is linked against libpython3.11.so.1.0, which not every Python has"
    assert judge(flags=["-Wl,--no-as-needed", str(library)]) == [WHERE + words]


def test_a_table_that_ends_before_the_tag_judges_nothing(judge):
    def tagged(kit):
        kit.name = kit.name.replace("cp311", "cp399")

    with pytest.raises(Skip, match=r"knows Python up to 3\.15, not 3\.99"):
        judge(changes=tagged)


def test_a_wheel_for_one_python_needs_no_table(tmp_path, command):
    kit = Kit(command, compiled(tmp_path, "module", more=calls("_PyPrivate")))
    kit.name = kit.name.replace("cp311-abi3", "cp314-cp314t")
    name = MODULE.replace(".abi3.so", ".cpython-314t-x86_64-linux-gnu.so")
    kit.members[name] = kit.members.pop(MODULE)
    held = wheelfile.Wheel(str(kit.write(tmp_path)))

    def table():
        raise AssertionError("asked for")

    assert list(audit.binaries(held, table)) == []


def test_without_a_stable_abi_the_gate_does_not_pass(tmp_path, command, context, monkeypatch):
    kit = Kit(command, compiled(tmp_path, "module"))
    kit.name = kit.name.replace("cp311-abi3", "cp310-cp310")
    kit.members[MODULE.replace(".abi3.so", ".cpython-310-x86_64-linux-gnu.so")] = kit.members.pop(MODULE)
    path = str(kit.write(tmp_path))
    monkeypatch.setattr(gate.wheel, "built", lambda ctx: path)
    monkeypatch.setattr(gate.native, "built", lambda ctx, preset: "")
    monkeypatch.setattr(gate.objects, "commands", lambda root, folder: {})
    ctx = context({FILE: CMAKE})
    with pytest.raises(NotNeeded, match=r"cp310 is no stable ABI: .*PYTHON=python3\.13 \./ci\.sh abi"):
        gate.check(ctx)
    kit.members[COMMAND] = b"text"
    kit.write(tmp_path)
    assert len(gate.check(ctx)) == 1


def test_a_function_for_all_to_see_is_refused(judge):
    shown = '__attribute__((visibility("default"))) int shown(void);\nint shown(void) { return 1; }\n'
    assert judge(shown) == [WHERE + "exports shown, which is nobody's business"]


def hidden_init(kit):
    kit.members[MODULE] = kit.members[MODULE].replace(b"PyInit__native", b"PyInit__notive")


def test_a_module_without_its_init_function_is_refused(judge):
    assert WHERE + "does not export PyInit__native" in judge(changes=hidden_init)


def test_a_command_that_exports_is_refused(judge, tmp_path):
    def exports(kit):
        shown = '__attribute__((visibility("default"))) int shown(void);\nint shown(void) { return 1; }\n'
        kit.members[next(n for n in kit.members if n.endswith("template-cli"))] = compiled(
            tmp_path, "command", "-rdynamic", more=shown
        )

    assert f"{STEM}-{TAG}.whl/{COMMAND}: exports shown, which is nobody's business" in judge(changes=exports)


@pytest.mark.parametrize(("tag", "version"), [("cp39", (3, 9)), ("cp311", (3, 11)), ("cp314t", (3, 14))])
def test_the_floor_of_a_tag(tag, version):
    assert stable.floor(tag) == version


# ---------------------------------------------------------------- other platforms, and abi3t
def foreign(tmp_path, tag, module, command, name="_native.abi3.so"):
    """The findings over a wheel for another platform."""
    kit = Kit(command, module)
    kit.name = f"{STEM}-{tag}.whl"
    kit.members[f"{policy.PACKAGE}/{name}"] = kit.members.pop(MODULE)
    if "win" in tag.rpartition("-")[2]:
        kit.members[COMMAND + ".exe"] = kit.members.pop(COMMAND)
    held = wheelfile.Wheel(str(kit.write(tmp_path)))
    return [finding.message for finding in audit.binaries(held, lambda: KNOWN)]


def windows(*names, library="python3.dll", hook="PyInit__native"):
    return make.pe({library: names, "KERNEL32.dll": ("CreateFileW",)}, [hook])


def apple(*names, hook="PyInit__native", **more):
    return make.macho([*names, "malloc"], [hook], **more)


@pytest.mark.parametrize(
    ("module", "findings"),
    [
        (windows("PyModuleDef_Init"), []),
        (windows("PyModuleDef_Init", "PyNew"), ["asks for PyNew of Python 3.12, the tag promises 3.11"]),
        (windows(7), ["asks Python for number 7, which another version gives to something else"]),
        (
            windows("PyModuleDef_Init", library="python311.dll"),
            ["is linked against python311.dll: a wheel of this tag takes python3.dll"],
        ),
        (
            windows("PyModuleDef_Init", hook="other"),
            ["does not export PyInit__native", "exports other, which is nobody's business"],
        ),
        (make.pe({}, ["PyInit__native"]), ["asks nothing of Python"]),
        (apple("PyModuleDef_Init"), ["is of the form Mach-O, for win_amd64 it is PE"]),
        (b"MZ, but no more", ["is a damaged PE file"]),
        (b"text", ["is no binary: neither ELF nor Mach-O nor PE"]),
    ],
)
def test_modules_for_windows(tmp_path, module, findings):
    found = foreign(tmp_path, "cp311-abi3-win_amd64", module, make.pe({}, []), "_native.pyd")
    assert len(found) == len(findings)
    assert all(one.startswith(other) for one, other in zip(found, findings))


def test_a_wheel_for_one_python_takes_that_ones_library(tmp_path):
    tag, name = "cp313-cp313-win_amd64", "_native.cp313-win_amd64.pyd"
    assert foreign(tmp_path, tag, windows("PyAny", library="python313.dll"), make.pe({}, []), name) == []
    (finding,) = foreign(tmp_path, tag, windows("PyAny", library="python3.dll"), make.pe({}, []), name)
    assert finding == "is linked against python3.dll: a wheel of this tag takes python313.dll"


@pytest.mark.parametrize(
    ("module", "findings"),
    [
        (apple("PyModuleDef_Init"), []),
        (make.fat([apple("PyModuleDef_Init"), apple("PyModuleDef_Init", order=">", wide=False)]), []),
        (
            make.fat([apple("PyModuleDef_Init"), apple("PyModuleDef_Init", "_PyGone")]),
            ["asks for _PyGone, which is not in the stable ABI"],
        ),
        (
            apple("PyModuleDef_Init", libraries=["/Library/Frameworks/Python.framework/Versions/3.11/Python"]),
            ["is linked against /Library/Frameworks/Python.framework/Versions/3.11/Python, which not every Python has"],
        ),
        (apple("PyModuleDef_Init", trie=["_PyInit__native", "_shown"]), ["exports shown, which is nobody's business"]),
    ],
)
def test_modules_for_macos(tmp_path, module, findings):
    assert foreign(tmp_path, "cp311-abi3-macosx_11_0_arm64", module, make.macho([], ["_mh_execute_header"])) == findings


SLOTS, HOOK = "PyModule_FromSlotsAndSpec", "PyModExport__native"


@pytest.mark.parametrize(
    ("module", "findings"),
    [
        (apple(SLOTS, hook=HOOK), []),
        (apple(SLOTS), [f"does not export {HOOK}", "exports PyInit__native, which is nobody's business"]),
        (
            apple(SLOTS, "PyModuleDef_Init", hook=HOOK),
            ["asks for PyModuleDef_Init, which takes a PyModuleDef: no module can make one in abi3t"],
        ),
    ],
)
def test_modules_for_both_stable_abis(tmp_path, module, findings):
    name = "_native.abi3t.so"
    assert foreign(tmp_path, "cp315-abi3.abi3t-macosx_11_0_arm64", module, make.macho([], []), name) == findings


def test_abi3t_begins_with_3_15(tmp_path):
    module = apple("PyNew", hook=HOOK)
    (finding,) = foreign(tmp_path, "cp314-abi3t-macosx_11_0_arm64", module, make.macho([], []), "_native.abi3t.so")
    assert finding == "promises abi3t of Python 3.14, which begins with 3.15"


def test_abi3t_on_windows_has_a_library_of_its_own(tmp_path):
    tag = "cp315-abi3.abi3t-win_amd64"
    assert (
        foreign(tmp_path, tag, windows(SLOTS, library="python3t.dll", hook=HOOK), make.pe({}, []), "_native.pyd") == []
    )
    (finding,) = foreign(tmp_path, tag, windows(SLOTS, hook=HOOK), make.pe({}, []), "_native.pyd")
    assert finding == "is linked against python3.dll: a wheel of this tag takes python3t.dll"


def test_the_headers_are_told_of_abi3t_by_its_own_macro():
    cmake = "Py_LIMITED_API=0x030f0000\n"
    assert list(stable.definition_faults(cmake, (3, 15), "abi3")) == []
    ((_, fault),) = stable.definition_faults(cmake, (3, 15), "abi3t")
    assert fault.startswith("defines Py_TARGET_ABI3T as of no version")
