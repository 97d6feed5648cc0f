"""The proof: it tells a gate that can turn red from one that cannot."""

import json
import time

import pytest

LOOKS = "return [Finding('holds BAD', 'a.txt', 1)] if 'BAD' in ctx.tree.text('a.txt') else []"
GOOD = "mutations=[Mutation('a bad word', 'holds BAD', [Edit('a.txt', text='BAD')])]"


@pytest.fixture
def prove(project):
    (project.root / "a.txt").write_text("fine\n")

    def run(*args):
        return project.run("prove", *args)

    return run


def test_a_gate_that_turns_red_is_proved(project, prove):
    project.gate("looks", LOOKS, GOOD)
    done = prove()
    assert done.returncode == 0, done.out
    assert "red        looks: a bad word -> a.txt:1: holds BAD" in done.out
    assert done.out.splitlines()[-1] == "gates: 1 passed, 0 failed, 0 skipped"
    assert (project.root / "a.txt").read_text() == "fine\n"


def test_a_gate_that_always_passes_is_caught(project, prove):
    project.gate("blind", "return []", GOOD)
    done = prove()
    assert done.returncode == 1
    assert "not caught: a bad word: passed, expected 'holds BAD'" in done.out


def test_a_gate_that_always_fails_is_caught(project, prove):
    project.gate("grumpy", "return [Finding('holds BAD')]", GOOD)
    done = prove()
    assert done.returncode == 1
    assert "red before any mutation" in done.out


def test_a_gate_without_a_mutation_is_caught(project, prove):
    project.gate("unproved", LOOKS)
    done = prove()
    assert done.returncode == 1
    assert "has no mutation" in done.out


def test_the_finding_has_to_be_the_expected_one(project, prove):
    project.gate("vague", "return [Finding('no')] if 'BAD' in ctx.tree.text('a.txt') else []", GOOD)
    done = prove()
    assert done.returncode == 1
    assert "not caught: a bad word: failed, expected 'holds BAD'" in done.out


def test_a_gate_that_breaks_instead_of_finding_is_caught(project, prove):
    project.gate("fragile", "assert 'BAD' not in ctx.tree.text('a.txt'); return []", GOOD)
    done = prove()
    assert done.returncode == 1
    assert "not caught" in done.out


def test_a_gate_that_remembers_its_red_is_caught(project, prove):
    body = LOOKS.replace("if 'BAD'", "if os.path.exists('seen') or 'BAD'").replace("else []", "else []")
    head = "def mark(root):\n    open(root + '/seen', 'w').close()\n    return lambda: None\n"
    project.gate("sticky", body, "mutations=[Mutation('marked', 'holds BAD', act=mark)]", head)
    done = prove()
    assert done.returncode == 1
    assert "still red after its mutations were taken back" in done.out


def test_a_proof_that_was_killed_leaves_no_mutation_to_the_next(project, prove):
    body = LOOKS.replace("return [F", "\n    if os.path.exists('build/seen'): ctx.run(['sleep', '300'])\n    return [F")
    body = body.replace("if 'BAD'", "if os.path.exists('build/seen') or 'BAD'")
    head = (
        "def mark(root):\n    open(root + '/build/seen', 'w').close()\n"
        "    return lambda: os.remove(root + '/build/seen')\n"
    )
    project.gate("sticky", body, "mutations=[Mutation('marked', 'holds BAD', act=mark)]", head)
    process = project.start("prove")
    seen, until = project.root / "build/prove/tree/build/seen", time.monotonic() + 30
    while not seen.exists() and time.monotonic() < until:
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=20)
    assert seen.exists()
    project.gate("sticky", body.replace("'300'", "'0'"), "mutations=[Mutation('marked', 'holds BAD', act=mark)]", head)
    done = prove()
    assert done.returncode == 0, done.out
    assert not list((project.root / "build/prove").glob("*.dirty"))


def test_a_mutation_that_fits_no_more_is_caught(project, prove):
    project.gate("looks", LOOKS, "mutations=[Mutation('gone', 'holds BAD', [Edit('a.txt', 'nowhere', 'BAD')])]")
    done = prove()
    assert done.returncode == 1
    assert "does not apply: gone: a.txt holds 0 times, not once: nowhere" in done.out


def test_a_gate_that_skips_is_not_proved(project, prove):
    project.gate("absent", "raise Skip('no tool')", GOOD)
    done = prove()
    assert done.returncode == 0
    assert done.out.splitlines()[-1] == "gates: 0 passed, 0 failed, 1 skipped"
    assert prove("--no-skips").returncode == 1


def test_a_need_that_turns_red_instead_is_caught(project, prove):
    project.gate("first", LOOKS, GOOD)
    project.gate("second", LOOKS, GOOD + ", needs=['first']")
    done = prove("second")
    assert done.returncode == 1
    assert "not caught: a bad word: skipped" in done.out


def test_arguments_narrow_the_gate_in_every_run(project, prove):
    body = LOOKS.replace("return [", "open('args', 'a').write(f'{ctx.args}\\n')\n    return [", 1)
    project.gate("looks", body, GOOD.replace("text='BAD')]", "text='BAD')], args=['-k', 'x']"))
    done = prove()
    assert done.returncode == 0, done.out
    assert (project.root / "build/prove/tree/args").read_text() == "['-k', 'x']\n" * 3


def test_new_changed_and_deleted_files_reach_the_copy(project, prove):
    project.gate("looks", LOOKS, GOOD)
    assert prove().returncode == 0
    (project.root / "a.txt").write_text("BAD\n")
    assert "red before any mutation" in prove().out
    (project.root / "a.txt").write_text("better\n")
    assert prove().returncode == 0


def test_the_proof_as_json(project, prove):
    project.gate("looks", LOOKS, GOOD)
    project.gate("blind", "return []", GOOD)
    document = json.loads(prove("--json").out)
    assert [(gate["name"], gate["status"]) for gate in document["gates"]] == [("blind", "failed"), ("looks", "passed")]
    (mutation,) = document["gates"][1]["mutations"]
    assert mutation == {"what": "a bad word", "finding": "a.txt:1: holds BAD"}


def test_a_gate_that_is_not_needed_here_is_proved_all_the_same(project, prove):
    body = "if 'BAD' in ctx.tree.text('a.txt'): return [Finding('holds BAD', 'a.txt', 1)]\n    raise NotNeeded('no such thing')"
    project.gate("idle", body, GOOD, head="from ci.runner.model import NotNeeded")
    done = prove()
    assert done.returncode == 0, done.out
    assert done.out.splitlines()[-1] == "gates: 1 passed, 0 failed, 0 skipped"
    project.gate("idle", "raise NotNeeded('no such thing')", GOOD, head="from ci.runner.model import NotNeeded")
    assert prove().returncode == 1


def test_a_gate_that_is_not_needed_is_no_skip(project):
    head = "from ci.runner.model import NotNeeded"
    project.gate("idle", "raise NotNeeded('no such thing')", head=head)
    done = project.run("idle", "--no-skips")
    assert done.returncode == 0
    assert done.out.splitlines() == ["not needed idle   no such thing", "gates: 0 passed, 0 failed, 0 skipped"]


def test_a_finding_that_points_elsewhere_is_caught(project, prove):
    (project.root / "b.txt").write_text("fine\n")
    project.gate("astray", LOOKS.replace("'a.txt', 1)", "'b.txt', 1)"), GOOD)
    done = prove()
    assert done.returncode == 1
    words = "caught elsewhere: a bad word: does not point at what was planted (a.txt:2-2): b.txt:1: holds BAD"
    assert words in done.out


def test_a_finding_without_a_file_is_caught(project, prove):
    project.gate("astray", LOOKS.replace(", 'a.txt', 1)", ")"), GOOD)
    assert "caught elsewhere: a bad word: names no file: holds BAD" in prove().out


def test_a_mutation_may_say_where_it_shows(project, prove):
    (project.root / "b.txt").write_text("fine\n")
    good = GOOD.replace("text='BAD')]", "text='BAD')], at='b.*'")
    project.gate("apart", LOOKS.replace("'a.txt', 1)", "'b.txt', 1)"), good)
    assert prove().returncode == 0
