"""Who takes part: the command of each contender, and where it puts its tables."""

from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks import equal
from benchmarks.measure import Cost, python
from calm_pipeline.root import parts_of


@dataclass(frozen=True)
class Contender:
    """A module that is run as `python -m module ROOT OUT`, and what it is called in the table."""

    module: str
    title: str
    more: tuple[str, ...] = ()

    def run(self, root: Path, out: Path) -> Cost:
        """Once, from nothing: what an earlier run left on the workbench is gone."""
        rmtree(root / "data" / "warehouse", ignore_errors=True)
        return self.again(root, out)

    def again(self, root: Path, out: Path) -> Cost:
        """The same with what an earlier run left."""
        rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        return python("-m", f"benchmarks.{self.module}", str(root), str(out / "found.json"), *self.more)

    def made(self, root: Path, out: Path) -> dict[str, Any]:
        """What it made of the files."""
        stored = root / "data" / "warehouse" / "tables"
        files = {
            name: parts_of(next(stored.glob(f"{name}/*.parquet")))
            if self.module == "core"
            else [out / f"{name}.parquet"]
            for name in equal.TABLES
        }
        return equal.made(out / "found.json", files)


CORE = "core"
CONTENDERS = {
    CORE: Contender("core", "the pipeline's core"),
    "sql": Contender("sql", "DuckDB SQL by hand"),
    "streaming": Contender("with_polars", "polars, streaming", ("streaming",)),
    "eager": Contender("with_polars", "polars, in memory", ("in-memory",)),
    "pandas": Contender("with_pandas", "pandas"),
}
