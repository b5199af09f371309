"""How often a thing is tried: little in the ordinary tests, long under CALM_TORTURE or a profile of Hypothesis."""

import os

from hypothesis import settings

TORTURE = bool(os.environ.get("CALM_TORTURE"))


def often(ordinary: int, torture: int) -> int:
    """How often something is tried: CALM_TORTURE asks for the long form, and a number in it for that many."""
    asked = os.environ.get("CALM_TORTURE", "")
    return int(asked) if asked.isdecimal() and int(asked) > 1 else torture if asked else ordinary


def examples(ordinary: int) -> int:
    """How many examples are drawn where each takes long; `make fuzz` draws as many as of all others."""
    return max(ordinary, settings().max_examples) if os.environ.get("HYPOTHESIS_PROFILE") else ordinary
