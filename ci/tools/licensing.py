"""Licences: what files, project and wheel say they are under, and the texts that must be there for it."""

from __future__ import annotations

import re

from ci import policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COMMENT = re.compile(r"/\*(.*?)\*/", re.S)


def words(text: str) -> str:
    """A text without line ends, comment signs and years, so that what is left can be compared."""
    return " ".join(re.sub(r"\b\d{4}(?:-\d{4})?\b|\*", " ", text).split())


def file_fault(text: str) -> str:
    """What is wrong with the first line of a C file."""
    return "" if text.startswith(policy.SPDX_LINE + "\n") else f"does not begin with {policy.SPDX_LINE}"


def listed(pyproject: str, name: str) -> list[str]:
    found = re.search(rf"^{re.escape(name)} = \[(.*)\]$", pyproject, re.M)
    return re.findall(r'"([^"]+)"', found[1]) if found else []


def project_faults(
    pyproject: str, expression: str, files: list[str], texts: Mapping[str, str]
) -> Iterator[tuple[str, str, int]]:
    """Words, file and line: whether each licence of the project's expression is known, wanted, and there as a text."""
    lines = {name: line for line, name in enumerate((row.partition(" =")[0] for row in pyproject.splitlines()), 1)}
    if tuple(files) != policy.LICENCES:
        fault = f"lists the licence files {files}, the policy {list(policy.LICENCES)}"
        yield fault, "pyproject.toml", lines.get("license-files", 1)
    said, wanted = set(expression.split(" AND ")), {policy.LICENCE, *policy.COMPILED_IN.values()}
    if said != wanted:
        fault = f"has the licence {expression}, what is in the wheel {' and '.join(sorted(wanted))}"
        yield fault, "pyproject.toml", lines.get("license", 1)
    files_of = {"LICENSE": policy.LICENCE}
    files_of.update({f"LICENSES/{name}.txt": licence for name, licence in policy.COMPILED_IN.items()})
    for path, licence in files_of.items():
        if path not in texts:
            yield "is missing", path, 1
        elif policy.LICENCE_WORDS[licence] not in words(texts[path]):
            yield f"is not the text of {licence}", path, 1


def notice_fault(header: str, text: str) -> str:
    """Whether a licence's text holds the notice that the header of others opens with."""
    comment = _COMMENT.search(header)
    notice = words(comment[1]) if comment else ""
    begin, end = notice.find("Copyright"), notice.rfind(" You can contact")
    notice = notice[begin : end if end > 0 else None] if begin >= 0 else ""
    if not notice:
        return "opens with no notice"
    return "" if notice in words(text) else "opens with another notice than the one that the wheel holds"
