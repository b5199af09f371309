"""Whether the stored trends of an edition still follow from the answers of both: the earlier one may be made anew."""

from collections.abc import Callable, Mapping

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from calm_pipeline.checks import Finding
from calm_pipeline.errors import Message
from calm_pipeline.tables import Contract
from calm_pipeline.trends.indices import index_trends
from calm_pipeline.trends.options import option_trends
from calm_pipeline.trends.year import Year

NOT_COMPARED = Finding(True, Message("no later edition looks back at this one", "没有后续年度与本年度比较"))


def current(
    later: Year, earlier: Year, least: int, stored: Callable[[str], ir.Table], contracts: Mapping[str, Contract]
) -> Finding:
    """Whether the stored trends of `later` are what would be made of both editions now; `stored` gives its tables."""
    made = {"option_trends": option_trends(later, earlier, least), "index_trends": index_trends(later, earlier, least)}
    outdated = [name for name, frame in made.items() if not _alike(stored(name), frame, contracts[name])]
    one, other = later.survey.edition, earlier.survey.edition
    if not outdated:
        return Finding(True, Message(f"the trends of {one} are up to date", f"{one} 年度的年度变化表是最新的"))
    en = f"the trends of {one} do not show what {other} says now; run `calm run {one}` again"
    zh = f"{one} 年度的年度变化表未反映 {other} 年度的最新结果；请重新运行 `calm run {one}`"
    return Finding(False, Message(en, zh), {"outdated": len(outdated)})


def _alike(stored: ir.Table, made: pd.DataFrame, contract: Contract) -> bool:
    schema, order = contract.arrow(), list(contract.key)
    anew = pa.Table.from_pandas(made.reindex(columns=schema.names), schema, preserve_index=False).to_pandas()
    kept = stored.to_pyarrow().cast(schema).to_pandas()
    return bool(anew.sort_values(order, ignore_index=True).equals(kept.sort_values(order, ignore_index=True)))
