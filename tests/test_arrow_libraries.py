"""A manifest read by the libraries that speak Arrow: pyarrow, polars, DuckDB, pandas.

They are large: they come, pinned by hash, into an environment of their own; without a package index this is skipped.
"""

import json
import os
import subprocess
from pathlib import Path

import environments
import pytest

import template_pkg as tp

pytestmark = [pytest.mark.deep, pytest.mark.conformance]
REQUIREMENTS = Path(__file__).parent / "requirements-arrow.txt"

READ = """
import json, sys
import duckdb, pandas, polars, pyarrow
import template_pkg

manifest = template_pkg.Manifest.from_path(sys.argv[1])
table = pyarrow.table(manifest)
table.validate(full=True)
assert table.schema.field("mtime").type == pyarrow.timestamp("us", tz="UTC")
frame = polars.DataFrame(manifest)
assert frame.to_arrow().num_rows == len(manifest)
found = duckdb.sql("select path, hash, size, epoch_us(mtime) from manifest").fetchall()
series = pandas.DataFrame.from_arrow(manifest) if hasattr(pandas.DataFrame, "from_arrow") else table.to_pandas()
assert list(series["path"]) == [entry.path for entry in manifest]
wide = pyarrow.table(manifest.convert("2025-12-04-beta"))
wide.validate(full=True)
json.dump(
    {
        "duckdb": found,
        "pyarrow": [list(row.values())[:3] for row in table.to_pylist()],
        "polars": [list(row)[:3] for row in frame.iter_rows()],
        "pandas": [[r.path, r.hash, int(r.size_)] for r in series.rename(columns={"size": "size_"}).itertuples()],
        "wide": wide.column_names,
    },
    sys.stdout,
)
"""


@pytest.fixture(scope="session")
def read(request, tmp_path_factory):
    """A function from a manifest to what the libraries read of it."""
    bin_folder = environments.made(REQUIREMENTS, request, tmp_path_factory)
    folder = tmp_path_factory.mktemp("path")
    (folder / "template_pkg").symlink_to(Path(tp.__file__).parent)

    def run(manifest):
        manifest.save(folder / "manifest")
        done = subprocess.run(
            [str(bin_folder / "python"), "-c", READ, str(folder / "manifest")],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(folder)},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_all_of_them_read_the_entries(read, tree):
    names = ["a", "caf\u00e9/\U0001f600", "d/" * 50 + "f", "empty"]
    root = tree({"entries": [{"path": name, "content": "" if name == "empty" else name} for name in names]})
    manifest = tp.snapshot(root)
    found = read(manifest)
    assert found["duckdb"] == [list(entry) for entry in manifest]
    rows = [list(entry)[:3] for entry in manifest]
    assert found["pyarrow"] == found["polars"] == found["pandas"] == rows
    assert found["wide"][4:] == ["type", "runnable", "deleted", "target", "chunk_hashes"]


def test_a_table_of_many_batches(read):
    entries = [
        {"hash": "99aa06d3014798d86001c324468d497f", "mtime": i, "path": f"d{i % 97:02}/f{i:06}", "size": i}
        for i in range(150_000)
    ]
    members = {"hashAlg": "xxh128", "manifestVersion": "2023-03-03", "totalSize": 3, "paths": entries}
    manifest = tp.merge(tp.decode_manifest(json.dumps(members)))
    assert read(manifest)["duckdb"] == [list(entry) for entry in manifest]
