"""The published schemas of what a run leaves behind, out of packages that carry them, pinned by hash.

SARIF's lies in a wheel. Jenkins' for JUnit XML lies in the sdist of pytest alone: pip fetches that, which needs the
back end that it names.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import fastjsonschema
import pytest
import xmlschema

REQUIREMENTS = Path(__file__).parent / "requirements-schemas.txt"
SDIST = "pytest"


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the schemas cannot be had: {' '.join(done.stderr.split())}")
    return done.stdout


def pins(name):
    """The part of the requirements that pins one package."""
    blocks = REQUIREMENTS.read_text().replace("\\\n    ", " ").splitlines()
    return "".join(f"{line}\n" for line in blocks if line.startswith(f"{name}=="))


def fetch(folder):
    """Two files, or a skip: the schema of SARIF and that of JUnit XML."""
    where, uv = folder / "env", os.environ.get("UV") or shutil.which("uv")
    python = where / "bin" / "python"
    run(*([uv, "venv", "-q", "--python", sys.executable, where] if uv else [sys.executable, "-m", "venv", where]))
    install = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    run(*install, "-q", "--no-deps", "--require-hashes", "-r", REQUIREMENTS)
    (folder / "sdist.txt").write_text(pins(SDIST))
    pinned = ["--require-hashes", "--no-deps", "--no-binary", ":all:", "-r", folder / "sdist.txt"]
    run(python, "-m", "pip", "download", "-q", "--no-build-isolation", *pinned, "-d", folder)
    (sdist,) = folder.glob(f"{SDIST}-*.tar.gz")
    with tarfile.open(sdist) as archive:
        (name,) = [name for name in archive.getnames() if name.endswith("/junit-10.xsd")]
        (folder / "junit.xsd").write_bytes(archive.extractfile(name).read())
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    return Path(packages) / "sarif-schema.json", folder / "junit.xsd"


class Schemas:
    def __init__(self, sarif, junit):
        self._sarif = fastjsonschema.compile(json.loads(sarif.read_text()), use_default=False)
        self._junit = xmlschema.XMLSchema(junit)

    def sarif(self, text):
        """The document, if it is SARIF 2.1.0."""
        document = json.loads(text)
        self._sarif(document)
        return document

    def junit(self, text):
        """The root element, if it is what Jenkins reads."""
        self._junit.validate(text)
        return xmlschema.XMLResource(text).root
