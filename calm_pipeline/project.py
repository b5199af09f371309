"""A root folder with its declarations read: surveys, rules, contracts, register, published figures."""

from contextlib import suppress
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from calm_pipeline.clean import Register, load_register
from calm_pipeline.published import Published, load_published
from calm_pipeline.root import Root
from calm_pipeline.rules import Rule, derive_rules
from calm_pipeline.survey import Survey, SurveyError, load_survey
from calm_pipeline.tables import Contract, load_contracts
from calm_pipeline.wide import clean_contract, raw_contract, verdict_contract

STAGES = ("raw_submissions", "clean_submissions", "verdicts", "accepted_submissions")


class Project:
    """Reads what `root` declares; a file is read again when it has changed, so that an edit is seen at once."""

    def __init__(self, root: Root) -> None:
        self.root = root

    def survey(self, edition: str) -> Survey:
        """The survey of an edition."""
        file = self.root.survey(edition)
        return _survey(file, _changed(file))

    def others(self, edition: str) -> list[Survey]:
        """The other editions whose survey files can be read."""
        found = []
        for other in self.root.editions:
            with suppress(SurveyError):
                found += [self.survey(other)] if other != edition else []
        return found

    def rules(self, edition: str) -> list[Rule]:
        """The edit rules of an edition."""
        return derive_rules(self.survey(edition))

    def register(self) -> Register:
        """The library register."""
        return load_register(self.root.register)

    def published(self, edition: str) -> Published | None:
        """The published figures of an edition, if any."""
        return load_published(self.root.published(edition))

    def contracts(self) -> dict[str, Contract]:
        """The contracts of the published tables."""
        return _contracts(self.root.tables, _changed(self.root.tables))

    def contract(self, name: str, edition: str) -> Contract:
        """The contract of a published table or of a frame between stages."""
        if name not in STAGES:
            return self.contracts()[name]
        if name == "verdicts":
            return verdict_contract(self.rules(edition))
        return (raw_contract if name == "raw_submissions" else clean_contract)(self.survey(edition))

    def file(self, name: str, edition: str) -> Path:
        """Where the table of that name is stored."""
        return self.root.parquet(name, edition, stage=name in STAGES)

    def earlier(self, edition: str) -> pa.Table | None:
        """Which submissions were received when the edition was last judged; None if it never was."""
        file = self.file("submissions", edition)
        return pq.read_table(file, columns=["sequence", "submitted_at"]) if file.exists() else None

    def stored(self, name: str) -> list[str]:
        """The editions of which the table is stored."""
        return [edition for edition in self.root.editions if self.file(name, edition).exists()]


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0


@cache
def _survey(file: Path, _stamp: int) -> Survey:
    return load_survey(file)


@cache
def _contracts(file: Path, _stamp: int) -> dict[str, Contract]:
    return load_contracts(file)
