"""What all assets share: the project they belong to, its editions as partitions, and how an asset is declared."""

from collections.abc import Callable
from typing import Any

import dagster as dg

from assets.failures import told
from calm_pipeline.project import Project
from calm_pipeline.root import Root
from calm_pipeline.tables import Contract

project = Project(Root.current())
editions = dg.StaticPartitionsDefinition(project.root.editions)
OWNERS = ["team:survey-data"]


def edition_asset(**about: Any) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """`dg.asset` for one edition a partition; its failures are told in words of ours."""
    declare = dg.asset(partitions_def=editions, owners=OWNERS, **about)
    return lambda body: declare(told(body))


def edition_assets(*names: str, **about: Any) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """The same for published tables that are made together."""
    outs = {name: dg.AssetOut(owners=OWNERS, **about, **table(name)) for name in names}
    declare = dg.multi_asset(outs=outs, partitions_def=editions)
    return lambda body: declare(told(body))


def table(name: str) -> dict[str, Any]:
    """Description and column schema of a published table, as Dagster shows them."""
    contract = project.contracts()[name]
    return {
        "description": f"{contract.en} {contract.zh}",
        "metadata": {"dagster/column_schema": column_schema(contract)},
    }


def column_schema(contract: Contract) -> dg.TableSchema:
    """The columns of a contract with their meaning in both languages."""
    columns = [
        dg.TableColumn(
            column,
            about.type,
            description=f"{about.en} {about.zh}",
            constraints=dg.TableColumnConstraints(nullable=about.nullable),
        )
        for column, about in contract.columns.items()
    ]
    return dg.TableSchema(columns)
