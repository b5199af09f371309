"""Who takes part: the command of each contender, and where it puts its tables."""

from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks import equal
from benchmarks.measure import Cost, python
from calm_pipeline.root import parts_of

CORE = "core"


@dataclass(frozen=True)
class Contender:
    """A module that is run as `python -m module ROOT OUT`, and what it is called in the table."""

    module: str
    title: str
    more: tuple[str, ...] = ()

    def run(self, root: Path, out: Path) -> Cost:
        """Once, from nothing: what an earlier run of the core left on the workbench is gone."""
        if self.module == CORE:
            rmtree(root / "data" / "warehouse", ignore_errors=True)
        return self.again(root, out)

    def again(self, root: Path, out: Path) -> Cost:
        """The same with what an earlier run left."""
        rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        return python("-m", f"benchmarks.{self.module}", str(root), str(out / "found.json"), *self.more)

    def made(self, root: Path, out: Path) -> dict[str, Any]:
        """What it made of the files."""
        files = {name: parts_of(self._stored(root, out, name)) for name in equal.TABLES}
        return equal.made(out / "found.json", files)

    def _stored(self, root: Path, out: Path, name: str) -> Path:
        if self.module == CORE:
            return next((root / "data" / "warehouse" / "tables" / name).glob("*.parquet"))
        return out / f"{name}.parquet"


CONTENDERS = {
    CORE: Contender("core", "the pipeline's core"),
    "sql": Contender("sql", "DuckDB SQL by hand"),
    "streaming": Contender("with_polars", "polars, streaming", ("streaming",)),
    "eager": Contender("with_polars", "polars, in memory", ("in-memory",)),
    "pandas": Contender("with_pandas", "pandas"),
}
