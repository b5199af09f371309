"""The published tables of the reference data, made once, as the pipeline stores them."""

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from calm_pipeline import by_group, marts, normalize, trends
from calm_pipeline.reconcile import Computed, reconcile
from calm_pipeline.report_tables import report_tables
from tests.desk.edition import desk_tables
from tests.reference import DATABASE, EDITION, PROJECT, RULES, SURVEY, received, tables
from tests.shared import shared

OF_THE_DESK = ("findings", "reviews", "corrections", "alerts", "alert_events")
CONTRACTS = PROJECT.contracts()


@shared
def published() -> dict[str, pd.DataFrame]:
    """Every published table by name, and `raw_submissions`."""
    made = {name: DATABASE.to_pyarrow(table) for name, table in tables().items()}
    selections, files = ibis.memtable(made["selections"]), ibis.memtable(received().files)
    libraries = normalize.libraries(PROJECT.register().libraries, SURVEY)
    counts = marts.option_counts(selections, as_table(libraries), SURVEY)
    scores = ibis.memtable(DATABASE.to_pyarrow(marts.index_scores(marts.index_ticks(selections, SURVEY))))
    register, groupings = as_table(libraries), PROJECT.groupings()
    correlations = marts.correlations(scores, selections, SURVEY)
    stages = marts.stage_comparison(scores, selections, SURVEY, groupings)
    computed = Computed.from_tables(
        SURVEY, *map(as_table, (counts, correlations, stages, made["submissions"], libraries))
    )
    made |= {
        "editions": normalize.editions(SURVEY, PROJECT.root.survey(EDITION), files),
        "files": received().files,
        "libraries": libraries,
        "questions": normalize.questions(SURVEY),
        "options": normalize.options(SURVEY),
        "rules": normalize.rule_book(RULES, SURVEY),
        "option_counts": counts,
        "index_scores": DATABASE.to_pyarrow(scores),
        "correlations": correlations,
        "stage_comparison": stages,
        "groups": by_group.groups(ibis.memtable(made["submissions"]), register, SURVEY, groupings),
        "group_counts": by_group.group_counts(
            selections, ibis.memtable(made["submissions"]), register, SURVEY, groupings
        ),
        "report_tables": report_tables(counts, correlations, SURVEY),
        "reconciliation": reconcile(PROJECT.published(EDITION), computed),
    }
    made |= evidence(selections, as_table(counts), as_table(made["editions"]))
    made["coverage"] = marts.coverage(as_table(libraries), as_table(made["submissions"]), SURVEY, groupings)
    made |= {"file_remarks": received().remarks, **{name: desk_tables()[name] for name in OF_THE_DESK}}
    year = trends.Year.of(SURVEY, lambda name: as_table(made[name]))
    made |= {"option_trends": trends.option_trends(year, None, 3), "index_trends": trends.index_trends(year, None, 3)}
    stored = {name: in_contract(name, made[name]).to_pandas() for name in CONTRACTS}
    return {**stored, "raw_submissions": received().raw.to_pandas()}


def evidence(selections: ir.Table, counts: ir.Table, editions: ir.Table) -> dict[str, pd.DataFrame]:
    """What a referee asks for."""
    printed = PROJECT.published(EDITION)
    known = marts.Evidence.from_tables(SURVEY, selections, counts, editions, printed)
    claims, variants = marts.judged(PROJECT.claims(EDITION), known)
    return {
        "index_items": marts.index_items(selections, SURVEY),
        "reliability": marts.reliability(selections, SURVEY),
        "claims": claims,
        "claim_variants": variants,
        "printed_statistics": marts.printed_statistics(printed, EDITION),
    }


def in_contract(name: str, frame: pa.Table | pd.DataFrame) -> pa.Table:
    """The frame with the types of its contract."""
    schema = CONTRACTS[name].arrow()
    if isinstance(frame, pd.DataFrame):
        return pa.Table.from_pandas(frame.reindex(columns=schema.names), schema, preserve_index=False)
    return frame.select(schema.names).cast(schema) if frame.num_columns else schema.empty_table()


def as_table(frame: pa.Table | pd.DataFrame) -> ir.Table:
    """The frame as an expression."""
    arrow = pa.Table.from_pandas(frame, preserve_index=False) if isinstance(frame, pd.DataFrame) else frame
    return ibis.memtable(arrow)


def look(name: str) -> ir.Table:
    """A published table as an expression."""
    frame = published()[name]
    return as_table(in_contract(name, frame) if name in CONTRACTS else frame)
