"""How assets reach disk and come back: each as the Parquet file of its name and edition, under its contract."""

from pathlib import Path

import dagster as dg
import ibis
from pydantic import PrivateAttr

from assets.failures import told
from assets.project import column_schema, project
from calm_pipeline import engine, store

PREVIEW_ROWS = 5


class ParquetTables(dg.ConfigurableIOManager):
    """Writes what an asset returns; hands the stored table to the next one as an ibis expression."""

    _engine: ibis.BaseBackend = PrivateAttr(default_factory=engine.connect)
    _read: dict[tuple[Path, int], ibis.Table] = PrivateAttr(default_factory=dict)

    @told
    def handle_output(self, context: dg.OutputContext, obj: store.Frame) -> None:
        """Write the table and record how many rows it has."""
        name, edition = context.asset_key.path[-1], context.partition_key
        file = project.file(name, edition)
        contract = project.contract(name, edition)
        rows = store.write(obj, contract, file)
        context.add_output_metadata({"dagster/row_count": rows, "path": dg.MetadataValue.path(str(file))})
        if contract.stage == "stage":
            context.add_output_metadata({"dagster/column_schema": column_schema(contract)})
        else:
            shown = self.table(name, edition).drop(*contract.pseudonyms)
            preview = engine.collect(shown.limit(PREVIEW_ROWS))
            context.add_output_metadata({"preview": dg.MetadataValue.md(preview.to_markdown(index=False))})

    @told
    def load_input(self, context: dg.InputContext) -> ibis.Table:
        """Read the table of the same edition."""
        return self.table(context.asset_key.path[-1], context.partition_key)

    def table(self, name: str, edition: str) -> ibis.Table:
        """A stored table; of a file that was not written anew since, the expression that was made before."""
        file = project.file(name, edition)
        key = file, file.stat().st_mtime_ns if file.exists() else 0
        if key not in self._read:
            self._read[key] = store.read(self._engine, file)
        return self._read[key]
