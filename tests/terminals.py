"""Pseudo-terminals, also where /dev/pts is not mounted, as in a plain chroot."""

import fcntl
import os
import pty
import struct
import subprocess
import tempfile
import termios

TIOCGPTN = 0x80045430  # the number of a terminal's other end
TIOCSPTLCK = 0x40045431  # its lock


def open_terminal():
    """The two ends of a terminal: what a person sees, and what a program writes to."""
    try:
        return pty.openpty()
    except OSError:
        if os.geteuid() != 0:
            raise
    # A file system of terminals of our own, unmounted at once: open descriptors keep it.
    with tempfile.TemporaryDirectory() as where:
        options = "newinstance,ptmxmode=0600"
        subprocess.run(["mount", "-t", "devpts", "-o", options, "devpts", where], check=True)
        try:
            screen = os.open(f"{where}/ptmx", os.O_RDWR | os.O_NOCTTY)
            fcntl.ioctl(screen, TIOCSPTLCK, struct.pack("i", 0))
            (number,) = struct.unpack("I", fcntl.ioctl(screen, TIOCGPTN, bytes(4)))
            end = os.open(f"{where}/{number}", os.O_RDWR | os.O_NOCTTY)
        finally:
            subprocess.run(["umount", "-l", where], check=True)
    assert termios.tcgetattr(end)
    return screen, end
