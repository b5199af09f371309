"""How long what is kept: `schemas/retention.yaml` as a model."""

from pathlib import Path

from pydantic import Field as Described

from calm_pipeline.declared import load
from calm_pipeline.survey.model import Frozen


class Personal(Frozen):
    """How long it is known who answered."""

    months: int = Described(ge=0, le=120, description="Months after the last day of fielding.")


class Vintages(Frozen):
    """How long vintages are kept: each as long as either line says so."""

    latest: int = Described(ge=1, description="How many of the latest are kept, however old.")
    days: int = Described(
        ge=0, description="For how many days each is kept once the next one took its place, however many there are."
    )


class Retention(Frozen):
    """What is declared for all editions."""

    personal: Personal
    vintages: Vintages
    retired: tuple[str, ...] = Described((), description="Editions that shall not be published any more.")


def load_retention(file: Path) -> Retention:
    """Read the declaration.

    Raises:
        CalmError: the file is missing or breaks the model; it names every place.
    """
    return load(file, Retention)
