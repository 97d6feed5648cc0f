"""hash_bytes() and hash_file()."""

import array
import mmap
import os
import threading

import pytest

import template_pkg as tp

DIGESTS = {
    b"": "99aa06d3014798d86001c324468d497f",
    b"a": "a96faf705af16834e6c632b61e964e1f",
    b"hello world": "df8d09e93f874900a99b8775cc15b6c7",
    bytes(range(256)): "f1f8a93f50849ac39408a4433b952d71",
    bytes(1000): "3fb94aea6d09b97224c1ea6074dd588c",
    b"x" * 262144: "14a76e62e175dbdeda485e04c765f2b4",
}


@pytest.mark.parametrize("data", DIGESTS, ids=len)
def test_known_digests(data, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(data)
    assert tp.hash_bytes(data) == DIGESTS[data]
    assert tp.hash_file(path) == tp.hash_file(str(path)) == tp.hash_file(os.fsencode(path)) == DIGESTS[data]


def test_any_buffer_will_do(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"hello world")
    expected = DIGESTS[b"hello world"]
    assert tp.hash_bytes(bytearray(b"hello world")) == expected
    assert tp.hash_bytes(memoryview(b"hello world")) == expected
    assert tp.hash_bytes(array.array("B", b"hello world")) == expected
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        assert tp.hash_bytes(view) == expected


@pytest.mark.parametrize("value", ["text", 3, None, memoryview(b"abcd")[::2]])
def test_what_is_no_contiguous_buffer_is_refused(value):
    with pytest.raises((TypeError, BufferError)):
        tp.hash_bytes(value)


def test_a_pipe_is_read_to_its_end(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(b"hello world",))
    writer.start()
    assert tp.hash_file(fifo) == DIGESTS[b"hello world"]
    writer.join()


def test_a_link_is_followed(tmp_path):
    (tmp_path / "file").write_bytes(b"a")
    (tmp_path / "link").symlink_to("file")
    assert tp.hash_file(tmp_path / "link") == DIGESTS[b"a"]


def test_progress_is_options_only(tmp_path):
    with pytest.raises(TypeError):
        tp.hash_file(tmp_path, None)
