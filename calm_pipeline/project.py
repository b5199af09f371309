"""A root folder with its declarations read: surveys, rules, contracts, register, published figures."""

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from pathlib import Path

import pyarrow as pa

from calm_pipeline.channels import Desk, load_desk
from calm_pipeline.claims import Claims, load_claims
from calm_pipeline.clean import Register, load_register
from calm_pipeline.desk.cases import Declared, names
from calm_pipeline.desk.corrections import Correction, load_corrections, withdrawn
from calm_pipeline.dictionary import Dictionary, load_dictionary
from calm_pipeline.exports.kept import Kept
from calm_pipeline.exports.receive import Received, receive
from calm_pipeline.groupings import Groupings, load_groupings
from calm_pipeline.published import Published, load_published
from calm_pipeline.release import CODE
from calm_pipeline.root import Root, digest
from calm_pipeline.rules import Rule, compared, derive_rules
from calm_pipeline.rules.consistency import rule_problems
from calm_pipeline.store import load
from calm_pipeline.survey import Survey, SurveyError, Words, load_survey
from calm_pipeline.tables import Contract, load_contracts
from calm_pipeline.vault.erasures import Erased, erased_of
from calm_pipeline.vault.keys import Keys, load_keys, pseudonyms
from calm_pipeline.vault.vault import Vault, locked
from calm_pipeline.views import View, load_views
from calm_pipeline.vintages import Declarations, Name, Outcome, publish
from calm_pipeline.vintages.inputs import declared
from calm_pipeline.wide import INDEX_TICKS, clean_contract, raw_contract, verdict_contract

STAGES = ("raw_submissions", "clean_submissions", "verdicts", "accepted_submissions", "index_ticks")


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
        return [survey for survey in self.surveys() if survey.edition != edition]

    def surveys(self) -> list[Survey]:
        """The editions whose survey files can be read, oldest first."""
        found = []
        for edition in self.root.editions:
            with suppress(SurveyError):
                found.append(self.survey(edition))
        return found

    def rules(self, edition: str) -> list[Rule]:
        """The edit rules of an edition."""
        return derive_rules(self.survey(edition), self._last(edition))

    def said_last(self, edition: str) -> pa.Table:
        """What each library said in the edition before to the numbers that both ask for; no rows if it is not stored.

        Columns: library_id, then one integer column a field.
        """
        last = self._last(edition)
        numbers = [field.name for field in compared(self.survey(edition), last)]
        if last is not None and (file := self.file("accepted_submissions", last.edition)).exists():
            return load(file, columns=["library_id", *numbers])
        columns: dict[str, pa.DataType] = {"library_id": pa.string(), **dict.fromkeys(numbers, pa.int64())}
        return pa.schema(list(columns.items())).empty_table()

    def _last(self, edition: str) -> Survey | None:
        before = [other for other in self.others(edition) if other.edition < edition]
        return before[-1] if before else None

    def register(self) -> Register:
        """The library register."""
        return load_register(self.root.register)

    def desk(self) -> Desk:
        """The survey desk: contact, deadlines and channels."""
        return load_desk(self.root.desk)

    def declared(self, edition: str) -> Declared:
        """What letters are written from besides the tables."""
        return Declared(self.survey(edition), self.rules(edition), self.register(), self.desk())

    def library_names(self) -> dict[str, Words]:
        """The names of every library of the register, by id."""
        return names(self.register())

    def corrections(self, edition: str) -> list[Correction]:
        """What the desk decided about single submissions."""
        return load_corrections(self.root.corrections(edition))

    def published(self, edition: str) -> Published | None:
        """The published figures of an edition, if any."""
        return load_published(self.root.published(edition))

    def claims(self, edition: str) -> Claims | None:
        """What the report of an edition claims, if it is declared."""
        return load_claims(self.root.claims(edition), self.survey(edition))

    def groupings(self) -> Groupings:
        """By what figures are published by group."""
        return load_groupings(self.root.groupings)

    def views(self) -> dict[str, View]:
        """The ready views of the warehouse."""
        return load_views(self.root.views)

    def dictionary(self) -> Dictionary:
        """What the data dictionary says beyond the contracts and views."""
        return load_dictionary(self.root.dictionary)

    def contracts(self) -> dict[str, Contract]:
        """The contracts of the published tables."""
        return _contracts(self.root.tables, _changed(self.root.tables))

    def publish(self, edition: str, gates: Collection[Name], by: str, only: Collection[str] | None = None) -> Outcome:
        """Publish an edition as it lies on the workbench; see `vintages.publish`."""
        return publish(self.root, edition, self.declarations(), gates, by, only)

    def declarations(self) -> Declarations:
        """From what the warehouse file is built besides the tables."""
        return Declarations(self.contracts(), self.views(), self.dictionary())

    def contract(self, name: str, edition: str) -> Contract:
        """The contract of a published table or of a frame between stages."""
        if name not in STAGES:
            return self.contracts()[name]
        if name == "index_ticks":
            return INDEX_TICKS
        if name == "verdicts":
            return verdict_contract(self.rules(edition))
        return (raw_contract if name == "raw_submissions" else clean_contract)(self.survey(edition))

    def file(self, name: str, edition: str) -> Path:
        """Where the table of that name is stored."""
        return self.root.parquet(name, edition, stage=name in STAGES)

    def earlier(self, edition: str) -> pa.Table | None:
        """Which submissions were received when the edition was last judged; None if it never was."""
        file = self.file("submissions", edition)
        return load(file, columns=["sequence", "submitted_at"]) if file.exists() else None

    def keys(self) -> Keys | None:
        """The keys of the vault and of pseudonyms; None if none is set."""
        return load_keys(self.root.path)

    def erased(self, edition: str) -> Erased:
        """The submissions of an edition whose respondents were erased."""
        return erased_of(self.root.erasures, edition)

    def vault(self, edition: str, keys: Keys) -> Vault:
        """The vault of an edition."""
        return Vault(self.root.vault(edition), keys)

    def received(self, edition: str) -> Received:
        """Every export of the edition, read; who sent them goes into the vault if there is a key."""
        keys, erased = self.keys(), self.erased(edition)
        personal, known = keys is not None or bool(erased), self.kept(edition)
        if personal:
            known.forget(())
        found = receive(
            self.root.exports(edition),
            self.survey(edition),
            self.others(edition),
            self.earlier(edition),
            withdrawn(self.corrections(edition)),
            erased,
            pseudonyms(keys),
            personal=personal,
            numbered=bool(erased) and not erased.whole,
            known=None if personal else known,
        )
        if keys is not None and found.respondents is not None:
            with locked(self.root.vaults):  # somebody may have been erased since
                erased = self.erased(edition)
                kept = {name: one for name, one in found.respondents.items() if name not in erased}
                self.vault(edition, keys).keep(kept)
        return found

    def kept(self, edition: str) -> Kept:
        """What was read of large exports, for whoever reads them with the same code and survey."""
        return Kept(self.root.kept(edition), f"{CODE} {digest(self.root.survey(edition))}")

    def reading(self, edition: str) -> str:
        """Digests of all that decides what is made of exports: code, declarations, register, the desk's decisions."""
        return " ".join([CODE, *declared(self.root, edition).values()])

    def stored(self, name: str) -> list[str]:
        """The editions of which the table is stored."""
        return [edition for edition in self.root.editions if self.file(name, edition).exists()]

    def before(self, name: str, edition: str) -> str | None:
        """The latest earlier edition of which the table is stored."""
        return max((other for other in self.stored(name) if other < edition), default=None)

    def compared_with(self, edition: str) -> str | None:
        """The edition that the trends of an edition look back at: the latest earlier one that came to its end."""
        return max((other for other in self._finished(edition) if other < edition), default=None)

    def compared_next(self, edition: str) -> str | None:
        """The edition whose trends look back at this one, once it has come to its end."""
        return min((other for other in self._finished(edition) if other > edition), default=None)

    def _finished(self, edition: str) -> list[str]:
        """The other editions that can be read and of which every table is stored, as in the warehouse."""
        names, others = self.contracts(), [other.edition for other in self.others(edition)]
        return [other for other in others if all(self.file(name, other).exists() for name in names)]


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0


@cache
def _survey(file: Path, _stamp: int) -> Survey:
    return load_survey(file, rule_problems)


@cache
def _contracts(file: Path, _stamp: int) -> dict[str, Contract]:
    return load_contracts(file)
