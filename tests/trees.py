"""Directory trees from recipes, the form that tests/data/vectors uses: names that no version control could hold."""

import hashlib
import os
from pathlib import Path

DEFAULT_MTIME_NS = 1_700_000_000_123_456_789


def content_bytes(content):
    if content is None:
        return b""
    if isinstance(content, (bytes, str)):
        return content.encode() if isinstance(content, str) else content
    if "text" in content:
        return content["text"].encode("utf-8", "surrogateescape")
    if "hex" in content:
        return bytes.fromhex(content["hex"])
    if "repeat" in content:
        unit, times = content["repeat"]
        return unit.encode("latin-1") * times
    seed, size = content["sha256ctr"]
    blocks = (hashlib.sha256(f"{seed}:{i}".encode()).digest() for i in range(-(-size // 32)))
    return b"".join(blocks)[:size]


def make_entry(base, entry):
    """Makes one entry below `base`; the path whose time is to be set, or None."""
    path = os.path.join(base, entry["path"])
    kind = entry.get("type", "file")
    if kind == "dir":
        os.makedirs(path, exist_ok=True)
        return None
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if kind == "fifo":
        os.mkfifo(path)
        return None
    if kind == "symlink":
        os.symlink(entry["target"], path)
        return path
    Path(path).write_bytes(content_bytes(entry.get("content")))
    if "mode" in entry:
        os.chmod(path, int(entry["mode"], 8))
    return path


def build(recipe, where):
    """Makes the tree of a recipe in the directory `where`; its root, as str."""
    root = os.path.join(where, recipe.get("root_name", "root"))
    outside = os.path.join(where, "outside")
    os.makedirs(root)
    late = [(make_entry(root, entry), entry) for entry in recipe["entries"]]
    late += [(make_entry(outside, entry), entry) for entry in recipe.get("outside", [])]
    for path, entry in late:
        if path is not None:
            ns = entry.get("mtime_ns", DEFAULT_MTIME_NS)
            os.utime(path, ns=(ns, ns), follow_symlinks=False)
            assert os.lstat(path).st_mtime_ns == ns, f"the file system did not keep {ns} of {path!r}"
    return root


def files(**contents):
    """A recipe of plain files: name -> content, `__` standing for `/`."""
    return {"entries": [{"path": name.replace("__", "/"), "content": text} for name, text in contents.items()]}
