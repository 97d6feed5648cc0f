"""Canonical manifests of many entries, written piece by piece, so that no text of them is in memory as a whole."""

import hashlib

MTIME = 1_600_000_000_000_000
A_DIRECTORY = 100  # entries
AT_A_TIME = 100_000
HEAD = b'{"hashAlg":"xxh128","manifestVersion":"2023-03-03","paths":['


def path_of(number):
    return b"assets/seq%06d/shot_frame_%010d.exr" % (number // A_DIRECTORY, number)


def _entries(begin, end, changed):
    return b",".join(
        b'{"hash":"%032x","mtime":%d,"path":"%s","size":%d}' % (_hash(i, changed), MTIME + i, path_of(i), i)
        for i in range(begin, end)
    )


def _directories(begin, end):
    return b",".join(b'{"name":"$0/seq%06d"}' % i for i in range(begin, end))


def _files(begin, end, changed):
    """In directories whose number in the list is one more than their own: `assets` is number 0."""
    return b",".join(
        b'{"hash":"%032x","mtime":%d,"name":"$%d/shot_frame_%010d.exr","size":%d}'
        % (_hash(i, changed), MTIME + i, i // A_DIRECTORY + 1, i, i)
        for i in range(begin, end)
    )


def _hash(number, changed):
    return number ^ (changed and number % 100 == 0)


def _pieces(count, write_some, *args):
    for begin in range(0, count, AT_A_TIME):
        yield b"," if begin else b""
        yield write_some(begin, min(begin + AT_A_TIME, count), *args)


def _write(path, *parts):
    """The hash of what was written."""
    digest = hashlib.blake2b()
    with open(path, "wb") as file:
        for piece in (piece for part in parts for piece in part):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def hash_of(path):
    digest = hashlib.blake2b()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def write(path, count, changed=False):
    """In format 2023-03-03; with `changed` a hundredth of it differs. The hash of its bytes, as by hash_of()."""
    tail = b'],"totalSize":%d}' % (count * (count - 1) // 2)
    return _write(path, [HEAD], _pieces(count, _entries, changed), [tail])


def write_beta(path, count, changed=False):
    """The same files in format 2025-12-04-beta, with the directories that they are in."""
    tail = b'],"hashAlg":"xxh128","manifestVersion":"2025-12-04-beta","totalSize":%d}' % (count * (count - 1) // 2)
    directories = -(-count // A_DIRECTORY)
    return _write(
        path,
        [b'{"dirs":[{"name":"assets"},'],
        _pieces(directories, _directories),
        [b'],"files":['],
        _pieces(count, _files, changed),
        [tail],
    )
