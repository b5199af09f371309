"""The names of columns that stages hand to each other; nothing else spells them out."""

OWN = (
    *("submission_id", "sequence", "file", "row", "respondent", "submitted_at", "duration", "duration_seconds"),
    *(
        "flagged",
        "by_text",
        "not_counted",
        "library_id",
        "library_name",
        "library_matches",
        "staff_count",
        "as_received",
        "content",
    ),
)
"""The wide frames' own columns, which no question may be named after."""

WORKING = ("library_key", "name_zh", "matches", "errors", "warnings", "latest_id", "said", "versions", "agreeing")
"""Columns that live within a stage; reserved too."""

GIVEN, GIVEN_OTHERWISE = "given", "given otherwise"
"""All that is known of a personal answer: that there is one, and whether it has the form it should have."""

WITHHELD = "〔[^〔〕]*已隐去〕"
"""Matches the marks that the reader puts in the place of personal data."""

OF_A_FIELD = ("state", "problem")
"""What stands beside every field, after which no option and no row may be named."""


def number(field: str) -> str:
    """The by-number cell of a field in the raw frame; the field's own name holds the by-text cell."""
    return f"{field}#"


def state(field: str) -> str:
    """Whether a field was answered, left blank, not asked or malformed."""
    return f"{field}__state"


def tick(field: str, option: str) -> str:
    """1 where the option was ticked, 0 where it was shown and not ticked, null where there is no answer."""
    return f"{field}__{option}"


def specify(field: str, option: str) -> str:
    """What was written into the blank of an option."""
    return f"{field}__{option}__text"


def rank(field: str, option: str) -> str:
    """The place given to an option of a ranking, 1 for the first."""
    return f"{field}__{option}__rank"


def problem(field: str) -> str:
    """The first thing wrong with a malformed answer."""
    return f"{field}__problem"


def last(field: str) -> str:
    """What the library said to the same field in the edition before; lives within `rules` only."""
    return f"{field}@last"


def scratch(field: str, part: str) -> str:
    """A column that lives within `clean` only: a cell taken apart."""
    return f"{field}@{part}"
