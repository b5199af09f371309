"""Names of variables that SPSS and Stata both take and that stay the same from year to year.

A name depends on the names in the survey file alone, so a question that is asked again keeps it. The name of a tick is
that of the question, each word cut to four letters, and that of the option.
"""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from calm_pipeline.survey import Field

LONGEST = 32
"""Stata's limit; SPSS takes 64 bytes."""
_DIGITS = 6
_RESERVED = re.compile(
    "all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with"  # SPSS
    "|byte|double|float|if|in|int|long|strl|using|str[0-9]+"  # Stata
)


def brief(name: str) -> str:
    """Each word of a name cut to four letters.

    >>> brief("information_channels")
    'info_chan'
    """
    return "_".join(word[:4] for word in name.split("_") if word)


def of_field(field: Field) -> str:
    """The name wanted for a field that is one variable."""
    return field.name if len(field.name) <= LONGEST else brief(field.name)


def of_option(field: Field, option: str) -> str:
    """The name wanted for an option of a field."""
    return f"{brief(field.name)}_{option}"


def settled(wanted: Sequence[tuple[str, str]]) -> list[str]:
    """The names to use for pairs of what is wanted and the full name it stands for.

    A name that is too long, reserved or wanted twice is told apart by a digest of the full name: it then depends on
    nothing but that.

    >>> settled([("with", "with"), ("stage", "stage")])
    ['with_4e95bd', 'stage']
    """
    times = Counter(name for name, _ in wanted)
    return [
        name if times[name] == 1 and len(name) <= LONGEST and not _RESERVED.fullmatch(name) else _digested(name, full)
        for name, full in wanted
    ]


def _digested(name: str, full: str) -> str:
    return f"{name[: LONGEST - _DIGITS - 1].rstrip('_')}_{sha256(full.encode()).hexdigest()[:_DIGITS]}"
