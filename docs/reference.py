"""Makes pages of the Python API from its docstrings, by pdoc: python docs/reference.py FOLDER

Types of what is native come from its stub. Each thing that has no docstring is a line `MODULE.NAME: ...` of the output, and
then the exit status is 1. `./ci.sh reference` runs this with a pdoc that is pinned.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import warnings
from pathlib import Path

from pdoc import doc, render

MODULES = ("template_pkg", "template_pkg.aio", "template_pkg.pytest_plugin")


class Text:
    """An annotation, as the stub spells it."""

    def __init__(self, node):
        self.text = ast.unparse(node)

    def __repr__(self):
        return self.text


def stubbed():
    """Qualified name -> what the stub says of it; of overloads, the last."""
    module = ast.parse(Path(sys.modules["template_pkg"].__file__).with_name("_native.pyi").read_text(encoding="utf-8"))
    found = {}
    for node in module.body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            if isinstance(inner, ast.FunctionDef):
                found[prefix + inner.name] = inner
            elif isinstance(inner, ast.AnnAssign):
                found[prefix + inner.target.id] = inner.annotation
    return found


def typed(function, node):
    """The function's signature with the types of the stub."""
    args = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    types = {arg.arg: Text(arg.annotation) for arg in args if arg.annotation}
    given = function.signature.parameters.values()
    return function.signature.replace(
        parameters=[each.replace(annotation=types.get(each.name, each.annotation)) for each in given],
        return_annotation=Text(node.returns) if node.returns else inspect.Signature.empty,
    )


def listed(text, names):
    """Lines `name: ...` about parameters as the items of a list; their further lines belong to them."""
    item = re.compile(rf"^(?=(?:{'|'.join(map(re.escape, names))})\b[\w, .]*:)", re.M) if names else None
    lines = item.sub("- ", text).split("\n") if item else text.split("\n")
    made = []
    for line in lines:
        if line.startswith("- ") and made and made[-1] and not made[-1].startswith(("- ", "  ")):
            made.append("")
        made.append(line)
    return "\n".join(made)


def everything(namespace):
    for member in namespace.members.values():
        if member.name.startswith("_"):
            continue
        yield member
        if isinstance(member, doc.Class):
            yield from everything(member)


def is_written_down(member, owner):
    """Whether it has a docstring, or is a value that its class's docstring stands for."""
    if member.docstring:
        return True
    if isinstance(member, doc.Variable):
        found = inspect.getattr_static(owner, member.name, None)
        return not isinstance(found, property) and not inspect.isroutine(found)
    return False


def main():
    folder = Path(sys.argv[1])
    warnings.simplefilter("error")
    # Classes are shown where users import them from; their members are assigned, and their types imported, elsewhere.
    for message in ("Cannot determine where .* is taken from", "Error parsing type annotation"):
        warnings.filterwarnings("ignore", message)
    render.configure(show_source=False)
    package = importlib.import_module("template_pkg")
    for name in package.__all__:  # pdoc looks at what is there already, and each comes at its first use
        getattr(package, name)
    modules = {name: doc.Module.from_name(name) for name in MODULES}
    stub, bare = stubbed(), []
    for module in modules.values():
        if not module.docstring:
            bare.append(module.fullname)
        for member in everything(module):
            owner = sys.modules[module.modulename]
            for part in member.qualname.split(".")[:-1]:
                owner = getattr(owner, part)
            if not is_written_down(member, owner):
                bare.append(member.fullname)
            node = stub.get(member.qualname) if module.fullname == "template_pkg" else None
            if isinstance(member, doc.Function):
                if isinstance(node, ast.FunctionDef):
                    member.signature = typed(member, node)
                member.docstring = listed(member.docstring, list(member.signature.parameters))
            elif isinstance(member, doc.Variable) and isinstance(node, ast.FunctionDef):
                member.annotation = Text(node.returns)
    for module in modules.values():
        page = folder / f"{module.fullname.replace('.', '/')}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(render.html_module(module, modules), encoding="utf-8")
    (folder / "index.html").write_text(render.html_index(modules), encoding="utf-8")
    (folder / "search.js").write_text(render.search_index(modules), encoding="utf-8")
    sys.stdout.write("".join(f"{name}: no docstring\n" for name in bare))
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())
