"""Requirements and their pins: what is in step, and what is not."""

import pytest

from ci.gates import pins
from ci.tools import pinning

HASH = "    --hash=sha256:" + 64 * "a"
TWO = f"{HASH} \\\n{HASH}\n"
ASKED = "# Why.\nlint.er[fast]>=1.1, <2\nother; python_version < '3.11'\nexact==23.*\n"
PINNED = (
    f"exact==23.4.1 \\\n{TWO}"
    f"lint-er==1.1 ; python_full_version < '3.10' \\\n{TWO}lint-er==1.9.post1 ; sys_platform == 'x' \\\n{TWO}"
    f"needed==0.1 \\\n{TWO}other==2 \\\n{HASH}\n"
)


def judged(asked, pinned):
    return [str(finding) for finding in pinning.judge("a.in", asked, pinned)]


def test_what_is_in_step_passes():
    assert judged(ASKED, PINNED) == []


@pytest.mark.parametrize(
    ("asked", "pinned", "finding"),
    [
        ("a", None, "a.in: a.txt, which pins this, is missing"),
        ("a\nb\n", f"a==1 \\\n{HASH}\n", "a.in:2: a.txt does not pin b"),
        ("a<1.5", f"a==1.10 \\\n{HASH}\n", "a.txt:1: a is pinned to 1.10, asked for is <1.5"),
        ("a==2.*", f"a==20.1 \\\n{HASH}\n", "a.txt:1: a is pinned to 20.1, asked for is ==2.*"),
        ("a~=2", f"a==2 \\\n{HASH}\n", "a.in:1: no range of versions: ~=2"),
        ("a", "a==1\n", "a.txt:1: a has no hash"),
        ("a", "a==1 \\\n", "a.txt:1: a hash has to follow"),
        ("a", f"a==1 \\\n{HASH} \\\n", "a.txt:2: a hash has to follow"),
        ("a", f"a==1 \\\n{HASH[:-1]}\n", f"a.txt:2: no version with its hashes: {HASH[:-1].strip()[:60]}"),
        ("", f"{HASH}\n", "a.txt:1: a hash of nothing"),
        ("", "a>=1\n", "a.txt:1: no version with its hashes: a>=1"),
        ("", "-e .\n", "a.txt:1: no version with its hashes: -e ."),
    ],
)
def test_what_is_not_is_refused(asked, pinned, finding):
    assert finding in judged(asked, pinned)


def test_ours_are_in_step_and_name_no_host():
    from pathlib import Path

    from ci import policy
    from ci.runner.tree import Tree

    tree = Tree(policy.ROOT)
    paths = tree.glob("**/*requirements*.txt", "**/requirements/*.txt")
    assert len(paths) > 10
    assert not [path for path in paths if "://" in Path(policy.ROOT, path).read_text()]


def test_fix_asks_uv_for_what_is_out_of_step_alone(context, monkeypatch):
    said = f"good==1 \\\n{HASH}\n"
    ctx = context(
        {
            "ci/requirements/good.in": "good\n",
            "ci/requirements/good.txt": said,
            "ci/requirements/bad.in": "# uv pip compile: --python-version 3.10 --no-deps\nbad\n",
            "tests/requirements-new.in": "new\n",
        }
    )
    ran = []
    monkeypatch.setattr(pins, "uv", lambda ctx: "uv")
    monkeypatch.setattr(ctx, "must", lambda argv, cwd: ran.append((cwd[len(ctx.root) + 1 :], argv[8:])))
    pins.fix(ctx)
    assert ran == [
        ("ci/requirements", ["--python-version", "3.10", "--no-deps", "bad.in", "-o", "bad.txt"]),
        ("tests", ["--python-version", "3.9", "requirements-new.in", "-o", "requirements-new.txt"]),
    ]
    ran.clear()
    ctx.args[:] = ["--upgrade"]
    pins.fix(ctx)
    assert [argv[-3] for _, argv in ran] == ["bad.in", "good.in", "requirements-new.in"]
    assert all("--upgrade" in argv for _, argv in ran)
