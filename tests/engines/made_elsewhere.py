"""A small survey made on the Spark that CALM_SPARK_MASTER names: a program, for a process has one session at most."""

import sys
from pathlib import Path

import ibis

from calm_pipeline import engine
from calm_pipeline.engines import Engine
from calm_pipeline.root import digest
from tests.engines.stages import Given, make
from tests.judged import raw_frame
from tests.malformed.examples import REGISTER, SURVEY, VALID, said
from tests.reference import PROJECT


def small() -> Given:
    raw = raw_frame(SURVEY, [VALID, said(2, library="乙大学图书馆"), said(3, assistants="many")], ["text"])
    return Given(SURVEY, raw, REGISTER, PROJECT.contracts(), PROJECT.groupings())


def digests(backend: ibis.BaseBackend, folder: Path) -> dict[str, str]:
    return {name: digest(file) for name, file in make(small(), backend, folder).items()}


if __name__ == "__main__":
    for name, found in digests(engine.connect(Engine.spark), Path(sys.argv[1])).items():
        sys.stdout.write(f"{name} {found}\n")
