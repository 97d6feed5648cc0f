"""One file per gate. A gate's name is its file's name; its module holds one `GATE`."""
