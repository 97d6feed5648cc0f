"""What is offered to pre-commit and prek, read and run by both."""

import os
import shutil
import subprocess
from pathlib import Path

import environments
import pytest

from ci import policy
from ci.hooks import guard

OFFER = Path(policy.ROOT) / ".pre-commit-hooks.yaml"
REQUIREMENTS = Path(policy.ROOT) / "benchmarks" / "requirements-runners.txt"

pytestmark = pytest.mark.deep  # an environment for them takes half a minute


@pytest.fixture(scope="module")
def programs(request, tmp_path_factory):
    return environments.made(REQUIREMENTS, request, tmp_path_factory)


@pytest.fixture(params=["pre-commit", "prek"])
def tool(request, programs, cli, tmp_path_factory):
    """Runs it in a folder; what it keeps for later goes to a folder of the test's own."""
    home = str(tmp_path_factory.mktemp("home"))
    path = os.pathsep.join([str(programs), str(Path(cli.path).parent), os.environ["PATH"]])
    env = {**os.environ, "HOME": home, "PRE_COMMIT_HOME": home, "PREK_HOME": home, "PATH": path}

    def run(root, *words):
        argv = [str(programs / request.param), *map(str, words)]
        return subprocess.run(
            argv, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )

    return run


def git(root, *words):
    identity = ["-c", "user.name=n", "-c", "user.email=n@localhost", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def configured(tmp_path_factory):
    """A function that has a repository ask for hooks, as lines of YAML, from one that offers ours."""
    offers = tmp_path_factory.mktemp("offers")
    shutil.copy(OFFER, offers)
    git(offers, "init", "-q")
    git(offers, "add", "-A")
    git(offers, "commit", "-qm", "all")

    def configure(root, *hooks):
        lines = [f"repos:\n- repo: {offers}\n  rev: {git(offers, 'rev-parse', 'HEAD')}\n  hooks:\n"]
        (root / ".pre-commit-config.yaml").write_text("".join(lines) + "".join(f"  - {hook}\n" for hook in hooks))
        git(root, "add", "-A")

    return configure


def test_what_is_offered_fits_their_schema(tool, tmp_path):
    done = tool(tmp_path, "validate-manifest", OFFER)
    assert done.returncode == 0, done.stdout
    (tmp_path / OFFER.name).write_text(OFFER.read_text().replace("  entry: template-cli verify\n", ""))
    assert tool(tmp_path, "validate-manifest", tmp_path / OFFER.name).returncode != 0


def test_gates_and_subject_are_asked(tool, project, configured, tmp_path_factory):
    root, message = project.root, tmp_path_factory.mktemp("message") / "message"
    shutil.copytree(Path(guard.__file__).parent, root / "ci" / "hooks")
    project.gate("looks", "return [Finding('holds BAD')] if 'BAD' in ctx.tree.text('a.txt') else []")
    for text, fine in (("fine\n", True), ("BAD\n", False)):
        (root / "a.txt").write_text(text)
        configured(root, "id: gates", "id: subject")
        done = tool(root, "run", "--all-files")
        assert (done.returncode == 0) is fine, done.stdout
        assert ("holds BAD" in done.stdout) is not fine
    for subject, fine in (("ci: a start", True), ("Stuff.", False)):
        message.write_text(f"{subject}\n")
        done = tool(root, "run", "--hook-stage", "commit-msg", "--commit-msg-filename", message)
        assert (done.returncode == 0) is fine, done.stdout
        assert ("does not have the form" in done.stdout) is not fine


def test_files_are_held_against_a_manifest(tool, cli, configured, tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("one\n")
    cli.ok("snapshot", tmp_path / "files", "-o", tmp_path / "manifest")
    # The command is the one installed here: that it comes from a wheel is shown elsewhere.
    configured(tmp_path, "id: verify-manifest\n    language: system\n    args: [manifest, files]")
    done = tool(tmp_path, "run", "--all-files")
    assert done.returncode == 0, done.stdout
    (tmp_path / "files" / "a.txt").write_text("two\n")
    done = tool(tmp_path, "run", "--all-files")
    assert done.returncode != 0
    assert "a.txt" in done.stdout
