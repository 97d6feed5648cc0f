"""Finding Pythons, and what runs on them."""

import hashlib
import os

import pytest

from ci import pythons
from ci.runner import registry
from ci.runner.model import Finding, Skip
from ci.tools import interpreters, roots, suites
from ci.tools.environment import Unavailable


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """A machine without pyenv, uv, Debian or sources; a folder on its PATH, and a function that puts a Python there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(pythons, "DEBIAN_PYTHONS", {})
    monkeypatch.setattr(pythons, "PYTHON_SOURCES", {})
    monkeypatch.setattr("ci.tools.toolbox.Toolbox.uv", lambda self: None)

    def python(name, version, lacks="", where=folder):
        where.mkdir(parents=True, exist_ok=True)
        program = where / f"python{name}"
        program.write_text(f"#!/bin/sh\nprintf '%s\\n' {version.rpartition('.')[0]} {version} \"$0\" '{lacks}'\n")
        program.chmod(0o755)
        return str(program)

    return python


def test_a_python_on_the_path_is_taken(alone, context):
    program = alone("3.98", "3.98.1")
    found = interpreters.get(context({}), ("3.98",))
    assert (found.name, found.version, found.program, found.before) == ("3.98", "3.98.1", program, [])


def test_one_of_pyenv_is_taken_and_a_shim_that_says_no_is_not(alone, context, tmp_path):
    shim = tmp_path / "bin" / "python3.98"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.98: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    program = alone("3.98", "3.98.2", where=tmp_path / "pyenv" / "versions" / "3.98.2" / "bin")
    assert interpreters.get(context({}), ("3.98",)).program == program


@pytest.mark.parametrize(("version", "lacks"), [("3.97.1", ""), ("3.98.1", "Python.h"), ("3.98.1", "venv")])
def test_what_is_another_or_cannot_build_is_not_taken(alone, context, version, lacks):
    alone("3.98", version, lacks)
    with pytest.raises(Unavailable) as caught:
        interpreters.get(context({}), ("3.98",))
    assert str(caught.value) == "no 3.98 with headers and venv is installed; no uv to fetch it"


def test_of_two_that_will_do_the_first_that_can_be_had_is_taken(alone, context):
    alone("3.97", "3.97.0")
    assert interpreters.get(context({}), ("3.98", "3.97")).name == "3.97"
    alone("3.98", "3.98.0")
    assert interpreters.get(context({}), ("3.98", "3.97")).name == "3.98"


def test_each_way_that_led_nowhere_is_said(alone, context, monkeypatch):
    monkeypatch.setattr(pythons, "DEBIAN_PYTHONS", {"3.98": "sid"})
    monkeypatch.setattr(pythons, "PYTHON_SOURCES", {"3.98": ((), "0")})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Unavailable) as caught:
        interpreters.get(context({}), ("3.98",))
    reasons = str(caught.value).split("; ")
    assert reasons[2:] == [
        "only root on Linux may make and enter a root of Debian",
        "its source cannot be fetched or built",
    ]


def test_a_source_is_taken_by_its_hash_only(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"source")
    digest = hashlib.sha256(b"source").hexdigest()
    assert interpreters._download(source.as_uri(), digest, str(target))
    assert not interpreters._download(source.as_uri(), "0" * 64, str(target))
    assert not interpreters._download((tmp_path / "none").as_uri(), digest, str(target))


def test_a_root_counts_as_made_once_it_is_whole(tmp_path, monkeypatch):
    assert not roots.is_made(str(tmp_path), "sid")
    (tmp_path / "made").write_text(roots._stamp("sid"))
    assert roots.is_made(str(tmp_path), "sid")
    monkeypatch.setattr(pythons, "DEBIAN_PACKAGES", ("gcc",))
    assert not roots.is_made(str(tmp_path), "sid")


def test_a_root_sees_the_tree_and_scratch_files_at_their_own_paths(tmp_path):
    words = roots.into("/root of sid", str(tmp_path))
    assert words[:2] == ["unshare", "--mount"]
    assert str(tmp_path) in words[words.index("/root of sid") :]
    assert words[-1] == "--"


def suite(context, name, before=()):
    """A suite on an interpreter, where the requirements are of the test's own."""
    ctx = context({f"ci/requirements/{part}.txt": f"{part}\n" for part in ("package", "test", "free", "native")})
    return suites.Suite(ctx, interpreters.Interpreter(name, f"{name}.0", "/python", before))


@pytest.mark.parametrize(
    ("name", "before", "wanted"),
    [
        ("3.14", [], ["package", "test"]),
        ("3.14t", [], ["package", "free"]),
        ("3.14", ["chroot"], ["package", "test", "native"]),
    ],
)
def test_what_an_environment_holds_depends_on_the_interpreter(context, name, before, wanted):
    paths = suite(context, name, before)._requirements()
    assert [os.path.basename(path) for path in paths] == [f"{part}.txt" for part in wanted]


def test_a_command_that_fails_is_a_finding_that_names_the_interpreter(context, monkeypatch):
    broken = suite(context, "3.98")
    monkeypatch.setattr("ci.tools.toolbox.Toolbox.uv", lambda self: None)
    monkeypatch.setattr("ci.tools.native.environ", lambda ctx: {})
    broken.on.program = "false"
    (found,) = broken.run([])
    assert found.message.startswith("3.98: `false -m venv")


@pytest.fixture
def check(context, monkeypatch):
    """Runs the gate where some interpreters can be had; what it asked of each, and its answer."""

    def get(ctx, wanted):
        if wanted[0] == "3.11":
            return interpreters.Interpreter("3.11", "3.11.7", "/python")
        raise Unavailable("not here")

    asked = []
    monkeypatch.setattr(interpreters, "get", get)

    def run(args, found=()):
        def answer(self, words):
            asked.append((self.on.name, list(words)))
            return list(found)

        monkeypatch.setattr(suites.Suite, "run", answer)
        ctx = context({}, args)
        return registry.load("interpreters").check(ctx), ctx.notes, asked

    return run


def test_the_gate_passes_arguments_on_and_says_what_it_ran_on(check):
    assert check(["3.11", "-k", "hash"]) == ([], ["ran on 3.11.7"], [("3.11", ["-k", "hash"])])


def test_an_interpreter_that_cannot_be_had_is_never_passed(check):
    with pytest.raises(Skip, match=r"^not on 3\.9 \(not here\)$"):
        check(["3.9", "3.11"])
    with pytest.raises(Skip, match=r"not on 3\.14t or 3\.13t \(not here\)"):
        check([])


def test_what_is_wrong_on_one_comes_before_what_was_not_asked(check):
    found = [Finding("3.11: it fails", "tests/test_hash.py", 1)]
    assert check(["3.9", "3.11"], found)[:2] == (found, ["ran on 3.11.7", "not on 3.9 (not here)"])


def test_a_source_s_path_is_below_the_archives_that_apt_knows(context, monkeypatch):
    ctx = context({})
    monkeypatch.setattr(interpreters.shutil, "which", lambda name: f"/usr/bin/{name}")
    listed = type("Completed", (), {"text": "file:///one/\nfile:///one/\nfile:///two/\n"})()
    monkeypatch.setattr(ctx, "run", lambda argv: listed)
    assert interpreters._addresses(ctx, "pool/x.tar.xz") == ["file:///one/pool/x.tar.xz", "file:///two/pool/x.tar.xz"]
    assert interpreters._addresses(ctx, "https://u.example/x.tar.xz") == ["https://u.example/x.tar.xz"]
