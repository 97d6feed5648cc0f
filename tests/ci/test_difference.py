"""What gate repro says of two wheels that differ."""

import pytest

from ci.tools import difference, system
from tests.ci.wheels import INFO, Kit, compiled

START = "template_pkg/__init__.py"


def packed(folder, name, change=lambda kit: None):
    kit = Kit(b"\x7fELF no more", b"module")
    change(kit)
    (folder / name).mkdir()
    return str(kit.write(folder / name))


def other_content(kit):
    kit.members[START] = b"x = 1\n"


def other_mode(kit):
    kit.modes[START] = 0o600


def other_time(kit):
    kit.times[START] = (2026, 1, 1, 0, 0, 0)


def other_order(kit):
    kit.members = dict(reversed(kit.members.items()))
    kit.record = Kit(b"\x7fELF no more", b"module").rows()


def one_more(kit):
    kit.members["more.py"] = b""


def other_command(kit):
    kit.members[next(name for name in kit.members if "scripts" in name)] = b"\x7fELF no less"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (other_content, f"{START} differs from byte 0: '' and 'x = 1\\n' (0 and 6 bytes)"),
        (other_mode, f"{START} is stored with another external_attr"),
        (other_time, f"{START} is stored with another date_time: (2022, 11, 9, 12, 0, 0) and (2026"),
        (other_order, "the members are in another order"),
        (one_more, "more.py is only in the second"),
        (other_command, "template-cli differs from byte 8"),
    ],
)
def test_the_first_difference_is_explained(tmp_path, change, words):
    assert words in difference.explain(packed(tmp_path, "a"), packed(tmp_path, "b", change))


def test_equal_wheels_do_not_differ(tmp_path):
    assert difference.explain(packed(tmp_path, "a"), packed(tmp_path, "b")) == ""


@pytest.mark.skipif(system.compiler() is None, reason="there is no C compiler: apt-get install gcc")
@pytest.mark.parametrize("one", ["10:00:01", "a time of another length: 10:00:01"])
def test_the_words_of_a_binary_are_named(tmp_path, one):
    def holds(text):
        more = f'const char *held(void);\nconst char *held(void) {{ return "{text}"; }}\n'
        return lambda kit: kit.members.update({START: compiled(tmp_path, "command", more=more)})

    found = difference.explain(packed(tmp_path, "a", holds(one)), packed(tmp_path, "b", holds("10:00:07")))
    assert f"in .rodata: b'{one}' and b'10:00:07'" in found


def test_a_record_is_the_last_to_blame(tmp_path):
    assert INFO not in difference.explain(packed(tmp_path, "a"), packed(tmp_path, "b", other_content))
