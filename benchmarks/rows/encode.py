"""Encoding a million entries canonically, from each program's own form of them to bytes in memory."""

from __future__ import annotations

import codec_peers
import documents
import harness
from harness import Contender, Target

NUMBER = 7
TITLE = "encode: 1,000,000 entries from the native table, canonical bytes"
ROUNDS = 7
TARGETS = [
    Target("ours / yyjson", "ours encode", ["yyjson encode"], 0.80),
    Target("ours / orjson, sorted keys", "ours encode", ["orjson encode"], 0.40),
    Target("ours / json, sorted keys", "ours encode", ["json encode"], 0.03),
]


def contenders(cli: str, scale: float) -> list[Contender]:
    document = documents.manifest(int(1_000_000 * scale))
    floor = Contender("floor", [harness.build_floor("copy_fresh"), str(document)], inner=True)
    return [*codec_peers.contenders(cli, document, ("encode",), ("encode",)), floor]
