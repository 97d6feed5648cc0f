#!/usr/bin/env python3
"""Runs the benchmarks and prints each row's ratios against its targets.

python3 benchmarks/bench.py            every row
python3 benchmarks/bench.py 2 9        some of them
python3 benchmarks/bench.py --smoke    small inputs, to see that everything runs
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))
import harness
import report

ROWS = [
    "large_files",
    "small_files",
    "cold_files",
    "rescan",
    "rescan_peers",
    "decode",
    "encode",
    "compare",
    "startup",
    "binding",
    "runner",
    "edit_loop",
]


def run_row(module: Any, cli: str, scale: float, rounds: int) -> dict[str, Any]:
    print(f"\n{module.NUMBER}. {module.TITLE}")
    harness.left_out.clear()
    contenders = module.contenders(cli, scale)
    timed = harness.measure(contenders, rounds or module.ROUNDS)
    programs: dict[str, dict[str, Any]] = {name: dict(record.medians()) for name, record in timed.items()}
    for contender in contenders:
        p = programs[contender.name]
        p["peak"], p["calls"] = harness.peak_text(p["rss"]), harness.system_calls(contender)
        calls = "" if p["calls"] is None else f"  {p['calls']:.2f} system calls a file"
        print(
            f"  {contender.name:24} {p['wall'] * 1e3:10.2f} ms  cpu {p['cpu'] * 1e3:9.2f} ms  {p['peak']:>7} MiB{calls}"
        )
    outcomes = [harness.judge(timed, target) for target in module.TARGETS]
    print(f"\n{report.table(outcomes)}")
    return {
        "row": module.NUMBER,
        "title": module.TITLE,
        "file": f"benchmarks/rows/{Path(module.__file__).name}",
        "outcomes": outcomes,
        "programs": programs,
        "seconds": {name: record.wall for name, record in timed.items()},
        "left_out": list(harness.left_out),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", type=int, help="numbers of rows (default: all)")
    parser.add_argument("--cli", default=str(harness.ROOT / "build/release/libs/cli/template-cli"))
    parser.add_argument("--rounds", type=int, default=0, help="pairs to count (default: the row's)")
    parser.add_argument("--smoke", action="store_true", help="a hundredth of the input, 2 rounds")
    parser.add_argument("--scale", type=float, default=1.0, help="this part of the input (default: all)")
    parser.add_argument(
        "--no-install", action="store_true", help="leave out peers that a package index would have to give"
    )
    parser.add_argument(
        "--install-packages", action="store_true", help="have the system's package manager bring peers that are missing"
    )
    for kind in ("json", "markdown", "svg"):
        parser.add_argument(f"--{kind}", metavar="FILE", type=Path, help="also write the results here")
    args = parser.parse_args()
    modules = [importlib.import_module(f"rows.{name}") for name in ROWS]
    known = {m.NUMBER for m in modules}
    if not set(args.rows) <= known:
        parser.error(f"rows are {', '.join(map(str, sorted(known)))}")
    modules = [m for m in modules if not args.rows or m.NUMBER in args.rows]
    if not Path(args.cli).exists() and any(getattr(m, "NEEDS_COMMAND", True) for m in modules):
        parser.error(f"{args.cli} is missing: cmake --preset release && cmake --build --preset release")
    harness.install, harness.install_packages = not args.no_install, args.install_packages
    facts = harness.machine()
    print("  ".join(f"{key}: {value}" for key, value in facts.items()))
    results: list[dict[str, Any]] = []
    for module in modules:
        scale, rounds = (0.01, 2) if args.smoke else (args.scale, args.rounds)
        results.append(run_row(module, str(Path(args.cli).resolve()), scale, rounds))
    if args.json:
        args.json.write_text(json.dumps({"machine": facts, "rows": results}, indent=1))
    if args.markdown:
        args.markdown.write_text(report.markdown(facts, results))
    if args.svg:
        args.svg.write_text(report.chart(facts, results))
    missed = [o for r in results for o in r["outcomes"] if o["met"] is False]
    return 1 if missed and not args.smoke else 0


if __name__ == "__main__":
    sys.exit(main())
