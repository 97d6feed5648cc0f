"""Passes that are kept: a gate is left out while all that its answer hangs on is the same, and only then."""

import os
import sys

import pytest

KEEPS = "always='', inputs=['a/**']"
COUNTS = "open('build/runs', 'a').write(ctx.name + ' '); return []"


def last(process):
    return process.out.splitlines()[-1]


@pytest.fixture
def runs(project):
    """Runs gates, and tells which of them were asked."""
    (project.root / "a").mkdir()
    (project.root / "a" / "file").write_text("one")
    (project.root / "build").mkdir()

    def run(*args, code=0):
        path = project.root / "build" / "runs"
        path.write_text("")
        done = project.run(*args)
        assert done.returncode == code, done.out + done.err
        run.out = done.out
        return path.read_text().split()

    return run


def test_what_has_passed_and_is_unchanged_is_not_needed(project, runs):
    project.gate("kept", COUNTS, KEEPS)
    assert runs("kept") == ["kept"]
    assert runs("kept") == []
    assert "not needed kept" in runs.out
    assert "unchanged since it passed at " in runs.out
    assert runs.out.splitlines()[-1] == "gates: 0 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize("option", ["--fresh", "--no-skips", "--fix"])
def test_it_is_asked_again_on_request(project, runs, option):
    project.gate("kept", COUNTS, KEEPS)
    assert runs("kept") == ["kept"]
    assert runs("kept", option) == ["kept"]


def edit(root):
    (root / "a" / "file").write_text("two")


def edit_keeping_times(root):
    path = root / "a" / "file"
    before = path.stat()
    path.write_text("two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def add(root):
    (root / "a" / "new").write_text("")


def remove(root):
    (root / "a" / "file").unlink()


def rename(root):
    (root / "a" / "file").rename(root / "a" / "other")


def make_executable(root):
    (root / "a" / "file").chmod(0o755)


def change_the_gate(root):
    path = root / "ci" / "gates" / "kept.py"
    path.write_text(path.read_text() + "\n")


def change_policy(root):
    path = root / "ci" / "policy.py"
    path.write_text(path.read_text() + "\n")


def change_requirements(root):
    path = root / "ci" / "requirements" / "lint.txt"
    path.parent.mkdir()
    path.write_text("ruff==99\n")


@pytest.mark.parametrize(
    "change",
    [
        edit,
        edit_keeping_times,
        add,
        remove,
        rename,
        make_executable,
        change_the_gate,
        change_policy,
        change_requirements,
    ],
)
def test_every_change_of_what_it_hangs_on_is_seen(project, runs, change):
    project.gate("kept", COUNTS, KEEPS)
    assert runs("kept") == ["kept"]
    change(project.root)
    assert runs("kept") == ["kept"]
    assert runs("kept") == []


def test_what_it_does_not_hang_on_does_not_matter(project, runs):
    project.gate("kept", COUNTS, KEEPS)
    runs("kept")
    (project.root / "b").write_text("")
    project.gate("another")
    assert runs("kept") == []


def test_going_back_finds_the_earlier_pass(project, runs):
    project.gate("kept", COUNTS, KEEPS)
    runs("kept")
    edit(project.root)
    runs("kept")
    (project.root / "a" / "file").write_text("one")
    assert runs("kept") == []


def test_a_change_of_what_it_needs_is_one_of_its_own(project, runs):
    project.gate("base", COUNTS, "always='', inputs=['a/**']")
    project.gate("above", COUNTS, "always='', inputs=['b/**'], needs=['base']")
    assert runs("above") == ["base", "above"]
    assert runs("above") == []
    edit(project.root)
    assert runs("above") == ["base", "above"]


def test_what_runs_has_what_it_needs_run_again(project, runs):
    """What a need made may be gone."""
    project.gate("base", "open('build/made', 'w').close(); " + COUNTS, "always='', inputs=['b/**']")
    body = "assert os.path.exists('build/made'); " + COUNTS
    project.gate("above", body, "always='', inputs=['a/**'], needs=['base']")
    assert runs("above") == ["base", "above"]
    (project.root / "build" / "made").unlink()
    edit(project.root)
    assert runs("above") == ["base", "above"]
    assert runs("base") == []


def test_a_gate_whose_answer_hangs_on_more_is_always_asked_and_so_is_what_needs_it(project, runs):
    project.gate("history", COUNTS, "always='it reads history', inputs=['a/**']")
    project.gate("above", COUNTS, "always='', inputs=['a/**'], needs=['history']")
    for _ in range(2):
        assert runs("above") == ["history", "above"]


@pytest.mark.parametrize(
    "body", ["return [Finding('no')]", "raise Skip('not here')", "raise ValueError('oh')", "sys.exit(0)"]
)
def test_only_a_pass_is_kept(project, runs, body):
    project.gate("other", f"open('build/runs', 'a').write('other '); {body}", KEEPS)
    code = 0 if "Skip" in body else 1
    for _ in range(2):
        assert runs("other", code=code) == ["other"]


def test_arguments_are_part_of_the_question(project, runs):
    project.gate("kept", f"ctx.args; {COUNTS}", KEEPS)
    runs("kept", "--", "one")
    assert runs("kept") == ["kept"]
    assert runs("kept", "--", "two") == ["kept"]
    assert runs("kept", "--", "one") == []


def test_the_environment_is_part_of_the_question(project, runs, monkeypatch):
    project.gate("kept", COUNTS, KEEPS)
    runs("kept")
    monkeypatch.setenv("CFLAGS", "-O3")
    assert runs("kept") == ["kept"]
    monkeypatch.setenv("WINDOWID", "17")
    assert runs("kept") == []


@pytest.mark.parametrize(
    "name",
    [
        "CPATH",
        "C_INCLUDE_PATH",
        "LIBRARY_PATH",
        "PKG_CONFIG_PATH",
        "VALGRIND_OPTS",
        "QEMU_LD_PREFIX",
        "GOFLAGS",
        "PATH",
    ],
)
def test_what_tools_read_in_the_environment_is_part_of_it(monkeypatch, name):
    from ci.runner import kept

    before = list(kept.surroundings())
    monkeypatch.setenv(name, "/somewhere/else")
    assert list(kept.surroundings()) != before


def test_a_compiler_that_was_replaced_is_seen(project, runs, monkeypatch, tmp_path_factory):
    compiler = tmp_path_factory.mktemp("bin") / "gcc"
    monkeypatch.setenv("PATH", f"{compiler.parent}{os.pathsep}{os.environ['PATH']}")
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    project.gate("kept", COUNTS, KEEPS)
    runs("kept")
    assert runs("kept") == []
    compiler.write_text("#!/bin/sh\n\n")
    assert runs("kept") == ["kept"]


def test_a_tool_that_a_gate_asks_for_and_was_replaced_is_seen(project, runs, monkeypatch, tmp_path_factory):
    tool = tmp_path_factory.mktemp("bin") / "zsh"
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    project.gate("kept", COUNTS, f"{KEEPS}, tools=['zsh']")
    project.gate("other", COUNTS, KEEPS)
    runs("kept", "other")
    assert runs("kept", "other") == []
    tool.write_text("#!/bin/sh\n\n")
    assert runs("kept", "other") == ["kept"]


def test_another_python_asks_anew(project, runs, monkeypatch, tmp_path_factory):
    project.gate("kept", COUNTS, KEEPS)
    runs("kept")
    other = tmp_path_factory.mktemp("bin") / "python3"
    other.symlink_to(sys.executable)
    from ci.runner import kept

    here = list(kept.surroundings())
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert list(kept.surroundings()) != here


@pytest.mark.parametrize(
    "write",
    [
        "open('a/file', 'w').write('two')",  # edited in the middle
        "open('a/file', 'w').write('two'); time.sleep(0.02); open('a/file', 'w').write('one')",  # and put back
        "open('a/new', 'w').close()",
    ],
)
def test_a_pass_over_files_that_changed_meanwhile_is_not_kept(project, runs, write):
    project.gate("kept", f"{write}; {COUNTS}", KEEPS)
    assert runs("kept") == ["kept"]
    assert not (project.root / "build" / "ci" / "kept" / "kept").exists()


def test_records_that_were_cut_short_or_made_up_are_no_pass(project, runs):
    project.gate("kept", COUNTS, KEEPS)
    runs("kept")
    record = project.root / "build" / "ci" / "kept" / "kept"
    whole = record.read_bytes()
    for bad in (whole[:-1], whole[:40], b"", b"\xff\xfe\n", whole.replace(b"1 ", b"0 ", 1), b"1 x 5 \n"):
        record.write_bytes(bad)
        assert runs("kept") == ["kept"], bad
        assert runs("kept") == []


def test_records_do_not_grow_for_ever(project):
    from ci import policy
    from ci.runner.kept import Store

    store = Store(str(project.root))
    for number in range(policy.KEPT_PASSES * 2):
        store.put("gate", f"key{number}", "a\nnote")
    assert len((project.root / "build/ci/kept/gate").read_text().splitlines()) == policy.KEPT_PASSES
    assert store.find("gate", "key0") is None
    assert store.find("gate", f"key{policy.KEPT_PASSES * 2 - 1}").note == "a note"


def test_a_gate_that_looks_beyond_its_inputs_has_failed(project):
    (project.root / "secret").write_text("")
    project.gate("nosy", "ctx.tree.text('secret'); return []", "always='', inputs=['*.md']")
    done = project.run("nosy")
    assert done.returncode == 1
    assert "ci/gates/nosy.py: reads secret, which is not among its inputs" in done.out
    project.gate("nosier", "ctx.tree.glob('s*', 'V*'); return []", "always='', inputs=['*.md']")
    assert "reads VERSION and 1 more, which is not" in project.run("nosier").out
    project.gate("fair", "ctx.tree.text('secret'); return []", "always='', inputs=['*.md'], needs=['below']")
    project.gate("below", extra="always='', inputs=['secret']")
    assert project.run("fair").returncode == 0


def test_proof_finds_a_file_that_a_command_reads_and_nobody_declares(project):
    (project.root / "secret").write_text("")
    (project.root / "a.txt").write_text("fine\n")
    body = (
        "\n    ctx.must(['cat', 'secret'])"
        "\n    return [Finding('holds BAD', 'a.txt', 1)] if 'BAD' in ctx.tree.text('a.txt') else []"
    )
    proof = "mutations=[Mutation('a bad word', 'holds BAD', [Edit('a.txt', text='BAD')])], always=''"
    project.gate("nosy", body, f"{proof}, inputs=['a.txt']")
    project.gate("fair", body, f"{proof}, inputs=['a.txt', 'secret']")
    done = project.run("prove", "nosy", "fair")
    assert done.returncode == 1
    assert "red where its inputs are alone: it reads more than it says" in done.out
    assert last(done) == "gates: 1 passed, 1 failed, 0 skipped"


def test_proof_asks_anew(project):
    """A kept pass would hide a gate that remembers its red."""
    (project.root / "a.txt").write_text("fine\n")
    body = (
        "\n    bad = 'BAD' in ctx.tree.text('a.txt') or os.path.exists('build/seen')"
        "\n    if bad: open('build/seen', 'w').close()"
        "\n    return [Finding('holds BAD', 'a.txt', 1)] if bad else []"
    )
    proof = "mutations=[Mutation('a bad word', 'holds BAD', [Edit('a.txt', text='BAD')])], always=''"
    project.gate("sticky", body, f"{proof}, inputs=['a.txt']")
    done = project.run("prove", "sticky")
    assert done.returncode == 1
    assert "still red after its mutations were taken back" in done.out


def test_changed_and_kept_work_together(project, runs):
    project.gate("base", COUNTS, "always='', inputs=['a/**']")
    project.gate("above", COUNTS, "always='', inputs=['b/**'], needs=['base']")
    project.gate("other", COUNTS, "always='', inputs=['c/**']")
    from test_runner import git

    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "all")
    edit(project.root)
    assert runs("above", "other", "--changed", "-j1") == ["base", "above"]
    assert "not needed other" in runs.out and "nothing that it reads differs from HEAD" in runs.out
    assert runs("above", "other", "--changed") == []


def test_a_gate_may_work_in_a_copy_of_the_whole_tree(project):
    head = "from ci.runner.prove import Copy"
    project.gate(
        "copies", "Copy(ctx, ctx.path('build', 'copy')).refresh(); return []", "always='', inputs=['*.md']", head
    )
    done = project.run("copies")
    assert done.returncode == 0, done.out
