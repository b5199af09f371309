"""Every stage from the raw frame to the marts on one engine, stored as a run stores it, without Dagster around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from calm_pipeline import by_group, marts, normalize, store, validate
from calm_pipeline.clean import Register, clean_submissions, given_by_number, repairs
from calm_pipeline.groupings import Groupings
from calm_pipeline.rules import Rule, derive_rules, verdicts
from calm_pipeline.survey import Survey
from calm_pipeline.tables import Contract
from calm_pipeline.wide import INDEX_TICKS, clean_contract, raw_contract, verdict_contract


@dataclass(frozen=True)
class Given:
    """What an edition is made from."""

    survey: Survey
    raw: pa.Table
    register: Register
    contracts: Mapping[str, Contract]
    groupings: Groupings

    @property
    def rules(self) -> list[Rule]:
        return derive_rules(self.survey)

    def contract(self, name: str) -> Contract:
        wide = {"raw_submissions": raw_contract, "clean_submissions": clean_contract}
        wide["accepted_submissions"] = clean_contract
        if name == "index_ticks":
            return INDEX_TICKS
        if name == "verdicts":
            return verdict_contract(self.rules)
        return wide[name](self.survey) if name in wide else self.contracts[name]


def make(given: Given, engine: ibis.BaseBackend, folder: Path) -> dict[str, Path]:
    """Store every table below `folder`; each is made from the stored ones before it."""
    files: dict[str, Path] = {}

    def look(name: str) -> ir.Table:
        return store.read(engine, files[name])

    def keep(name: str, frame: store.Frame) -> None:
        files[name] = folder / f"{name}.parquet"
        store.write(frame, given.contract(name), files[name])
        assert store.breaches(look(name), given.contract(name)) == []

    for name, frame in steps(given):
        keep(name, frame(look))
    return files


Look = Callable[[str], ir.Table]


def steps(given: Given) -> list[tuple[str, Callable[[Look], store.Frame]]]:
    """Each table by its name and what it is made of, in the order of a run."""
    survey, rules, register, groupings = given.survey, given.rules, given.register, given.groupings
    wide: list[tuple[str, Callable[[Look], store.Frame]]] = [
        ("raw_submissions", lambda _: given.raw),
        ("libraries", lambda _: normalize.libraries(register.libraries, survey)),
        ("clean_submissions", lambda t: cleaned(t("raw_submissions"), survey, register)),
        ("repairs", lambda t: repairs(t("raw_submissions"), t("clean_submissions"), survey)),
        ("verdicts", lambda t: verdicts(t("clean_submissions"), rules)),
        ("violations", lambda t: validate.violations(t("verdicts"), rules, survey)),
        ("submissions", lambda t: validate.submissions(t("clean_submissions"), t("violations"), survey)),
        ("accepted_submissions", lambda t: validate.accepted(t("clean_submissions"), t("submissions"))),
        ("selections", lambda t: normalize.selections(t("accepted_submissions"), survey)),
        ("answers", lambda t: normalize.answers(t("accepted_submissions"), survey)),
    ]
    figures: list[tuple[str, Callable[[Look], store.Frame]]] = [
        ("option_counts", lambda t: marts.option_counts(t("selections"), t("libraries"), survey)),
        ("index_ticks", lambda t: marts.index_ticks(t("selections"), survey)),
        ("index_scores", lambda t: marts.index_scores(t("index_ticks"))),
        ("correlations", lambda t: marts.correlations(t("index_scores"), t("selections"), survey)),
        ("stage_comparison", lambda t: marts.stage_comparison(t("index_scores"), t("selections"), survey, groupings)),
        ("index_items", lambda t: marts.index_items(t("selections"), survey)),
        ("reliability", lambda t: marts.reliability(t("selections"), survey)),
        ("coverage", lambda t: marts.coverage(t("libraries"), t("submissions"), survey, groupings)),
        ("groups", lambda t: by_group.groups(t("submissions"), t("libraries"), survey, groupings)),
    ]
    return wide + (figures if survey.indices else figures[:1])


def cleaned(raw: ir.Table, survey: Survey, register: Register) -> ir.Table:
    return clean_submissions(raw, survey, register, by_number=given_by_number(raw, survey))
