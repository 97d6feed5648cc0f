"""Decoding a million entries, canonical and fully validated."""

from __future__ import annotations

import codec_peers
import documents
from harness import Contender, Target

NUMBER = 6
TITLE = "decode: 1,000,000 entries, 133 MB, canonical, fully validated"
ROUNDS = 7
TARGETS = [
    Target("ours / yyjson", "ours decode", ["yyjson decode"], 0.30),
    Target("ours / orjson", "ours decode", ["orjson decode"], 0.20),
    Target("ours / deadline", "ours decode", ["deadline decode"], 0.03),
    Target("from a file: ours / yyjson", "ours load", ["yyjson load"], 0.40),
    Target("from a file: peak memory of ours / yyjson", "ours load", ["yyjson load"], 0.40, measure="rss"),
]


def contenders(cli: str, scale: float) -> list[Contender]:
    document = documents.manifest(int(1_000_000 * scale))
    return codec_peers.contenders(cli, document, ("decode", "load"), ("decode",))
