"""What ibis says to Spark, corrected where it would mean something else than in DuckDB; what comes back is Arrow."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

LISTED = re.compile("[一-鿿]{40,}")
"""So many Chinese characters one after the other are a class, in which they ascend."""
MICROSECONDS = dt.Timestamp(scale=6)


class Compiler(PySparkCompiler):
    """Spells operations so that Spark gives what DuckDB gives; ibis looks the methods up by their names."""

    def visit_RegexReplace(self, op: Any, *, arg: Any, pattern: Any, **_: Any) -> Any:  # noqa: N802
        r"""Java writes the first group $1 and not \1."""
        replacement = re.sub(r"\\(\d)", r"$\1", op.replacement.value.replace("$", r"\$"))
        return self.f.regexp_replace(arg, pattern, sge.convert(replacement))

    def visit_RegexSearch(self, op: Any, *, arg: Any, **_: Any) -> Any:  # noqa: N802
        """Java asks a class for one character after the other."""
        return self.f.regexp_like(arg, sge.convert(LISTED.sub(lambda found: _halved(found[0]), op.pattern.value)))

    def visit_ArrayIndex(self, _op: Any, *, arg: Any, index: Any) -> Any:  # noqa: N802
        """Null where there is no such place, as `element_at` would not have it; places have 32 bits."""
        return self.f.anon.get(arg, self.cast(index, dt.int32))

    def visit_ArrayStringJoin(self, _op: Any, *, arg: Any, sep: Any) -> Any:  # noqa: N802
        """Of no texts, an empty one."""
        return self.f.array_join(arg, sep)

    def visit_Greatest(self, _op: Any, *, arg: Any) -> Any:  # noqa: N802
        """Spark compares no single value."""
        return self.f.greatest(*arg) if len(arg) > 1 else arg[0]

    def visit_Least(self, _op: Any, *, arg: Any) -> Any:  # noqa: N802
        """Spark compares no single value."""
        return self.f.least(*arg) if len(arg) > 1 else arg[0]


class Spark(Backend):
    """The session of this process. Tables go in and come out as Arrow, with no turn through pandas."""

    compiler = Compiler()

    def frame(self, table: ir.Table) -> Any:
        """The table as Spark's own."""
        self._run_pre_execute_hooks(table)
        return self._session.sql(self.compile(table))

    def get_schema(self, table_name: str, **place: Any) -> Any:
        """Spark keeps time in microseconds, which ibis does not say; contracts do."""
        found = super().get_schema(table_name, **place)
        return ibis.schema({name: MICROSECONDS if kind.is_timestamp() else kind for name, kind in found.items()})

    def _register_in_memory_table(self, op: Any) -> None:
        self._session.createDataFrame(op.data.to_pyarrow(op.schema)).createOrReplaceTempView(op.name)

    def to_pyarrow(self, expr: ir.Expr, /, *, limit: Any = None, **_: Any) -> Any:
        """All rows at once, in memory."""
        table = expr.as_table()
        found = self.frame(table if limit is None else table.limit(limit)).toArrow()
        return expr.__pyarrow_result__(found.cast(table.schema().to_pyarrow()))


def _halved(characters: str) -> str:
    """The inside of a class, as classes of classes in which Java finds a character by halves."""
    if len(characters) < 10:
        return characters
    middle = len(characters) // 2
    halves = characters[:middle], characters[middle:]
    return "".join(f"[{half[0]}-{half[-1]}&&[{_halved(half)}]]" for half in halves)


def behind(session: Any) -> Spark:
    """A session as ibis sees it."""
    Spark.register_options()
    backend = Spark(session)
    backend.reconnect()
    return backend


def in_any_order(table: ir.Table) -> ir.Table:
    """Without its own order, for which Spark would compute everything twice: once to find out where to cut."""
    kept = table.op()
    plain = isinstance(kept, ops.Project) and all(
        isinstance(value, ops.Field) and value.name == name for name, value in kept.values.items()
    )
    below = kept.parent if plain else kept
    return below.parent.to_expr().select(*table.columns) if isinstance(below, ops.Sort) else table


@contextmanager
def spilled(backend: Spark, table: ir.Table, folder: Path) -> Iterator[str]:
    """The rows of a table in Parquet files that Spark writes into `folder`, which is removed again; their pattern."""
    try:
        backend.frame(in_any_order(table)).write.parquet(str(folder))
        yield str(folder / "*.parquet")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
