"""What only the system can give: a compiler, Python's headers, libraries. Found, or installed where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Per need: the packages that bring it, by package manager.
PACKAGES = {
    "cc": {"apt-get": "gcc libc6-dev", "dnf": "gcc", "apk": "gcc musl-dev", "brew": "gcc"},
    "c++": {"apt-get": "g++", "dnf": "gcc-c++", "apk": "g++", "brew": "gcc"},
    "asan": {"apt-get": "gcc", "dnf": "libasan libubsan", "apk": "", "brew": ""},
    "tsan": {"apt-get": "gcc", "dnf": "libtsan", "apk": "", "brew": ""},
    "gcov": {"apt-get": "gcc", "dnf": "gcc", "apk": "gcc", "brew": "gcc"},
    "headers": {"apt-get": "python3-dev", "dnf": "python3-devel", "apk": "python3-dev"},
    "libfuzzer": {
        "apt-get": "clang libclang-rt-dev",
        "dnf": "clang compiler-rt",
        "apk": "clang compiler-rt",
        "brew": "",
    },
    "cmocka": {
        "apt-get": "libcmocka-dev",
        "dnf": "libcmocka-devel",
        "apk": "cmocka-dev",
        "brew": "cmocka",
    },
    "xxhash": {
        "apt-get": "libxxhash-dev",
        "dnf": "xxhash-devel",
        "apk": "xxhash-dev",
        "brew": "xxhash",
    },
    "valgrind": {"apt-get": "valgrind libc6-dbg", "dnf": "valgrind", "apk": "valgrind musl-dbg", "brew": ""},
    "debootstrap": {"apt-get": "debootstrap", "dnf": "debootstrap", "apk": "debootstrap", "brew": ""},
    "clang": {"apt-get": "clang", "dnf": "clang", "apk": "clang", "brew": "llvm"},
    "musl-gcc": {"apt-get": "musl-tools", "dnf": "musl-gcc"},
    "aarch64-linux-gnu-gcc": {"apt-get": "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"},
    "s390x-linux-gnu-gcc": {"apt-get": "gcc-s390x-linux-gnu libc6-dev-s390x-cross"},
    "qemu-aarch64": {"apt-get": "qemu-user", "dnf": "qemu-user", "apk": "qemu-aarch64"},
    "qemu-s390x": {"apt-get": "qemu-user", "dnf": "qemu-user", "apk": "qemu-s390x"},
    "git": {"apt-get": "git", "dnf": "git", "apk": "git", "brew": "git"},
    "go": {"dnf": "golang", "apk": "go", "brew": "go"},  # Debian's is too old
    "chromium": {"apt-get": "chromium", "dnf": "chromium", "apk": "chromium", "brew": ""},
    "zsh": {"apt-get": "zsh", "dnf": "zsh", "apk": "zsh", "brew": "zsh"},
    "fish": {"apt-get": "fish", "dnf": "fish", "apk": "fish", "brew": "fish"},
    "mandoc": {"apt-get": "mandoc", "dnf": "mandoc", "apk": "mandoc", "brew": "mandoc"},
    "venv": {"apt-get": "python3-venv", "dnf": "python3", "apk": "python3", "brew": "python3"},
}
INSTALL = {
    "apt-get": ["apt-get", "install", "-y", "-q", "--no-install-recommends"],
    "dnf": ["dnf", "install", "-y", "-q"],
    "apk": ["apk", "add", "-q"],
    "brew": ["brew", "install", "-q"],
}
# Where what no package brings is to be had.
BY_HAND = {"go": "https://go.dev/doc/install (1.25 or later)"}
# cmocka and xxHash can also be fetched by CMake, so their absence stops nothing.
FETCHED = frozenset({"cmocka", "xxhash"})
TARGET = "int LLVMFuzzerTestOneInput(const void *data, unsigned long size) { return data == 0 && size; }\n"
FOREIGN = frozenset({"aarch64-linux-gnu-gcc", "clang", "musl-gcc", "qemu-aarch64", "qemu-s390x", "s390x-linux-gnu-gcc"})
PROGRAMS = FOREIGN | {"chromium", "debootstrap", "fish", "gcov", "git", "go", "mandoc", "valgrind", "zsh"}
HEADERS = {"cmocka": "cmocka.h", "xxhash": "xxhash.h"}


def compiler() -> str | None:
    named = os.environ.get("CC", "").split()
    return next(
        (found for name in [*named[:1], "cc", "gcc", "clang"] if (found := shutil.which(name))),
        None,
    )


def cxx_compiler() -> str | None:
    return next((found for name in ("c++", "g++", "clang++") if (found := shutil.which(name))), None)


def _compiles(text: str, *flags: str, by: str = "") -> bool:
    cc = shutil.which(by) if by else compiler()
    if cc is None:
        return False
    done = subprocess.run(
        [cc, *flags, "-xc", "-", "-o", os.devnull],
        input=text.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0


def _has_header(need: str) -> bool:
    before = "#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n"
    return _compiles(f"{before}#include <{HEADERS[need]}>\n", "-fsyntax-only")


def has(need: str) -> bool:
    if need == "cc":
        return compiler() is not None and _compiles("#include <stdio.h>\n", "-fsyntax-only")
    if need == "c++":
        return cxx_compiler() is not None
    if need == "asan":
        return _compiles("int main(void) { return 0; }\n", "-fsanitize=address,undefined")
    if need == "tsan":
        return _compiles("int main(void) { return 0; }\n", "-fsanitize=thread")
    if need == "libfuzzer":
        return _compiles(TARGET, "-fsanitize=fuzzer,address,undefined", by="clang")
    if need == "headers":
        return os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))
    if need in PROGRAMS:
        return shutil.which(need) is not None
    if need == "venv":
        import importlib.util

        return importlib.util.find_spec("ensurepip") is not None
    return _has_header(need)


def missing(needs: Iterable[str]) -> list[str]:
    return [need for need in needs if not has(need)]


def manager() -> str | None:
    return next((name for name in INSTALL if shutil.which(name)), None)


def command(needs: Iterable[str]) -> list[str]:
    """The command that installs what is missing; empty where no known package manager is."""
    name = manager()
    if name is None:
        return []
    packages = sorted({p for need in needs for p in PACKAGES[need].get(name, "").split()})
    return [*INSTALL[name], *packages] if packages else []


def privilege() -> list[str] | None:
    """What to put before an installing command: nothing, sudo, or None where it may not be run."""
    if manager() == "brew" or os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None
