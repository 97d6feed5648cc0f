"""Python's side of row 10, one thing a process: binding_peer.py WHAT ARGUMENT; prints the seconds that it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

DATA = b"0123456789abcdef"
ALLOWED = 60e-9  # seconds that a hash may take beside a call


def calls(function: Callable[[bytes], object], count: int) -> float:
    begun = time.perf_counter()
    for _ in range(count):
        function(DATA)
    return time.perf_counter() - begun


def hash_ours(argument: str) -> float:
    from template_pkg import hash_bytes

    return calls(hash_bytes, int(argument))


def hash_xxhash(argument: str) -> float:
    from xxhash import xxh3_128_hexdigest

    return calls(xxh3_128_hexdigest, int(argument))


def noop(argument: str) -> float:
    """A call of nothing, and what a hash may take beside it."""
    from noop_module import noop as function

    return calls(function, int(argument)) + ALLOWED * int(argument)


def scan(argument: str) -> float:
    import template_pkg._native

    begun = time.perf_counter()
    with open("/dev/null", "wb") as file:
        file.write(template_pkg.snapshot(argument).encode_bytes())
    return time.perf_counter() - begun


def iterate_ours(argument: str) -> float:
    from template_pkg import decode_manifest

    with open(argument, "rb") as file:
        data = file.read()
    begun = time.perf_counter()
    total = sum(entry.size for entry in decode_manifest(data))
    took = time.perf_counter() - begun
    assert total > 0
    return took


def iterate_orjson(argument: str) -> float:
    import orjson

    with open(argument, "rb") as file:
        data = file.read()
    begun = time.perf_counter()
    total = sum(entry["size"] for entry in orjson.loads(data)["paths"])
    took = time.perf_counter() - begun
    assert total > 0
    return took


def table_ours(argument: str) -> float:
    import polars

    import template_pkg._native

    begun = time.perf_counter()
    table = polars.DataFrame(template_pkg.Manifest.from_path(argument))
    took = time.perf_counter() - begun
    assert table.columns[:2] == ["path", "hash"]
    return took


def table_deadline(argument: str) -> float:
    from deadline.job_attachments.asset_manifests.decode import decode_manifest

    begun = time.perf_counter()
    with open(argument, encoding="utf-8") as file:
        manifest = decode_manifest(file.read())
    rows = [{"path": p.path, "hash": p.hash, "size": p.size, "mtime": p.mtime} for p in manifest.paths]
    took = time.perf_counter() - begun
    assert rows
    return took


if __name__ == "__main__":
    print(globals()[sys.argv[1]](sys.argv[2]))
