"""Guards: what goes in, and what they decide; and that installing them can be taken back to the byte."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ci import bans
from ci.hooks import commands, edits, guard, shell, state, tools

GUARD = Path(guard.__file__)


# ---------------------------------------------------------------- reading shell
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b; c && d || e | f & g\nh", ["a b", "c", "d", "e", "f", "g", "h"]),
        ("(a; b) && { c; }", ["a", "b", "c"]),
        ("if a; then b; else c; fi", ["a", "b", "c"]),
        ("X=1 Y=2 sudo -E env Z=3 a b", ["a b"]),
        ("timeout 5 nice -n 3 a", ["a"]),
        ("x=$(a b)", ["a b"]),
        ('echo "$(a b)"', ["a b", "echo $(a b)"]),
        ('echo "`a b`"', ["a b", "echo `a b`"]),
        ("bash -lc 'a b; c'", ["bash -lc a b; c", "a b", "c"]),
        ("eval 'a b'", ["eval a b", "a b"]),
        ("a \\\n  b", ["a b"]),
        ("a # b; c\nd '# e' \"# f\"; g#h", ["a", "d # e # f", "g#h"]),
        ("echo '#' && a", ["echo #", "a"]),
        ("a 2>&1 b", ["a 2 1 b"]),
        ("cat <<'E'\ndon't; a\nE\nb", ["cat", "b"]),
        ("echo 'a; b'", ["echo a; b"]),
        ("sudo -u root -E env -u A -- X=1 a b", ["a b"]),
        ("sudo -Hu root -uroot a", ["a"]),
        ("sudo --user root --group=x a", ["a"]),
        ("timeout -s KILL -k1 5 a", ["a"]),
        ("env -S 'a b' c", ["a b c"]),
        ("xargs -n 1 -0 a b", ["a b"]),
        ("bash <<'E'\na; b\nE\nc", ["bash", "a", "b", "c"]),
        ("cat <<E | sh -e\na $(b)\nE", ["b", "cat", "sh -e", "a $", "b"]),
        ("cat <<'E'\n$(a)\nE", ["cat"]),
        ("sh -s x <<< 'a b'", ["sh -s x", "a b"]),
        ("sh script <<< 'a b'", ["sh script"]),
        ("cat <<E > file\nE\na", ["cat file", "a"]),
        ("", []),
    ],
)
def test_the_commands_in_a_line(text, found):
    assert [" ".join(words) for words in shell.commands(text)] == found


# ---------------------------------------------------------------- unsafe commands
ROOT = "/src/x"


def refused(text, **env):
    return commands.refusal(text, ROOT, env)


@pytest.mark.parametrize(
    "text",
    [
        "cmake --build --preset dev -j2",
        "cmake --preset asan && ctest --preset asan",
        "cmake --install build/dev",
        "cmake -E rm x",
        "echo cmake --build build",
        "git commit -m 'pip install x; git push --force'",
        "git log # cmake --build x",
        "cat <<E\npip install x\nE",
        ". .venv/bin/activate && pip install x",
        ".venv/bin/pip install -e .",
        "build/env/lint/bin/python -m pip install x",
        "/src/x/.venv/bin/python -m pip install x",
        "pip list; pip --version",
        "uv pip install x",
        "git push origin main",
        "git push --force-with-lease origin topic",
        "git push --follow-tags",
        "git stash push -f",
        "git push origin fix-f",
        "ls 'unclosed",
        "bash <<'E'\necho 'pip install x'\nE",
        "cat <<E | grep pip\npip install x\nE",
        "bash script <<E\npip install x\nE",
        "echo pip install x | cat",
        "printf 'pip install x' || sh",
        "sudo -u pip ls install",
        "python3 -c 'import pip' install",
        "python3 -m pipx install x",
        "/src/x/.venv/bin/python -X utf8 -m pip install x",
        "source /src/x/.venv/bin/activate; pip install x",
    ],
)
def test_a_command_that_may_be_run(text):
    assert refused(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cmake --build build", "cmake --build --preset dev"),
        ("cd build && cmake --build . -j2", "cmake --build --preset dev"),
        ("cmake -S . -B out", "cmake --preset dev"),
        ("cmake -Bout", "cmake --preset dev"),
        ("bash -c 'cmake --build x'", "cmake --build --preset dev"),
        ('echo "$(cmake --build x)"', "cmake --build --preset dev"),
        ("git log # why\ncmake --build x", "cmake --build --preset dev"),
        ("/usr/bin/cmake --build x", "cmake --build --preset dev"),
        ("pip install x", "./ci.sh dev"),
        ("pip3.11 -q install x", "./ci.sh dev"),
        ("sudo -H python3 -m pip install x", "./ci.sh dev"),
        ("/usr/bin/pip install x", "./ci.sh dev"),
        ("../other/.venv/bin/pip install x", "./ci.sh dev"),
        ("uv pip install --system x", "./ci.sh dev"),
        ("git push --force", "--force-with-lease"),
        ("git push -f origin main", "--force-with-lease"),
        ("git -C sub push -uf origin main", "--force-with-lease"),
        ("git push origin +main", "--force-with-lease"),
        ("pip install 'unclosed", "cannot be read as shell"),
        ("sudo -u root pip install x", "./ci.sh dev"),
        ("env -u A -C / pip install x", "./ci.sh dev"),
        ("timeout -s KILL 5 pip install x", "./ci.sh dev"),
        ("ls | xargs -n 1 pip install", "./ci.sh dev"),
        ("python3 -mpip install x", "./ci.sh dev"),
        ("python3 -Im pip install x", "./ci.sh dev"),
        ("python3 -X utf8 -W ignore -m pip -q --proxy p install x", "./ci.sh dev"),
        (". /other/venv/bin/activate && pip install x", "./ci.sh dev"),
        (". .venv/bin/activate && . /other/venv/bin/activate && pip install x", "./ci.sh dev"),
        ("bash <<'E'\ngit push --force\nE", "--force-with-lease"),
        ("sudo bash -s <<-E\n\tgit push --force\n\tE\nls", "--force-with-lease"),
        ("cat <<E\n$(git push --force)\nE", "--force-with-lease"),
        ("bash <<< 'git push --force'", "--force-with-lease"),
        ("echo 'git push --force' | sh", "--force-with-lease"),
        ("echo git push --force | sudo bash", "--force-with-lease"),
        ("printf '%s\\n' 'git push --force' | sh", "--force-with-lease"),
        ("cat <<E | sh\ngit push --force\nE", "--force-with-lease"),
    ],
)
def test_a_command_that_may_not_be_run(text, why):
    assert why in refused(text)


def test_an_active_environment_counts_when_it_is_this_checkouts():
    assert refused("pip install x", VIRTUAL_ENV=f"{ROOT}/.venv") == ""
    assert refused("pip install x", VIRTUAL_ENV="/other/.venv") != ""


def test_each_rule_of_the_policy_refuses_something():
    texts = ["cmake --build x", "cmake -S .", "pip install x", "uv pip install --system x", "git push -f"]
    for rule, text in zip(bans.UNSAFE, texts):
        assert refused(text).endswith(rule.why)
    assert len(texts) == len(bans.UNSAFE)


# ---------------------------------------------------------------- edits
def asked(root, tool, **given):
    return tools.refusal(str(root), {"tool_name": tool, "tool_input": given}, {})


PATCH = "*** Begin Patch\n*** Update File: libs/core/src/{}\n@@\n x;\n+y;\n*** End Patch\n"
FULL, BEYOND, SMALL = "libs/core/src/full.c", "libs/core/src/beyond.c", "libs/core/src/a.c"
EDIT = {"old_string": "x;\n", "new_string": "x;\ny;\n"}


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Write", {"file_path": "libs/core/src/new.c", "content": "x;\n" * 800}),
        ("Write", {"file_path": BEYOND, "content": "x;\n" * 850}),
        ("Write", {"file_path": "/elsewhere/a.c", "content": "x;\n" * 9000}),
        ("Edit", {"file_path": SMALL, "old_string": "line 1;\n", "new_string": "x;\n" * 500}),
        ("Edit", {"file_path": FULL, "old_string": "x;", "new_string": "y;", "replace_all": True}),
        ("Edit", {"file_path": "part/README.md", "old_string": "`a.c`", "new_string": "`a.c`, `part/`"}),
        ("MultiEdit", {"file_path": FULL, "edits": [EDIT, {"old_string": "y;\n", "new_string": ""}]}),
        ("apply_patch", {"command": PATCH.format("full.c").replace("+y", "-x").replace(" x", "+z")}),
        ("apply_patch", {"command": "*** Begin Patch\n*** Delete File: part/a.c\n*** End Patch\n"}),
        ("Read", {"file_path": FULL}),
    ],
)
def test_an_edit_that_may_be_made(checkout, tool, given):
    assert asked(checkout, tool, **given) == ""


@pytest.mark.parametrize(
    ("tool", "given", "why"),
    [
        ("Write", {"file_path": "libs/core/src/new.c", "content": "x;\n" * 801}, "801 lines, the budget is 800"),
        ("Edit", {"file_path": FULL, **EDIT}, "801 lines, the budget is 800"),
        ("Edit", {"file_path": FULL, **EDIT, "replace_all": True}, "1600 lines, the budget is 800"),
        ("Edit", {"file_path": BEYOND, **EDIT}, "901 lines, the budget is 800"),
        ("MultiEdit", {"file_path": FULL, "edits": [EDIT, EDIT]}, "802 lines, the budget is 800"),
        ("apply_patch", {"command": PATCH.format("full.c")}, "801 lines, the budget is 800"),
        (
            "apply_patch",
            {"command": "*** Begin Patch\n*** Add File: ci/gates/a.py\n" + "+x\n" * 61 + "*** End Patch\n"},
            "61 lines, the budget is 60",
        ),
        ("Write", {"file_path": "part/README.md", "content": "`a.c` `part/b.c`\n"}, "part/b.c does not exist"),
        ("Write", {"file_path": "part/README.md", "content": "Words.\n"}, "does not name a.c"),
        ("Edit", {"file_path": "part/README.md", "old_string": "`a.c`", "new_string": "`a.c` `./ci.sh no`"}, "no such"),
    ],
)
def test_an_edit_that_may_not_be_made(checkout, tool, given, why):
    assert why in asked(checkout, tool, **given)


@pytest.mark.parametrize("link", ["checkout", "folder", "file"])
def test_an_edit_that_goes_through_a_link_is_judged_where_it_leads(checkout, tmp_path_factory, link):
    root, full = checkout, str(checkout / FULL)
    if link == "checkout":
        root = tmp_path_factory.mktemp("links") / "link"
        root.symlink_to(checkout)
    elif link == "folder":
        (checkout / "short").symlink_to("libs/core/src")
        full = "short/full.c"
    else:
        (checkout / "short.c").symlink_to(FULL)
        full = "short.c"
    assert "801 lines, the budget is 800" in asked(root, "Edit", file_path=full, **EDIT)
    patch = PATCH.format("full.c").replace(FULL, full)
    assert "801 lines, the budget is 800" in asked(root, "apply_patch", command=patch)


def test_a_link_that_leads_out_of_the_checkout_is_nobodys_business(checkout, tmp_path_factory):
    outside = tmp_path_factory.mktemp("elsewhere")
    (checkout / "out").symlink_to(outside)
    assert asked(checkout, "Write", file_path="out/a.c", content="x;\n" * 9000) == ""


def test_what_was_wrong_before_does_not_keep_a_readme_from_being_edited(checkout):
    (checkout / "part/README.md").write_text("`part/b.c`\n")
    assert asked(checkout, "Write", file_path="part/README.md", content="`part/b.c` and `a.c`\n") == ""


def test_a_patch_that_cannot_be_followed_is_no_answer(checkout):
    for patch in ("nothing", PATCH.format("a.c")):
        with pytest.raises(ValueError, match="a patch"):
            list(edits.written(str(checkout), "apply_patch", {"command": patch}))


# ---------------------------------------------------------------- the entry
@pytest.mark.parametrize(
    "given",
    ["", "{}", "[]", "no json", '{"tool_name": "Bash"}', '{"tool_name": "Bash", "tool_input": {}}'],
)
def test_what_cannot_be_judged_is_refused(monkeypatch, capsys, given):
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert guard.main(["guard.py", "pre-tool"]) == 2
    assert "the guard itself failed, so it refuses" in capsys.readouterr().err
    assert guard.main(["guard.py", "nowhere"]) == 2
    assert guard.main(["guard.py"]) == 2


def call(event, text, *args):
    argv = [sys.executable, "-I", "-S", "-X", "utf8", str(GUARD), event, *args]
    return subprocess.run(argv, input=text, capture_output=True, text=True, cwd="/", check=False)


def test_the_guard_runs_alone_and_answers_by_exit_code():
    bash = {"tool_name": "Bash", "tool_input": {"command": "git push --force"}}
    done = call("pre-tool", json.dumps(bash))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("ci/hooks: `git push --force`: ")
    bash["tool_input"]["command"] = "git push"
    assert call("pre-tool", json.dumps(bash)).returncode == 0


def spent(event, text, *args):
    """Processor time, at best of several: what the machine does besides is not the guard's."""
    import resource

    took = []
    for _ in range(8):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert call(event, text, *args).returncode in (0, 2)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took)


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Bash", {"command": "ls"}),
        ("Bash", {"command": "cmake --build x"}),
        ("Edit", {"file_path": "ci/policy.py", "old_string": "VERSION", "new_string": "VERSION\n"}),
    ],
)
def test_the_guard_answers_a_call_in_less_than_60_ms(tool, given):
    assert spent("pre-tool", json.dumps({"tool_name": tool, "tool_input": given})) < 0.060


@pytest.mark.deep  # alone on the machine
def test_the_guard_answers_an_event_in_less_than_60_ms(tmp_path):
    (tmp_path / "message").write_text("ci: a start\n")
    assert spent("session-start", "") < 0.060
    assert spent("commit-msg", "", str(tmp_path / "message")) < 0.060


# ---------------------------------------------------------------- session start
GOOD = {
    "branch": "main",
    "behind": 0,
    "changed": 0,
    "conflicts": 0,
    "unfinished": [],
    "tools": True,
    "live": True,
}


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("branch", "(detached)", "No branch is checked out"),
        ("behind", 3, "3 commits behind its upstream"),
        ("conflicts", 2, "2 files have conflicts"),
        ("unfinished", ["a rebase", "a rebase"], "a rebase is unfinished"),
        ("tools", False, "./ci.sh doctor --fix"),
        ("live", False, "./ci.sh dev"),
    ],
)
def test_what_is_not_as_it_should_be_is_said(fact, value, words):
    assert len(state.lines(GOOD)) == 1
    _, second = state.lines({**GOOD, fact: value})
    assert words in second


def test_the_state_of_a_checkout(checkout):
    facts = state.look(str(checkout))
    assert (facts["changed"], facts["conflicts"], facts["unfinished"], facts["tools"]) == (3, 0, [], False)
    (checkout / ".git" / "MERGE_HEAD").write_text("0" * 40)
    assert state.look(str(checkout))["unfinished"] == ["a merge"]
