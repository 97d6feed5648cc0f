"""What doctor says on machines that lack something, and that --fix leaves nothing missing, or says why."""

import os
import subprocess
import sys

import pytest

from ci.runner import registry
from ci.tools import doctor, environment, system, toolbox

PROGRAMS = ("sh", "dirname", "git", "rm", "mkdir", "ln", "cat", "env")


class Machine:
    """A PATH with a few programs, on which a checkout of these gates is looked at."""

    def __init__(self, project):
        self.project = project
        self.bin = project.root / "outside" / "bin"
        self.bin.mkdir(parents=True)
        for name in PROGRAMS:
            found = next(p for p in ("/bin/", "/usr/bin/") if os.path.exists(p + name)) + name
            (self.bin / name).symlink_to(found)
        self.script("python3", f'exec "{sys.executable}" "$@"')
        # For a user who is not root: asked by `sudo -n true` whether it may be used.
        self.script("sudo", 'while [ "${1#-}" != "$1" ]; do shift; done; [ "$1" = true ] || exec "$@"')
        self.sudo = "" if os.geteuid() == 0 else f"{self.bin}/sudo -n --preserve-env=DEBIAN_FRONTEND "
        pins = project.root / "ci" / "requirements"
        pins.mkdir(parents=True)
        for name in {*toolbox.FROM_INDEX.values(), "uv"}:
            (pins / f"{name}.txt").write_text(f"{name}==1\n")

    def script(self, name, text):
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def drop(self, name):
        (self.bin / name).unlink()

    def doctor(self, *args):
        env = {
            "PATH": str(self.bin),
            "HOME": str(self.project.root),
            "PIP_INDEX_URL": "http://127.0.0.1:9/",
            "PIP_RETRIES": "0",
        }
        done = subprocess.run(
            ["./ci.sh", "doctor", *args], cwd=self.project.root, env=env, capture_output=True, text=True, timeout=120
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done


@pytest.fixture
def machine(project):
    return Machine(project)


def test_every_tool_has_a_purpose_in_words():
    asked = {tool for name in registry.names() for tool in registry.load(name).tools}
    assert asked <= set(doctor.PURPOSE)
    assert set(doctor.PURPOSE) <= {*system.PACKAGES, *toolbox.FROM_INDEX}


def test_nothing_missing_is_exit_0(machine):
    machine.project.gate("plain")
    done = machine.doctor()
    assert done.returncode == 0, done.stdout
    assert "missing" not in done.stdout


def test_what_is_missing_is_named_with_its_purpose_its_gates_and_its_command(machine):
    machine.project.gate("one", extra="tools=['cc', 'ruff']")
    machine.project.gate("two", extra="tools=['cc']")
    machine.script("apt-get", "exit 1")
    done = machine.doctor()
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    at = lines.index("cc                 missing: compiles core, command and module (for one, two)")
    assert lines[at + 1].strip().endswith("apt-get install -y -q --no-install-recommends gcc libc6-dev")
    at = lines.index("ruff               missing: lays out Python and reads it for mistakes (for one)")
    assert lines[at + 1].strip() == "./ci.sh doctor --fix    # from the package index into build/env/lint"
    assert lines[-1] == "missing: cc, ruff; ./ci.sh doctor --fix runs these commands"


def test_what_cmake_can_fetch_is_no_fault(machine):
    machine.project.gate("one", extra="tools=['xxhash']")
    machine.script("apt-get", "exit 1")
    done = machine.doctor()
    assert done.returncode == 0
    assert "libxxhash-dev" in done.stdout
    assert "or nothing: CMake fetches it, pinned, when it builds" in done.stdout


def test_what_nobody_can_get_for_one_is_named_with_its_place(machine):
    machine.project.gate("one", extra="tools=['go']")
    machine.script("apt-get", "exit 1")
    done = machine.doctor()
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    at = lines.index("go                 missing: builds actionlint (for one)")
    assert lines[at + 1].strip() == "https://go.dev/doc/install (1.25 or later)"
    skipped = machine.project.run("one") if not system.has("go") else None
    assert skipped is None or "go is missing: https://go.dev/doc/install" in skipped.out


def test_without_a_package_manager_it_says_so(machine):
    machine.project.gate("one", extra="tools=['cc']")
    done = machine.doctor()
    assert done.returncode == 1
    assert "no package manager that we know (apt-get, dnf, apk, brew): install it as this system does" in done.stdout


def test_a_package_manager_without_the_package_says_so(machine):
    machine.project.gate("one", extra="tools=['asan']")
    machine.script("apk", "exit 1")
    assert "apk has no package that we know of for it" in machine.doctor().stdout


def test_without_git_it_still_answers(machine):
    machine.project.gate("one")
    machine.drop("git")
    done = machine.doctor()
    assert done.returncode == 1
    assert "git                missing: lists the project's files" in done.stdout


def test_a_compiler_that_compiles_nothing_is_missing(machine):
    machine.project.gate("one", extra="tools=['cc', 'headers']")
    machine.script("cc", "exit 1")
    assert "cc                 missing" in machine.doctor().stdout


def test_fix_runs_the_command_and_then_all_is_there(machine):
    machine.project.gate("one", extra="tools=['cc']")
    machine.script(
        "apt-get", f'case $1 in install) echo "#!/bin/sh" >{machine.bin}/cc; /bin/chmod +x {machine.bin}/cc;; esac'
    )
    done = machine.doctor("--fix")
    assert done.returncode == 0, done.stdout
    command = "apt-get install -y -q --no-install-recommends gcc libc6-dev"
    assert f"installing system packages: {machine.sudo}{command}" in done.stdout
    assert machine.doctor().returncode == 0


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo no such package; exit 100", "that failed: {program}: no such package"),
        ("kill -9 $$", "that failed: {program}"),
        ("exit 0", "installing system packages"),
    ],
    ids=["refuses", "dies", "lies"],
)
def test_fix_that_fails_is_not_clean(machine, script, said):
    machine.project.gate("one", extra="tools=['cc']")
    machine.script("apt-get", script)
    done = machine.doctor("--fix")
    assert done.returncode == 1
    assert said.format(program="sudo" if machine.sudo else "apt-get") in done.stdout
    assert done.stdout.splitlines()[-1] == "missing: cc; the lines above say why"


def test_fix_without_a_network_says_why(machine):
    machine.project.gate("one", extra="tools=['ruff']")
    done = machine.doctor("--fix")
    assert done.returncode == 1
    assert "ruff               missing" in done.stdout
    assert "ruff cannot be installed: " in done.stdout


# ---------------------------------------------------------------- environments
@pytest.fixture
def made(tmp_path):
    """An environment that says it is there."""
    pins = tmp_path / "ci" / "requirements" / "native.txt"
    pins.parent.mkdir(parents=True)
    pins.write_text("cmake==4\n")

    def create(target, uv, run):
        os.makedirs(os.path.join(target, "bin"))
        for name in ("python", "cmake", "ninja"):
            path = os.path.join(target, "bin", name)
            with open(path, "w") as file:
                file.write("#!/bin/sh\n")
            os.chmod(path, 0o755)

    return tmp_path, create


def ensure(root, create, monkeypatch):
    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(environment, "install", lambda *args: None)
    environment.ensure(str(root), "native", lambda: None, lambda argv: None, lambda line: None)


@pytest.mark.parametrize("gone", ["cmake", "python"])
def test_an_environment_that_lost_a_program_is_not_whole(made, monkeypatch, gone):
    root, create = made
    ensure(root, create, monkeypatch)
    monkeypatch.setattr(toolbox, "own", lambda tool: None)
    assert doctor.place(str(root), "cmake") == "build/env/native/bin/cmake"
    os.remove(root / "build" / "env" / "native" / "bin" / gone)
    assert environment.is_current(str(root), "native")
    assert doctor.place(str(root), "cmake") == ""
    environment.forget(str(root), "native")
    ensure(root, create, monkeypatch)
    assert doctor.place(str(root), "cmake") == "build/env/native/bin/cmake"


def test_an_environment_that_was_moved_is_made_again(made, monkeypatch):
    root, create = made
    ensure(root, create, monkeypatch)
    assert environment.is_current(str(root), "native")
    moved = root.parent / f"{root.name} moved"
    os.rename(root, moved)
    assert not environment.is_current(str(moved), "native")


def test_forgetting_what_is_not_there_is_fine(tmp_path):
    environment.forget(str(tmp_path), "lint")
