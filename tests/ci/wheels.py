"""Makes small wheels for the tests of the gates that read them: a good one, and each way of breaking it."""

import base64
import hashlib
import platform
import stat
import subprocess
import zipfile

from ci import policy
from ci.tools import system, wheelfile

ROOT = "/where/it/was/built"
LICENCE = b"May be used.\n"
TAG = f"cp311-abi3-linux_{platform.machine()}"
STEM = f"{policy.PACKAGE}-1.2.3"
INFO = f"{STEM}.dist-info"
COMMAND = f"{STEM}.data/scripts/{policy.COMMAND}"
MODULE = f"{policy.PACKAGE}/_native.abi3.so"

FLAGS = ["-O2", "-s", "-fPIC", "-fvisibility=hidden", "-fstack-protector-strong", "-U_FORTIFY_SOURCE"]
FLAGS += ["-D_FORTIFY_SOURCE=2", "-Wl,-z,relro,-z,now,-z,noexecstack"]
BODY = """
#include <stdio.h>
#include <string.h>
int tell(const char *text, int n) {
    char line[64];
    snprintf(line, (size_t)n, "%s", text);
    return printf("%zu", strlen(line));
}
"""
MAIN = "int main(int argc, char **argv) { return tell(argv[0], argc); }\n"
INIT = """
extern void *PyModuleDef_Init(void *);
__attribute__((visibility("default"))) void *PyInit__native(void) { return PyModuleDef_Init(0) + tell("x", 1); }
"""


def compiled(folder, kind, *flags, more=""):
    """The bytes of a command or a module, compiled with the right flags and then these."""
    kinds = {"command": (BODY + more + MAIN, ["-fPIE", "-pie"]), "module": (BODY + more + INIT, ["-shared"])}
    text, kind_flags = kinds[kind]
    source, made = folder / "made.c", folder / "made"
    source.write_text(text)
    subprocess.run([system.compiler(), *FLAGS, *kind_flags, str(source), "-o", str(made), *flags], check=True)
    return made.read_bytes()


class Kit:
    """A wheel before it is packed: its members, in order, and how each of them is stored."""

    def __init__(self, command, module):
        self.name = f"{STEM}-{TAG}.whl"
        self.members = {
            f"{policy.PACKAGE}/__init__.py": b"",
            MODULE: module,
            COMMAND: command,
            f"{INFO}/METADATA": b"Metadata-Version: 2.4\nName: template-pkg\nVersion: 1.2.3\n"
            b"License-Expression: MIT\nLicense-File: LICENSE\n\n# It\n",
            f"{INFO}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {TAG}\n".encode(),
            f"{INFO}/entry_points.txt": b"[pytest11]\n",
            f"{INFO}/licenses/LICENSE": LICENCE,
        }
        self.members.update({f"{INFO}/{name}": b"{}" for name in policy.DIST_INFO if "/" in name})
        self.modes = {COMMAND: 0o755, MODULE: 0o755}
        self.times = {}
        self.record = None  # made from the members, unless set

    def replace(self, name, old, new):
        assert self.members[name].count(old) == 1
        self.members[name] = self.members[name].replace(old, new)

    def rows(self):
        lines = []
        for name, content in self.members.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(content)}\n")
        return "".join(lines) + f"{INFO}/RECORD,,\n"

    def write(self, folder):
        path = folder / self.name
        record = self.rows() if self.record is None else self.record
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**self.members, f"{INFO}/RECORD": record}.items():
                info = zipfile.ZipInfo(name, self.times.get(name, (2022, 11, 9, 12, 0, 0)))
                info.external_attr = (stat.S_IFREG | self.modes.get(name, 0o644)) << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
        return path


def faults(path):
    demands = wheelfile.Demands([f"src/{policy.PACKAGE}/__init__.py"], {"LICENSE": LICENCE}, "MIT", ROOT)
    return wheelfile.faults(str(path), demands)
