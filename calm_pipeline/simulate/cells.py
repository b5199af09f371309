"""A batch as the columns of an export: the platform's own, the library, invented persons, and answers of the pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline.exports.headers import Kind
from calm_pipeline.exports.wenjuanxing import METADATA, RECONSTRUCTED
from calm_pipeline.reconstruct.timeline import NETWORKS, SOURCES
from calm_pipeline.simulate.draw import Batch, Places
from calm_pipeline.simulate.pool import OWN_NAME, Pool

Cells: TypeAlias = "pa.Array[Any]"
SHORTEST, LONGEST = 260, 3900
HOSTS, NUMBERS = 254, 10_000
PREVIEW = "preview"


def library(numbers: Places) -> Cells:
    """The names of invented libraries by their numbers, in syllables: digits could be somebody's telephone."""
    name: Cells = _padded(numbers)
    for digit, syllable in enumerate("澄霁栖砚汀岫蘅漪芷笙"):
        name = pc.replace_substring(name, str(digit), syllable)
    return _joined(name, "大学图书馆")


def identifier(numbers: Places) -> Cells:
    """The ids of invented libraries by their numbers."""
    return _joined("S", _padded(numbers))


def _joined(*parts: Any) -> Cells:
    joined: Cells = pc.binary_join_element_wise(*parts, "")
    return joined


def _picked(texts: Sequence[str], places: Places) -> Cells:
    return pa.array(texts, pa.string()).take(pa.array(places, pa.int64()))


def _padded(numbers: Places, width: int = 8) -> Cells:
    return pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")


@dataclass(frozen=True)
class Sheet:
    """The columns of an export of one kind, made batch by batch. `submissions` are those of the whole simulation."""

    pool: Pool
    kind: Kind
    submissions: int
    places: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """Every column, all text."""
        return pa.schema([(title, pa.string()) for title in self.header])

    @property
    def header(self) -> list[str]:
        """The titles in the order of the export."""
        return [title for name, title in METADATA.items() if name != "score"] + list(self._columns)

    @cached_property
    def _columns(self) -> dict[str, tuple[str, Cells]]:
        return self.pool.columns(self.kind)

    def rows(self, batch: Batch) -> pa.RecordBatch:
        """The batch under this sheet's header."""
        chance = np.random.default_rng([batch.first, self.submissions])
        answers = [self._answers(batch, key, texts, chance) for key, texts in self._columns.values()]
        return pa.RecordBatch.from_arrays([*self._platform(batch, chance), *answers], schema=self.schema)

    def _answers(self, batch: Batch, key: str, texts: Cells, chance: np.random.Generator) -> Cells:
        survey = self.pool.survey
        question = survey.questions[key]
        drawn = texts.take(pa.array(batch.blocks[self.pool.blocks[key]]))
        if question.identifies:
            own = np.array([batch.kinds.get(batch.first + row) not in OWN_NAME for row in range(batch.size)])
            named: Cells = pc.if_else(pa.array(own), library(batch.libraries), drawn)
            return named
        if question.personal and question.form == "mobile":
            return _joined("1990000", _padded(chance.integers(NUMBERS, size=batch.size), 4))
        return drawn

    def _platform(self, batch: Batch, chance: np.random.Generator) -> list[Cells]:
        numbers = np.arange(batch.first, batch.first + batch.size)
        previews = pa.array(np.array([batch.kinds.get(int(number)) == PREVIEW for number in numbers]))
        sources = _picked(SOURCES, chance.integers(len(SOURCES), size=batch.size))
        preview = next(one.source for one in self.pool.submissions if one.source not in SOURCES)
        networks = _picked(NETWORKS, chance.integers(len(NETWORKS), size=batch.size))
        hosts = pc.cast(pa.array(chance.integers(1, HOSTS + 1, size=batch.size)), pa.string())
        places = _picked(self.places, batch.libraries % len(self.places))
        return [
            pc.cast(pa.array(numbers + 1), pa.string()),
            self._moments(numbers),
            _joined(pc.cast(pa.array(chance.integers(SHORTEST, LONGEST, size=batch.size)), pa.string()), "秒"),
            pc.if_else(previews, preview, sources),
            pa.array([RECONSTRUCTED] * batch.size),
            _joined(networks, ".", hosts, "(", places, ")"),
        ]

    def _moments(self, numbers: Places) -> Cells:
        """Moments spread evenly over the fielding, as the platform prints them."""
        fielding = self.pool.survey.fielding
        opens = datetime.combine(fielding.opens, time())
        seconds = int((fielding.closes - fielding.opens + timedelta(days=1)).total_seconds())
        offsets = (numbers + 1) * seconds // (self.submissions + 2)
        moments: Any = pa.array(np.datetime64(opens, "s") + offsets.astype("timedelta64[s]"))
        day = [pc.cast(of(moments), pa.string()) for of in (pc.year, pc.month, pc.day, pc.hour)]
        late = [pc.utf8_lpad(pc.cast(of(moments), pa.string()), 2, "0") for of in (pc.minute, pc.second)]
        return _joined(day[0], "/", day[1], "/", day[2], " ", day[3], ":", late[0], ":", late[1])
