"""What gates share: getting tools, environments, reports of sanitizers."""

import glob
import json
import os
import subprocess

import pytest

from ci import policy
from ci.runner.model import Broken, Skip
from ci.tools import environment, objects, pytests, sanitizers, system, toolbox


# ---------------------------------------------------------------- tools
class Host:
    """A machine on which some things are there, and a package manager may or may not be used."""

    def __init__(self, monkeypatch, there=(), manager="apt-get", privilege=(), works=True):
        self.there = set(there)
        self.ran = []
        self.said = []
        self.works = works
        monkeypatch.setattr(system, "has", self.there.__contains__)
        monkeypatch.setattr(system, "manager", lambda: manager)
        monkeypatch.setattr(system, "privilege", lambda: None if privilege is None else list(privilege))
        monkeypatch.setattr(toolbox, "own", lambda tool: f"/usr/bin/{tool}" if tool in self.there else None)
        monkeypatch.setattr(environment, "is_current", lambda root, name: False)
        monkeypatch.setattr(environment, "ensure", self.ensure)
        self.box = toolbox.Toolbox("/root", self.run, self.said.append)

    def run(self, argv):
        self.ran.append(" ".join(argv))
        if not self.works:
            raise environment.Unavailable("no network")
        self.there |= {"cc", "c++", "headers", "cmocka", "xxhash", "venv"}

    def ensure(self, root, name, uv, run, tell):
        self.ran.append(f"environment {name}")
        if not self.works:
            raise environment.Unavailable("no network")


def test_nothing_is_done_when_all_is_there(monkeypatch):
    host = Host(monkeypatch, there=("cc", "headers", "cmake"))
    host.box.provide(["cc", "headers", "cmake"])
    assert host.ran == host.said == []
    assert host.box.path("cmake") == "/usr/bin/cmake"


def test_what_is_missing_is_installed_and_announced_first(monkeypatch):
    host = Host(monkeypatch, privilege=("sudo", "-n"))
    host.box.provide(["cc", "headers", "ruff"])
    line = "sudo -n apt-get install -y -q --no-install-recommends gcc libc6-dev python3-dev python3-venv"
    assert host.said == [f"installing system packages: {line}"]
    assert host.ran == ["sudo -n apt-get update -q", line, "environment lint"]
    assert host.box.lost == {}


def test_without_the_right_to_install_the_command_is_named(monkeypatch):
    host = Host(monkeypatch, there=("venv",), privilege=None)
    host.box.provide(["cc", "cmocka"])
    assert host.ran == host.said == []
    with pytest.raises(Skip, match="cc is missing; run: apt-get install -y .* gcc libc6-dev libcmocka-dev$"):
        host.box.check(["cc"])


def test_what_cmake_can_fetch_stops_nothing(monkeypatch):
    host = Host(monkeypatch, there=("venv", "cc"), privilege=None)
    host.box.provide(["cc", "cmocka"])
    line = "apt-get install -y -q --no-install-recommends libcmocka-dev"
    assert host.said == [f"cmocka is not installed: CMake will fetch it; run: {line}"]
    host.box.check(["cc", "cmocka"])


def test_without_a_known_package_manager_it_is_only_missing(monkeypatch):
    host = Host(monkeypatch, there=("venv",), manager=None)
    host.box.provide(["cc"])
    with pytest.raises(Skip, match="^cc is missing$"):
        host.box.check(["cc"])


def test_without_a_network_what_needs_it_is_skipped(monkeypatch):
    host = Host(monkeypatch, there=("venv", "cc"), works=False)
    host.box.provide(["ruff", "mypy", "cc"])
    with pytest.raises(Skip, match="mypy cannot be installed: no network"):
        host.box.check(["mypy"])
    host.box.check(["cc"])


@pytest.mark.parametrize("name", list(system.INSTALL))
def test_every_package_manager_has_a_word_for_a_compiler(monkeypatch, name):
    monkeypatch.setattr(system, "manager", lambda: name)
    assert system.command(["cc"])[: len(system.INSTALL[name])] == system.INSTALL[name]
    assert len(system.command(["cc"])) > len(system.INSTALL[name])
    assert system.command([]) == []


def test_an_environment_is_made_once_and_again_when_its_pins_change(tmp_path, monkeypatch):
    made = []
    pins = tmp_path / "ci" / "requirements" / "lint.txt"
    pins.parent.mkdir(parents=True)
    pins.write_text("one\n")
    monkeypatch.setattr(environment, "create", lambda target, uv, run: (made.append(target), os.makedirs(target)))
    monkeypatch.setattr(environment, "install", lambda target, uv, what, run: made.append(what))

    def ensure():
        environment.ensure(str(tmp_path), "lint", lambda: "uv", lambda argv: None, lambda line: None)
        return len(made)

    assert ensure() == 2
    assert made[1] == ["--require-hashes", "-r", str(pins)]
    assert ensure() == 2
    pins.write_text("two\n")
    assert ensure() == 4


def test_an_environment_that_failed_half_way_is_made_again(tmp_path):
    pins = tmp_path / "ci" / "requirements" / "lint.txt"
    pins.parent.mkdir(parents=True)
    pins.write_text("one\n")

    def fail(argv):
        os.makedirs(environment.folder(str(tmp_path), "lint"), exist_ok=True)
        raise environment.Unavailable("no")

    for _ in range(2):
        with pytest.raises(environment.Unavailable):
            environment.ensure(str(tmp_path), "lint", lambda: None, fail, lambda line: None)
        assert not environment.is_current(str(tmp_path), "lint")


def test_without_uv_it_is_said_once_and_pip_does_the_work(tmp_path, monkeypatch):
    for name in ("uv", "lint", "native"):
        pins = tmp_path / "ci" / "requirements" / f"{name}.txt"
        pins.parent.mkdir(parents=True, exist_ok=True)
        pins.write_text(f"{name}==1\n")
    ran, said = [], []

    def run(argv):
        ran.append(argv)
        if str(tmp_path / "ci/requirements/uv.txt") in argv:
            raise environment.Unavailable("no such thing")

    def create(target, uv, run):
        os.makedirs(target)

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(environment, "create", create)
    monkeypatch.setattr(system, "has", lambda need: True)
    toolbox.Toolbox(str(tmp_path), run, said.append).provide(["ruff", "cmake"])
    assert [line for line in said if "without uv" in line] == ["going on without uv (no such thing)"]
    pip = [argv[:4] for argv in ran if str(tmp_path / "ci/requirements/uv.txt") not in argv]
    assert pip == [
        [environment.program(str(tmp_path), name, "python"), "-m", "pip", "install"] for name in ("lint", "native")
    ]


# ---------------------------------------------------------------- sanitizers
REPORTS = """\
./libs/core/src/a.c:7:3: runtime error: shift exponent 32 is too large
==12==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60 at pc 0x55 bp 0x7f
    #0 0x7f in __interceptor_memcpy ../../../../src/libsanitizer/common.inc:827
    #1 0x55 in tpl_copy {root}/libs/core/src/a.c:46
SUMMARY: AddressSanitizer: heap-buffer-overflow ../../../../src/libsanitizer/common.inc:827 in __interceptor_memcpy
==13==ERROR: LeakSanitizer: detected memory leaks
SUMMARY: AddressSanitizer: 4 byte(s) leaked in 1 allocation(s).
"""


def test_reports_of_sanitizers_become_findings(tmp_path):
    path = tmp_path / "libs" / "core" / "src" / "a.c"
    path.parent.mkdir(parents=True)
    path.write_text("")
    found = [str(f) for f in sanitizers.findings(REPORTS.replace("{root}", str(tmp_path)), str(tmp_path))]
    assert found == [
        "libs/core/src/a.c:7: undefined behaviour: shift exponent 32 is too large",
        "libs/core/src/a.c:46: AddressSanitizer: heap-buffer-overflow in tpl_copy",
        "LeakSanitizer: detected memory leaks",
    ]
    assert sanitizers.findings("all is well\n", str(tmp_path)) == []


def test_what_does_not_run_under_the_sanitizers_is_there():
    for name in pytests.UNSANITIZED:
        assert glob.glob(os.path.join(policy.ROOT, "tests", name)), name
    for word in pytests.SANITIZED:
        option, _, test = word.partition("=")
        if option == "--deselect":
            path, _, name = test.partition("::")
            with open(os.path.join(policy.ROOT, path), encoding="utf-8") as file:
                assert f"\ndef {name}(" in file.read(), test


# ---------------------------------------------------------------- what a build compiles
def listing(folder, *files):
    units = [{"directory": str(folder), "file": str(file), "command": f"cc -o a.o -c {file}"} for file in files]
    (folder / "compile_commands.json").write_text(json.dumps(units))


def test_commands_are_of_sources_of_the_checkout(tmp_path):
    listing(tmp_path, tmp_path / "libs" / "a.c", "/usr/src/b.c")
    found = objects.units(str(tmp_path), str(tmp_path))
    assert found["libs/a.c"] == str(tmp_path / "a.o")


@pytest.mark.parametrize("files", [[], ["/elsewhere/libs/a.c"]])
def test_a_build_of_nothing_of_ours_is_not_judged(tmp_path, files):
    listing(tmp_path, *files)
    with pytest.raises(Broken) as broken:
        objects.commands(str(tmp_path), str(tmp_path))
    assert [str(f) for f in broken.value.findings] == [f"compile_commands.json: lists no source below {tmp_path}"]


def test_gates_see_the_checkout_by_its_real_name(project, tmp_path_factory):
    """What a compiler and CMake name, they name by that: by another name nothing would be in the tree."""
    link = tmp_path_factory.mktemp("links") / "checkout"
    link.symlink_to(project.root)
    project.gate("where", "return [Finding(ctx.root)]")
    done = subprocess.run([link / "ci.sh", "where"], capture_output=True, text=True, check=False)
    assert f"{os.path.realpath(project.root)}\n" in done.stdout
