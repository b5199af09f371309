"""How often fault tests try a thing: little in the ordinary tests, long where CALM_TORTURE is set."""

import os

TORTURE = bool(os.environ.get("CALM_TORTURE"))


def often(ordinary: int, torture: int) -> int:
    """How often something is tried: CALM_TORTURE asks for the long form, and a number in it for that many."""
    asked = os.environ.get("CALM_TORTURE", "")
    return int(asked) if asked.isdecimal() and int(asked) > 1 else torture if asked else ordinary
