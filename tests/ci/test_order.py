"""The order that a seed decides."""

from types import SimpleNamespace

import ordering

ITEMS = [SimpleNamespace(nodeid=f"tests/test_{module}.py::test_{n}[a::b]") for module in "abcdef" for n in range(20)]


def test_a_seed_gives_one_order_and_loses_nothing():
    before = list(ITEMS)
    (one, again, other) = (ordering.shuffled(ITEMS, seed) for seed in ("x", "x", "y"))
    assert before == ITEMS
    assert one == again
    assert one != other
    assert ITEMS not in (one, other)
    assert sorted(item.nodeid for item in one) == sorted(item.nodeid for item in ITEMS)


def test_tests_of_a_module_stay_together():
    modules = [item.nodeid.partition("::")[0] for item in ordering.shuffled(ITEMS, "x")]
    assert sum(one != other for one, other in zip(modules, modules[1:])) == 5
    assert modules != sorted(modules)


def test_the_option_orders_a_run(request, monkeypatch):
    hook = request.config.pluginmanager.getplugin(str(request.config.rootpath / "tests" / "conftest.py"))
    items = list(ITEMS)
    for seed, expected in ((None, ITEMS), ("x", ordering.shuffled(ITEMS, "x"))):
        hook.pytest_collection_modifyitems(SimpleNamespace(getoption=lambda name, seed=seed: seed), items)
        assert items == expected
