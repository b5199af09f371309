"""How assets reach disk and come back: each as the Parquet file of its name and edition, under its contract."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import dagster as dg
import ibis
from pydantic import Field, PrivateAttr

from assets.automation import PARTITION, REFUSED
from assets.failures import told
from assets.project import column_schema, project
from calm_pipeline import store
from calm_pipeline.engine import collect, connect
from calm_pipeline.engines import Engine
from calm_pipeline.errors import CalmError
from calm_pipeline.root import digest
from calm_pipeline.vintages import writing
from calm_pipeline.vintages.proofs import Looking

PREVIEW_ROWS = 5


class ParquetTables(dg.ConfigurableIOManager):
    """Writes what an asset returns; hands the stored table to the next one as an ibis expression.

    A run holds its edition from before the first write until everything has ended.
    """

    engine: Engine = Field(Engine.duckdb, description="What computes (docs/scale.md).")
    _connected: ibis.BaseBackend | None = PrivateAttr(None)
    _read: dict[tuple[Path, int], ibis.Table] = PrivateAttr(default_factory=dict)
    _digests: dict[tuple[Path, int], str] = PrivateAttr(default_factory=dict)
    _written: dict[tuple[Path, int], str] = PrivateAttr(default_factory=dict)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Hold the edition of the run; a run of no edition, or none at all, writes nothing and holds nothing."""
        run = context.run
        edition = run.tags.get(PARTITION) if run else None
        with ExitStack() as held:
            if run and edition:
                with told, _marked(context.instance, run.run_id):
                    held.enter_context(writing(project.root, edition, f"{run.job_name} {run.run_id}"))
            yield self

    @told
    def handle_output(self, context: dg.OutputContext, obj: store.Frame) -> None:
        """Write the table and record how many rows it has."""
        name, edition = context.asset_key.path[-1], context.partition_key
        file = project.file(name, edition)
        contract = project.contract(name, edition)
        rows = store.write(obj, contract, file)
        self._written[_stamped(file)] = self._digest(name, edition)
        context.add_output_metadata({"dagster/row_count": rows, "path": dg.MetadataValue.path(str(file))})
        if contract.of_submissions:  # what one of them wrote would stay in the event log, which no erasure reaches
            context.add_output_metadata({"dagster/column_schema": column_schema(contract)})
        else:
            preview = collect(self.table(name, edition).limit(PREVIEW_ROWS))
            context.add_output_metadata({"preview": dg.MetadataValue.md(preview.to_markdown(index=False))})

    @told
    def load_input(self, context: dg.InputContext) -> ibis.Table:
        """Read the table of the same edition."""
        return self.table(context.asset_key.path[-1], context.partition_key)

    def table(self, name: str, edition: str) -> ibis.Table:
        """A stored table; of a file that was not written anew since, the expression that was made before."""
        key = _stamped(project.file(name, edition))
        if key not in self._read:
            self._connected = self._connected or connect(self.engine)
            self._read[key] = store.read(self._connected, key[0], self._written.get(key))
        return self._read[key]

    def looking(self, edition: str) -> Looking:
        """What a check looks at of an edition, and of which bytes."""
        return Looking(lambda name: self.table(name, edition), lambda name: self._digest(name, edition))

    def _digest(self, name: str, edition: str) -> str:
        key = _stamped(project.file(name, edition))
        if key not in self._digests:
            self._digests[key] = digest(key[0])
        return self._digests[key]


@contextmanager
def _marked(instance: dg.DagsterInstance | None, run: str) -> Iterator[None]:
    """A run that was refused the edition says so, so that it can be asked for again."""
    try:
        yield
    except CalmError:
        if instance:
            instance.add_run_tags(run, {REFUSED: run})
        raise


def _stamped(file: Path) -> tuple[Path, int]:
    return file, file.stat().st_mtime_ns if file.exists() else 0
