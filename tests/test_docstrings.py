"""The examples in docstrings: each runs, and gives what it shows."""

import doctest
import importlib
import inspect
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


EXAMPLES = {
    name: text
    for module in MODULES
    for name, text in documented(module, importlib.import_module(module))
    if ">>>" in text
}


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
        "Manifest",
    }
    assert {f"template_pkg.{name}" for name in wanted} | {"template_pkg", "template_pkg.aio"} <= set(EXAMPLES)
