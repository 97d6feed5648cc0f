"""Tests in an order that a seed decides: modules change places, and in each of them its tests."""

import random


def shuffled(items, seed):
    """The same tests; those of a module stay together, so that what they share is made once."""
    chance = random.Random(seed)
    modules = {}
    for item in items:
        modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
    groups = list(modules.values())
    chance.shuffle(groups)
    for group in groups:
        chance.shuffle(group)
    return [item for group in groups for item in group]
