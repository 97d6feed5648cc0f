"""The same of Python's decoders and encoders, see ours.c: python_peer.py FILE decode|encode|load orjson|json|deadline."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable


def functions(name: str) -> tuple[Callable[[bytes], Any], Callable[[Any], Any]]:
    if name == "orjson":
        import orjson

        return orjson.loads, lambda value: orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if name == "deadline":
        from deadline.job_attachments.asset_manifests.decode import decode_manifest

        return lambda data: decode_manifest(data.decode()), lambda manifest: manifest.encode()
    import json

    return json.loads, lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"))


def main() -> None:
    path, what, name = sys.argv[1:]
    decode, encode = functions(name)
    begun = time.perf_counter()
    with open(path, "rb") as file:
        data = file.read()
    begun = begun if what == "load" else time.perf_counter()
    value = decode(data)
    if what == "encode":
        begun = time.perf_counter()
        encode(value)
    print(time.perf_counter() - begun)


main()
