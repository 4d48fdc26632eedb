"""The shuffle of randomize(): Fisher-Yates over a Park-Miller generator, the same order for one seed on every ODK
client.

ODK XForms spec: "randomize() … uses a Fisher-Yates shuffle with a Park-Miller generator when a seed is given".
"""

from __future__ import annotations

import random
from typing import TypeVar

T = TypeVar("T")
_MODULUS = 2_147_483_647
_MULTIPLIER = 16_807


def shuffled(items: list[T], seed: int | None, rng: random.Random) -> list[T]:
    """``items`` in another order; with a seed always the same one."""
    state = 0
    if seed is not None:
        # The seed is a double there: keep its rounding and Java's remainder, which has the sign of the seed.
        rounded = int(float(seed))
        state = abs(rounded) % _MODULUS * (1 if rounded >= 0 else -1)
        if state <= 0:
            state += _MODULUS - 1
    result: list[T] = []
    for place, item in enumerate(items):
        if seed is None:
            chance = rng.random()
        else:
            state = state * _MULTIPLIER % _MODULUS
            chance = (state - 1) / (_MODULUS - 1)
        target = int(chance * (place + 1))
        if target == place:
            result.append(item)
        else:
            result.append(result[target])
            result[target] = item
    return result
