"""Makes a Rust workspace of our shape, the peer of the edit loop: a core, a command and a Python module, so many lines each."""

from __future__ import annotations

import subprocess
from pathlib import Path

from harness import WORK, NoIndex, find, needs_index

ROOT = Path(__file__).resolve().parent
PYO3 = "0.27"
FOLDERS = {"core": "libs/core/src", "cli": "libs/cli/src", "py": "libs/py/src"}

_WORKSPACE = """\
[workspace]
members = ["core", "cli", "py"]
resolver = "2"
"""
_PACKAGE = '[package]\nname = "shape-{name}"\nversion = "1.0.0"\nedition = "2021"\n\n'
_MANIFESTS = {
    "core": _PACKAGE.format(name="core") + '[lib]\nname = "shape_core"\n',
    "cli": _PACKAGE.format(name="cli") + '[dependencies]\nshape-core = {path = "../core"}\n',
    "py": _PACKAGE.format(name="py")
    + '[lib]\nname = "shape"\ncrate-type = ["cdylib"]\n\n[dependencies]\nshape-core = {path = "../core"}\n'
    + f'pyo3 = {{version = "{PYO3}", features = ["abi3-py39"]}}\n',
}
_PYPROJECT = """\
[build-system]
requires = ["maturin"]
build-backend = "maturin"

[project]
name = "shape"
version = "1.0.0"
requires-python = ">=3.9"
"""
# Twenty lines that a compiler has to think about a little.
_FUNCTION = """\
pub fn work_{n}(input: &[u8]) -> u64 {{
    let mut state: u64 = {n} + SEED;
    let mut names: Vec<String> = Vec::new();
    for (index, byte) in input.iter().enumerate() {{
        state = state.rotate_left(5) ^ u64::from(*byte);
        if state % 97 == 0 {{
            names.push(format!("{{index}}:{{state}}"));
        }}
    }}
    names.sort();
    match names.first() {{
        Some(name) if name.len() > 3 => state.wrapping_add(name.len() as u64),
        Some(_) => state,
        None => state ^ {n},
    }}
}}

"""
_FUNCTION_LINES = _FUNCTION.count("\n")
EDITED = "core/src/part_20.rs"


def _units(name: str) -> list[int]:
    """Lines of each C file of ours."""
    sources = sorted((ROOT.parent / FOLDERS[name]).glob("*.c"))
    return [source.read_text(encoding="utf-8").count("\n") for source in sources]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _crate(root: Path, name: str) -> str:
    """Writes the parts of a crate, as long as our files; returns the sum of all their functions."""
    calls = []
    for number, lines in enumerate(_units(name)):
        count = max(1, lines // _FUNCTION_LINES)
        text = "pub const SEED: u64 = 64;\n\n" + "".join(_FUNCTION.format(n=n) for n in range(count))
        _write(root / name / "src" / f"part_{number}.rs", text)
        calls += [f"part_{number}::work_{n}(input)" for n in range(count)]
    modules = "".join(f"pub mod part_{number};\n" for number in range(len(_units(name))))
    total = f"pub fn all(input: &[u8]) -> u64 {{\n    let parts = [{', '.join(calls)}];\n    parts.iter().sum()\n}}\n"
    return modules + "\n" + total.replace("parts.iter().sum()", "parts.iter().fold(0, |a, b| a ^ b)")


def workspace() -> Path:
    """The workspace, with what it depends on fetched; made once."""
    root = WORK / "edit-loop" / "rust"
    if (root / "ready").exists():
        return root
    find("cargo", "cargo")
    needs_index("pyo3")
    _write(root / "Cargo.toml", _WORKSPACE)
    for name, manifest in _MANIFESTS.items():
        _write(root / name / "Cargo.toml", manifest)
    _write(root / "py" / "pyproject.toml", _PYPROJECT)
    _write(root / "core" / "src" / "lib.rs", _crate(root, "core"))
    _write(
        root / "cli" / "src" / "main.rs",
        _crate(root, "cli") + '\nfn main() {\n    println!("{}", all(b"x") ^ shape_core::all(b"x"));\n}\n',
    )
    module = "\n#[pyo3::pymodule]\nmod shape {\n    #[pyo3::pyfunction]\n    fn run() -> u64 {\n"
    module += '        super::all(b"x") ^ shape_core::all(b"x")\n    }\n}\n'
    _write(root / "py" / "src" / "lib.rs", _crate(root, "py") + module)
    done = subprocess.run(["cargo", "build"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoIndex(f"the Rust workspace does not build: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    _write(root / "ready", "")
    return root
