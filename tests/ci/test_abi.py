"""What gate abi refuses: modules that ask for more than their tag promises, or show more than they should."""

import pytest

from ci.gates import abi
from ci.tools import stable, system, wheelfile
from tests.ci.wheels import INFO, MODULE, Kit, compiled

pytestmark = pytest.mark.skipif(system.compiler() is None, reason="there is no C compiler: apt-get install gcc")

CMAKE = "target_compile_definitions(_native PRIVATE Py_LIMITED_API=0x030b0000)\n"
KNOWN = {"PyModuleDef_Init": ((3, 5), ""), "PyNew": ((3, 12), ""), "PyWin": ((3, 2), "on Windows")}


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("command"), "command")


@pytest.fixture
def judge(tmp_path, command):
    """The findings of the gate over a wheel with a module of this text."""

    def ask(more="", cmake=CMAKE, changes=lambda kit: None):
        kit = Kit(command, compiled(tmp_path, "module", more=more))
        changes(kit)
        held = wheelfile.Wheel(str(kit.write(tmp_path)))
        return [finding.message for finding in abi.judge(held, cmake, KNOWN)]

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
    assert judge(calls(name)) == [finding]


def newer_tag(kit):
    kit.name = kit.name.replace("cp311", "cp312")
    kit.replace(f"{INFO}/WHEEL", b"cp311", b"cp312")


def test_a_newer_tag_allows_more(judge):
    assert judge(calls("PyNew"), CMAKE.replace("030b", "030c"), newer_tag) == []


def other_suffix(kit):
    kit.members[MODULE.replace(".abi3.so", ".cpython-311-x86_64-linux-gnu.so")] = kit.members.pop(MODULE)


def test_a_suffix_that_no_other_python_loads_is_refused(judge):
    assert judge(changes=other_suffix) == [f"{MODULE} is missing: the tag is cp311-abi3"]


@pytest.mark.parametrize(
    ("cmake", "said"),
    [("", "no version"), (CMAKE.replace("030b", "0309"), "3.9"), (CMAKE + CMAKE.replace("030b", "030d"), "3.11, 3.13")],
)
def test_the_headers_have_to_be_told_the_version_of_the_tag(judge, cmake, said):
    (finding,) = judge(cmake=cmake)
    assert f"defines Py_LIMITED_API as of {said}, the wheel's tag promises 3.11" in finding


def test_a_function_for_all_to_see_is_refused(judge):
    shown = '__attribute__((visibility("default"))) int shown(void);\nint shown(void) { return 1; }\n'
    assert judge(shown) == ["exports shown, which is nobody's business"]


def hidden_init(kit):
    kit.members[MODULE] = kit.members[MODULE].replace(b"PyInit__native", b"PyInit__notive")


def test_a_module_without_its_init_function_is_refused(judge):
    assert "does not export PyInit__native" in judge(changes=hidden_init)


def test_a_command_that_exports_is_refused(judge, tmp_path):
    def exports(kit):
        shown = '__attribute__((visibility("default"))) int shown(void);\nint shown(void) { return 1; }\n'
        kit.members[next(n for n in kit.members if n.endswith("template-cli"))] = compiled(
            tmp_path, "command", "-rdynamic", more=shown
        )

    assert "exports shown, which is nobody's business" in judge(changes=exports)


@pytest.mark.parametrize(("tag", "version"), [("cp39", (3, 9)), ("cp311", (3, 11)), ("cp314t", (3, 14))])
def test_the_floor_of_a_tag(tag, version):
    assert stable.floor(tag) == version
