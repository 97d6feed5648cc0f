"""Makes small PE and Mach-O files for the tests of what reads them: no compiler for those platforms is at hand."""

import struct


def pe(imports, exports, wide=True, delayed=None):
    """A PE file of one section. Imports are names or numbers by library; exports are names."""
    address, start = 0x1000, 0x200
    body = bytearray(40 * 3)  # export table and room; import tables follow

    def put(content, align=8):
        body.extend(b"\0" * (-len(body) % align))
        at = address + len(body)
        body.extend(content)
        return at

    step, form, flag = (8, "Q", 1 << 63) if wide else (4, "I", 1 << 31)

    def rows(table):
        for library, names in table.items():
            entries = [flag | n if isinstance(n, int) else put(b"\0\0" + n.encode() + b"\0", 2) for n in names]
            lookups = put(b"".join(struct.pack("<" + form, entry) for entry in [*entries, 0]), step)
            yield put(library.encode() + b"\0"), lookups

    plain = b"".join(struct.pack("<IIIII", lookups, 0, 0, name, lookups) for name, lookups in rows(imports))
    late = b"".join(struct.pack("<8I", 1, name, 0, look, look, 0, 0, 0) for name, look in rows(delayed or {}))
    import_table = put(plain + b"\0" * 20) if imports else 0
    delay_table = put(late + b"\0" * 32) if delayed else 0
    names = [put(name.encode() + b"\0") for name in exports]
    lists = [
        put(struct.pack(f"<{len(exports)}I", *([address] * len(exports)))),
        put(struct.pack(f"<{len(exports)}I", *names)),
        put(struct.pack(f"<{len(exports)}H", *range(len(exports)))),
    ]
    struct.pack_into("<8I", body, 8, 0, 0, 1, len(exports), len(exports), *lists)
    folders = [
        (address, 40) if exports else (0, 0),
        (import_table, 20),
        *[(0, 0)] * 11,
        (delay_table, 32),
        (0, 0),
        (0, 0),
    ]
    optional = struct.pack("<H", 0x20B if wide else 0x10B).ljust(108 if wide else 92, b"\0") + struct.pack("<I", 16)
    optional += b"".join(struct.pack("<II", *folder) for folder in folders)
    head = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40) + b"PE\0\0"
    head += struct.pack("<HHIIIHH", 0x8664 if wide else 0x14C, 1, 0, 0, 0, len(optional), 0x2022) + optional
    head += struct.pack("<8sIIIIIIHHI", b".all", len(body), address, len(body), start, 0, 0, 0, 0, 0)
    return head.ljust(start, b"\0") + bytes(body)


def macho(wanted, exported, order="<", wide=True, libraries=("/usr/lib/libSystem.B.dylib",), trie=None):
    """A Mach-O file for one machine; `trie` are the names in the loader's own table of exports."""
    strings, symbols = bytearray(b"\0"), b""
    for name, kind in [*((n, 0x01) for n in wanted), *((n, 0x0F) for n in exported), ("local", 0x0E), ("priv", 0x1F)]:
        symbols += struct.pack(
            order + ("IBBHQ" if wide else "IBBHI"), len(strings), kind, 0, 0, 16 if kind & 0xE else 0
        )
        strings += b"_" + name.encode() + b"\0"
    tree = _trie(trie) if trie else b""
    loads = b""
    for library in libraries:
        name = library.encode().ljust(-(-(len(library) + 1) // 8) * 8, b"\0")
        loads += struct.pack(order + "IIIIII", 0xC, 24 + len(name), 24, 0, 0, 0) + name
    size = len(loads) + 24 + 16
    head = 32 if wide else 28
    at = head + size
    count = len(symbols) // (16 if wide else 12)
    loads += struct.pack(order + "IIIIII", 0x2, 24, at, count, at + len(symbols), len(strings))
    loads += struct.pack(order + "IIII", 0x80000033, 16, at + len(symbols) + len(strings), len(tree))
    magic = 0xFEEDFACF if wide else 0xFEEDFACE
    start = struct.pack(order + "IIIIIII", magic, 0x0100000C, 0, 6, len(libraries) + 2, size, 0)
    return start.ljust(head, b"\0") + loads + symbols + bytes(strings) + tree


def _trie(names):
    """A root with one child a name."""
    root = 2 + sum(len(name) + 2 for name in names)
    edges, nodes = b"", b""
    for name in names:
        edges += name.encode() + b"\0" + bytes([root + len(nodes)])
        nodes += b"\x02\x00\x10\x00"
    assert root + len(nodes) < 0x80
    return bytes([0, len(names)]) + edges + nodes


def fat(slices, wide=False):
    """A universal file of these."""
    form = ">IIQQII" if wide else ">IIIII"
    at, rows, body = 4096, b"", b""
    for one in slices:
        fields = (7, 3, at + len(body), len(one), 14)
        rows += struct.pack(form, *fields, *([0] if wide else []))
        body += one
    return (struct.pack(">II", 0xCAFEBABF if wide else 0xCAFEBABE, len(slices)) + rows).ljust(at, b"\0") + body
