"""Reads Arrow's C stream interface by ctypes alone, to the letter of its specification."""

import ctypes
import struct
from ctypes import POINTER, c_char_p, c_int, c_int64, c_void_p


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


Schema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_char_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(Schema))),
    ("dictionary", POINTER(Schema)),
    ("release", ctypes.CFUNCTYPE(None, POINTER(Schema))),
    ("private_data", c_void_p),
]
Array._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(Array))),
    ("dictionary", POINTER(Array)),
    ("release", ctypes.CFUNCTYPE(None, POINTER(Array))),
    ("private_data", c_void_p),
]
Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(c_int, POINTER(Stream), POINTER(Schema))),
    ("get_next", ctypes.CFUNCTYPE(c_int, POINTER(Stream), POINTER(Array))),
    ("get_last_error", ctypes.CFUNCTYPE(c_char_p, POINTER(Stream))),
    ("release", ctypes.CFUNCTYPE(None, POINTER(Stream))),
    ("private_data", c_void_p),
]
POINTER_OF = ctypes.pythonapi.PyCapsule_GetPointer
POINTER_OF.restype, POINTER_OF.argtypes = c_void_p, [ctypes.py_object, c_char_p]


def borrowed(capsule):
    """The stream within a capsule, which it keeps alive."""
    stream = Stream.from_address(POINTER_OF(capsule, b"arrow_array_stream"))
    stream.capsule = capsule
    return stream


def moved(thing):
    """The struct in another place, as a consumer takes it: the old one is empty then."""
    copy = type(thing)()
    ctypes.pointer(copy)[0] = thing
    thing.release = type(thing.release)()
    return copy


def release(thing):
    thing.release(ctypes.byref(thing))
    assert not thing.release


def schema_of(stream):
    """A schema, to be released."""
    schema = Schema()
    assert stream.get_schema(ctypes.byref(stream), ctypes.byref(schema)) == 0
    return schema


def next_of(stream):
    """A batch, to be released; None at the end."""
    batch = Array()
    assert stream.get_next(ctypes.byref(stream), ctypes.byref(batch)) == 0
    assert stream.get_last_error(ctypes.byref(stream)) is None
    return batch if batch.release else None


def bit(address, row):
    return ctypes.string_at(address + row // 8, 1)[0] >> row % 8 & 1


def values(column, form):
    """The values of one column."""
    valid, *rest = column.buffers[: column.n_buffers]
    assert column.offset == 0
    if form in ("U", "Z"):
        offsets = struct.unpack(f"={column.length + 1}q", ctypes.string_at(rest[0], 8 * (column.length + 1)))
        data = ctypes.string_at(rest[1], offsets[-1])
        found = [data[begin:end] for begin, end in zip(offsets, offsets[1:])]
        found = [one.decode() for one in found] if form == "U" else found
    elif form == "b":
        found = [bool(bit(rest[0], row)) for row in range(column.length)]
    else:
        code = {"L": "Q", "tsu:UTC": "q"}[form]
        found = list(struct.unpack(f"={column.length}{code}", ctypes.string_at(rest[0], 8 * column.length)))
    found = [one if not valid or bit(valid, row) else None for row, one in enumerate(found)]
    assert found.count(None) == column.null_count
    return found


def fields(stream):
    """Name -> (format, nullable)."""
    schema = schema_of(stream)
    assert (schema.format, bool(schema.dictionary), schema.metadata) == (b"+s", False, None)
    children = [schema.children[i][0] for i in range(schema.n_children)]
    found = {child.name.decode(): (child.format.decode(), child.flags == 2) for child in children}
    release(schema)
    return found


def table(capsule):
    """Column -> values, and the lengths of the batches that they came in."""
    stream = borrowed(capsule)
    kinds = fields(stream)
    columns, lengths = {name: [] for name in kinds}, []
    while True:
        batch = next_of(stream)
        if batch is None:
            return columns, lengths
        assert (batch.n_buffers, batch.null_count, batch.n_children) == (1, 0, len(kinds))
        for i, (name, (form, _)) in enumerate(kinds.items()):
            assert batch.children[i][0].length == batch.length
            columns[name] += values(batch.children[i][0], form)
        lengths.append(batch.length)
        release(batch)
