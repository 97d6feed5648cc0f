"""The stub, the signatures and the public names say the same as the module."""

import ast
import inspect
from pathlib import Path

import pytest

import template_pkg
from template_pkg import _native

STUB = ast.parse((Path(template_pkg.__file__).parent / "_native.pyi").read_text())
FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}
CLASSES = {node.name: node for node in STUB.body if isinstance(node, ast.ClassDef)}
# What the interpreter itself adds to a module or a class.
MODULE_NAMES = {"__doc__", "__file__", "__loader__", "__name__", "__package__", "__spec__"}
INHERITED = set(dir(object)) | {"__module__", "__dict__", "__weakref__"}
# What a class has without a stub having to say so.
UNSAID = {"__ne__", "__lt__", "__le__", "__gt__", "__ge__"}


def members(node):
    """Name -> last definition, of the functions in a class of the stub."""
    return {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}


def decorators(node):
    return {getattr(item, "id", "") for item in node.decorator_list}


def parameters_of_stub(node, skip_first=False):
    """(name, kind, default) of each parameter, as the stub has them."""
    kinds = inspect.Parameter
    args = node.args
    positional = args.posonlyargs + args.args
    defaults = [None] * (len(positional) - len(args.defaults)) + args.defaults
    rows = [
        (
            arg.arg,
            kinds.POSITIONAL_ONLY if i < len(args.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD,
            default,
        )
        for i, (arg, default) in enumerate(zip(positional, defaults))
    ]
    if args.vararg:
        rows.append((args.vararg.arg, kinds.VAR_POSITIONAL, None))
    rows += [(arg.arg, kinds.KEYWORD_ONLY, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults)]
    rows = [(name, kind, inspect.Parameter.empty if d is None else ast.literal_eval(d)) for name, kind, d in rows]
    return rows[1:] if skip_first else rows


def parameters_of(function):
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


def public_names(module):
    return {name for name in dir(module) if name not in MODULE_NAMES}


def test_the_stub_names_what_the_module_has():
    typed = [node for node in STUB.body if isinstance(node, ast.AnnAssign)]
    values = {node.target.id for node in typed if getattr(node.annotation, "id", "") != "TypeAlias"}
    assert set(FUNCTIONS) | set(CLASSES) | values == public_names(_native)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_has_the_signature_of_the_stub(name):
    assert parameters_of(getattr(_native, name)) == parameters_of_stub(FUNCTIONS[name])


METHODS = [
    (cls, name)
    for cls, node in CLASSES.items()
    for name, item in members(node).items()
    if "property" not in decorators(item) and (not name.startswith("__") or name == "__reduce__")
]


@pytest.mark.parametrize(("cls", "name"), METHODS)
def test_a_method_has_the_signature_of_the_stub(cls, name):
    node = members(CLASSES[cls])[name]
    method = getattr(getattr(_native, cls), name)
    bound = "classmethod" in decorators(node)
    expected = parameters_of_stub(node, skip_first=True)
    if "overload" in decorators(node):  # the last overload has every parameter, none of them optional
        assert [row[:2] for row in parameters_of(method)[1:]] == [row[:2] for row in expected]
        return
    assert parameters_of(method)[0 if bound else 1 :] == expected


@pytest.mark.parametrize("cls", sorted(CLASSES))
def test_a_class_has_the_members_of_the_stub(cls):
    real = getattr(_native, cls)
    node = CLASSES[cls]
    fields = {item.target.id for item in node.body if isinstance(item, ast.AnnAssign)}
    said = set(members(node)) | fields
    if issubclass(real, (tuple, BaseException)):
        own = {name for name in vars(real) if not name.startswith(("_", "n_"))}
    else:
        own = {name for name in vars(real) if name not in INHERITED | UNSAID or name in said}
    assert own == said


def test_every_function_and_member_has_a_docstring():
    for name in FUNCTIONS:
        assert getattr(_native, name).__doc__, name
    for cls, node in CLASSES.items():
        assert getattr(_native, cls).__doc__, cls
        for name in members(node):
            assert getattr(getattr(_native, cls), name).__doc__, (cls, name)


def test_the_package_exports_all_of_the_module():
    assert set(template_pkg.__all__) >= public_names(_native)
    assert len(set(template_pkg.__all__)) == len(template_pkg.__all__)
    for name in template_pkg.__all__:
        assert hasattr(template_pkg, name), name


def test_types_live_under_their_public_names():
    for name in CLASSES:
        assert getattr(_native, name).__module__ == "template_pkg"
        assert getattr(template_pkg, name).__qualname__ == name


def test_the_package_says_that_it_is_typed():
    assert (Path(template_pkg.__file__).parent / "py.typed").is_file()
