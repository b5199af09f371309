"""The engines by their names, and which one is chosen: what the command line knows before it imports anything large."""

import os
from enum import StrEnum

from calm_pipeline.errors import CalmError, Entry, Message

CHOSEN = "CALM_ENGINE"
ENGINE: dict[str, Entry] = {
    "unknown_engine": Entry(
        Message("CALM_ENGINE", "CALM_ENGINE"),
        Message("there is no engine of this name: {name}", "没有这一名称的引擎：{name}"),
        Message("Set it to duckdb or spark, or leave it out", "请设为 duckdb 或 spark，或不设置"),
    )
}


class Engine(StrEnum):
    """What computes: DuckDB in this process, or Spark for an edition that outgrew one machine."""

    duckdb = "duckdb"
    spark = "spark"


def chosen() -> Engine:
    """The engine that CALM_ENGINE names; DuckDB if it names none.

    Raises:
        CalmError: there is no such engine.
    """
    name = os.environ.get(CHOSEN) or Engine.duckdb
    if name not in list(Engine):
        raise CalmError.of(ENGINE, "unknown_engine", name=name)
    return Engine(name)
