"""The examples in docstrings: each runs, and gives what it shows."""

import doctest
import importlib
import inspect
import re
import threading

import pytest

import template_pkg as tp

FILES = {"a.txt": "one\n", "sub/b.txt": "two\n"}
MODULES = ("template_pkg", "template_pkg.aio", "template_pkg.pytest_plugin")


def documented(name, thing):
    """Names and docstrings of something and what is in it."""
    yield name, inspect.getdoc(thing) or ""
    if inspect.ismodule(thing):
        for member in thing.__all__ if hasattr(thing, "__all__") else ():
            yield from documented(f"{name}.{member}", getattr(thing, member))
    elif inspect.isclass(thing):
        for member, value in vars(thing).items():
            if not member.startswith("_"):
                yield f"{name}.{member}", inspect.getdoc(getattr(thing, member)) or inspect.getdoc(value) or ""


DOCUMENTED = {name: text for module in MODULES for name, text in documented(module, importlib.import_module(module))}
EXAMPLES = {name: text for name, text in DOCUMENTED.items() if ">>>" in text}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_it_shows(name, tree, monkeypatch):
    """In a folder with a tree `project` of two files, all of the package at hand."""
    root = tree({"entries": [{"path": f"project/{path}", "content": text} for path, text in FILES.items()]})
    monkeypatch.chdir(root)
    names = {"threading": threading, **{each: getattr(tp, each) for each in tp.__all__}}
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], names, name, None, 0)
    said = []
    failed, tried = doctest.DocTestRunner().run(test, out=said.append)
    assert tried
    assert not failed, "".join(said)


def test_what_is_said_to_have_another_name_has_it():
    found = [(name, other) for name, text in DOCUMENTED.items() for other in re.findall(r"also named (\w+)", text)]
    assert ("template_pkg.diff", "diff_manifests") in found
    for name, other in found:
        assert getattr(tp, name.rpartition(".")[2]) is getattr(tp, other), name


def raises(name):
    """What a docstring says of exceptions, to the end of its paragraph."""
    return re.search(r"\bRaises\b.*?(?=\n\n|\Z)", DOCUMENTED[f"template_pkg.{name}"], re.S)[0]


@pytest.mark.parametrize("name", ["snapshot", "diff", "group_paths", "matches", "Manifest.filter"])
def test_what_takes_patterns_says_what_a_bad_one_raises(name):
    assert "ValidationError (no pattern of the dialect)" in " ".join(raises(name).split())


LONG = ("snapshot", "diff", "merge", "verify", "decode_manifest", "hash_file", "group_paths", "prepare_attachments")
METHODS = ("filter", "convert", "changes_since", "encode", "encode_bytes", "save", "from_path")


@pytest.mark.parametrize("name", [*LONG, *(f"Manifest.{name}" for name in METHODS)])
def test_what_can_be_stopped_says_so(name):
    said = raises(name)
    assert "Cancelled" in (raises("group_paths") if "what group_paths() does" in said else said)


def test_what_users_begin_with_has_an_example():
    wanted = {
        "snapshot",
        "diff",
        "verify",
        "merge",
        "decode_manifest",
        "hash_bytes",
        "hash_file",
        "matches",
        "create_manifest",
        "Manifest",
    }
    assert {f"template_pkg.{name}" for name in wanted} | {"template_pkg", "template_pkg.aio"} <= set(EXAMPLES)
