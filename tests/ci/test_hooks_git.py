"""Hooks in a checkout: what git asks before a commit, and that installing can be taken back to the byte."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ci import policy
from ci.hooks import guard, install, staged

GUARD = Path(guard.__file__)


def git(root, *words):
    identity = ["-c", "user.name=n", "-c", "user.email=n@localhost", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True, check=False)


# ---------------------------------------------------------------- before a commit
def test_gates_before_a_commit_are_those_that_read_what_is_staged():
    assert "fmt" in staged.gates(["libs/core/src/status.c"])
    assert "fmt" not in staged.gates(["README.md"])
    assert "ruff" in staged.gates(["ci/policy.py"])
    chosen = staged.gates(["libs/core/src/status.c", "ci/policy.py", "README.md"])
    assert not {"build", "commits", "unit", "wheel", "docs"} & set(chosen)
    assert staged.gates([]) == []
    assert {"fmt", "loc", "workflows"} <= set(staged.gates(["ci/runner/model.py"]))  # what all gates are made of


@pytest.fixture
def hooked(project):
    """A project with hooks for git, and a gate that refuses the word BAD."""
    import shutil

    shutil.copytree(GUARD.parent, project.root / "ci" / "hooks")
    project.gate("looks", "return [Finding('holds BAD')] if 'BAD' in ctx.tree.text('a.txt') else []")
    assert project.run("hooks", "install", "--git").returncode == 0
    (project.root / "a.txt").write_text("fine\n")
    git(project.root, "add", "-A")
    return project.root


def test_a_commit_runs_the_gates(hooked):
    done = git(hooked, "commit", "-m", "ci: a start")
    assert done.returncode == 0, done.stderr
    (hooked / "a.txt").write_text("BAD\n")
    done = git(hooked, "commit", "-am", "ci: a fault")
    assert done.returncode != 0
    assert "holds BAD" in done.stdout + done.stderr
    assert git(hooked, "log", "--format=%s").stdout == "ci: a start\n"


def test_a_file_that_is_renamed_is_gone_where_it_was(hooked):
    (hooked / "ci/gates/counts.py").write_text(
        "from ci.runner.model import Finding, Gate\n"
        "GATE = Gate('', lambda ctx: [] if ctx.tree.glob('*.txt') else [Finding('no text')], inputs=['*.txt'], mutations=[])\n"
    )
    (hooked / "ci/gates/looks.py").unlink()
    (hooked / "a.txt").write_text("the same\n" * 20)
    git(hooked, "add", "-A")
    assert git(hooked, "commit", "-m", "ci: a start").returncode == 0
    git(hooked, "mv", "a.txt", "a.md")
    done = git(hooked, "commit", "-m", "ci: a rename")
    assert "no text" in done.stdout + done.stderr
    assert done.returncode != 0


def test_a_commits_subject_is_asked(hooked):
    done = git(hooked, "commit", "-m", "Stuff.")
    assert done.returncode != 0
    assert "'Stuff.': does not have the form" in done.stderr
    assert git(hooked, "commit", "-m", "fixup! ci: x").returncode == 0


def test_what_is_staged_only_in_part_is_said(hooked):
    (hooked / "a.txt").write_text("fine, too\n")
    done = git(hooked, "commit", "-m", "ci: a start")
    assert "judged as they are on disk, not as staged: a.txt" in done.stderr


def test_a_guard_that_is_gone_lets_nothing_pass(hooked):
    (hooked / "ci" / "hooks" / "guard.py").unlink()
    assert git(hooked, "commit", "-m", "ci: a start").returncode != 0


# ---------------------------------------------------------------- installing
SETTINGS = b'{"permissions": {"allow":["Bash(ls)"]},\n\n "hooks": {"PreToolUse": [{"matcher": "X", "hooks": []}]}}'


def run(root, *words):
    return install.main(str(root), words)


def snapshot(root):
    """Path, mode and bytes of all there is."""
    found = {}
    for folder, folders, names in os.walk(root):
        for name in [*folders, *names]:
            path = os.path.join(folder, name)
            content = None if os.path.isdir(path) else Path(path).read_bytes()
            found[path] = (os.stat(path).st_mode, content)
    return found


@pytest.fixture(params=["empty", "in use"])
def place(request, checkout):
    """A checkout without settings, and one in which all of them are there already."""
    if request.param == "in use":
        for name in (".claude/settings.local.json", ".codex/hooks.json", ".git/hooks/pre-commit"):
            (checkout / name).parent.mkdir(exist_ok=True)
            (checkout / name).write_bytes(b"#!/bin/sh\necho before\n" if ".git" in name else SETTINGS)
        (checkout / ".git/hooks/pre-commit").chmod(0o751)
    return checkout


@pytest.mark.parametrize("kinds", [["--git"], ["--claude"], ["--codex"], ["--git", "--claude", "--codex"]])
@pytest.mark.parametrize("times", [1, 2])
def test_uninstalling_puts_back_what_was_there(place, kinds, times):
    before = snapshot(place)
    for _ in range(times):
        assert run(place, "install", *kinds) == 0
    assert snapshot(place) != before
    assert run(place, "uninstall") == 0
    assert snapshot(place) == before


def test_agents_call_the_guard_by_its_place(place):
    assert run(place, "install", "--claude", "--codex") == 0
    for name in install.AGENTS.values():
        hooks = json.loads((place / name).read_text())["hooks"]
        line = hooks["PreToolUse"][-1]["hooks"][0]["command"]
        assert f"{place}/ci/hooks/guard.py pre-tool || exit 2" in line
        done = subprocess.run(["sh", "-c", line], capture_output=True, input="{}", text=True, check=False)
        assert done.returncode == 2  # there is no guard in this place
        assert all(event in hooks for event in ("PreToolUse", "SessionStart"))
    settings = json.loads((place / ".claude/settings.local.json").read_text())
    assert settings["hooks"]["PreToolUse"][0]["matcher"] in ("X", hooks["PreToolUse"][-1]["matcher"])


def test_a_hook_that_was_there_is_asked_first(place):
    before = (place / ".git/hooks/pre-commit").exists()
    assert run(place, "install", "--git") == 0
    done = git(place, "commit", "--allow-empty", "-m", "x")
    assert ("before" in done.stdout + done.stderr) is before


def test_settings_that_were_changed_since_lose_the_hooks_only(place):
    path = place / ".claude/settings.local.json"
    assert run(place, "install", "--claude") == 0
    settings = json.loads(path.read_text())
    settings["more"] = 1
    path.write_text(json.dumps(settings))
    assert run(place, "uninstall", "--claude") == 0
    left = json.loads(path.read_text())
    assert left.pop("more") == 1
    assert "guard.py" not in path.read_text()


def test_a_git_hook_that_was_changed_since_is_kept(place, capsys):
    assert run(place, "install", "--git") == 0
    path = place / ".git/hooks/pre-commit"
    path.write_text("mine\n")
    assert run(place, "uninstall", "--git") == 1
    assert "was changed since" in capsys.readouterr().err
    assert path.read_text() == "mine\n"


def test_what_cannot_be_taken_out_keeps_nothing_else_in(place, capsys):
    before = snapshot(place)
    assert run(place, "install", "--git", "--claude", "--codex") == 0
    hook = place / ".git/hooks/pre-commit"
    installed = hook.read_bytes()
    hook.write_text("mine\n")
    assert run(place, "uninstall") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    left = {path for path, was in snapshot(place).items() if before.get(path) != was and not os.path.isdir(path)}
    folder = place / ".git/ci-hooks"
    assert {str(hook), str(folder / "git.json")} <= left <= {str(hook), *map(str, folder.iterdir())}
    hook.write_bytes(installed)
    assert run(place, "uninstall") == 0
    assert snapshot(place) == before


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"a": 1}', '{"a": {}}', '{"a": {"before": "?", "mode": 1}}'])
def test_a_damaged_record_is_one_line_and_keeps_nothing_else_in(place, capsys, text):
    assert run(place, "install", "--git", "--codex") == 0
    record = place / ".git/ci-hooks/git.json"
    record.write_text(text)
    hook = (place / ".git/hooks/pre-commit").read_bytes()
    assert run(place, "uninstall") == 1
    assert capsys.readouterr().err.endswith(
        " is damaged: put back what the hooks replaced, then delete this record of it\n"
    )
    assert not (place / ".git/ci-hooks/codex.json").exists()
    assert (place / ".git/hooks/pre-commit").read_bytes() == hook


@pytest.mark.parametrize("text", ["[]", "not json", '{"hooks": []}', '{"hooks": {"PreToolUse": 1}}'])
def test_settings_that_cannot_be_added_to_stay(checkout, text):
    path = checkout / ".codex" / "hooks.json"
    path.parent.mkdir()
    path.write_text(text)
    assert run(checkout, "install", "--codex") == 1
    assert path.read_text() == text


def test_a_hooks_folder_elsewhere_is_left_alone(checkout, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("hooks")
    git(checkout, "config", "core.hooksPath", str(elsewhere))
    assert run(checkout, "install", "--git") == 1
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("words", [[], ["install"], ["install", "--vim"], ["remove"], ["install", "git"]])
def test_a_call_that_makes_no_sense(checkout, words, capsys):
    assert run(checkout, *words) == 2
    assert capsys.readouterr().err.startswith("ci.sh: usage: ./ci.sh hooks")


def test_the_status_says_what_is_installed(checkout, capsys):
    assert run(checkout, "install", "--codex") == 0
    capsys.readouterr()
    assert run(checkout, "status") == 0
    assert capsys.readouterr().out.split("\n")[:3] == [
        "git      not installed",
        "claude   not installed",
        "codex    installed",
    ]


def test_nothing_is_active_in_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=policy.ROOT, capture_output=True, text=True, check=False).stdout
    assert not [
        p for p in tracked.splitlines() if p.startswith((".claude/", ".codex/", ".githooks/", ".pre-commit-config"))
    ]


# ---------------------------------------------------------------- pre-commit and prek
def offered():
    """id -> entry of each hook that .pre-commit-hooks.yaml offers."""
    lines = (Path(policy.ROOT) / ".pre-commit-hooks.yaml").read_text().splitlines()
    ids = [line[len("- id: ") :] for line in lines if line.startswith("- id: ")]
    entries = [line[len("  entry: ") :] for line in lines if line.startswith("  entry: ")]
    return dict(zip(ids, entries))


def test_what_is_offered_to_pre_commit_is_there():
    entries = offered()
    assert set(entries) == {"gates", "subject", "verify-manifest"}
    for entry, event in ((entries["gates"], "pre-commit"), (entries["subject"], "commit-msg")):
        words = entry.split()
        assert (Path(policy.ROOT) / words[-2]).samefile(GUARD)
        assert words[-1] == event
    assert entries["verify-manifest"].split()[0] == policy.COMMAND


def test_asked_for_all_files_the_gates_are_run(hooked):
    assert git(hooked, "commit", "-m", "ci: a start").returncode == 0
    (hooked / "a.txt").write_text("BAD\n")
    for env, code in (({}, 0), ({"PRE_COMMIT": "1"}, 2)):
        argv = [sys.executable, "-I", "-S", "ci/hooks/guard.py", "pre-commit"]
        done = subprocess.run(argv, cwd=hooked, env={**os.environ, **env}, capture_output=True, check=False)
        assert done.returncode == code
