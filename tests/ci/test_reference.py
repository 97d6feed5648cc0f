"""What has no docstring is placed where it is defined."""

from ci.tools import reference

FILES = {
    "src/template_pkg/__init__.py": '"""All."""\n',
    "src/template_pkg/aio.py": "import x\n\nasync def call(): ...\n",
    "src/template_pkg/values.py": "class A:\n    def to_dict(self): ...\n",
    "src/template_pkg/_native.pyi": "class A2: ...\nclass Manifest:\n    x: int\n    def to_dict(self): ...\n",
}
SAID = """\
template_pkg.A.to_dict: no docstring
template_pkg.Manifest.to_dict: no docstring
template_pkg.Manifest: no docstring
template_pkg.aio.call: no docstring
template_pkg.aio: no docstring
template_pkg.elsewhere: no docstring
template_pkg: no docstring
a warning: no docstring
"""


def test_each_is_placed(context):
    assert [str(finding) for finding in reference.bare(context(FILES), SAID)] == [
        "src/template_pkg/values.py:2: A.to_dict: no docstring",
        "src/template_pkg/_native.pyi:4: Manifest.to_dict: no docstring",
        "src/template_pkg/_native.pyi:2: Manifest: no docstring",
        "src/template_pkg/aio.py:3: aio.call: no docstring",
        "src/template_pkg/aio.py:1: aio: no docstring",
        "src/template_pkg/__init__.py:1: elsewhere: no docstring",
        "src/template_pkg/__init__.py:1: template_pkg: no docstring",
    ]
