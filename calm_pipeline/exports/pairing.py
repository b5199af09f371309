"""From several exports to the raw frame: files of one kind united, by text and by number verified and joined."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline import columns
from calm_pipeline.errors import Place
from calm_pipeline.exports.export import PLATFORM, Export
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.stored import Stored
from calm_pipeline.exports.united import United, united
from calm_pipeline.survey import Survey

NAMED = 10
Pair: TypeAlias = tuple[pa.RecordBatch | None, pa.RecordBatch | None]


def join(exports: Sequence[Export], survey: Survey, respondents: Mapping[str, str | None] | None = None) -> pa.Table:
    """The raw frame, one row a submission, in the order of 序号; see `joined`."""
    return joined(exports, survey, respondents).read_all()


def joined(
    exports: Sequence[Export],
    survey: Survey,
    respondents: Mapping[str, str | None] | None = None,
    withdrawn: Mapping[str, str] | None = None,
) -> pa.RecordBatchReader:
    """The raw frame, batch by batch, one row a submission, in the order of 序号.

    Columns: submission_id, sequence, file, row, respondent, submitted_at, duration, flagged, then for every field of
    the survey its cell by text and, under `columns.number(field)`, its cell by number: null where that kind was not
    given, empty where the cell is. `respondents` are the pseudonyms by submission;
    `withdrawn` the submissions that the desk has withdrawn, each with its time of submission as received.
    Raises ExportRefused if the files contradict each other, before the first batch, ValueError if there are none.
    """
    if not exports:
        raise ValueError("no exports to join")
    numbered = with_sequences(exports)
    by_text, by_number = (united([one for one in numbered if one.kind == kind]) for kind in ("text", "number"))
    if by_text is not None and by_number is not None:
        _verify(by_text, by_number)
    pairs = _side_by_side(by_text, by_number)
    raw = (without(_raw(text, number, survey, respondents or {}), withdrawn or {}) for text, number in pairs)
    return pa.RecordBatchReader.from_batches(_raw(*_nothing(survey), survey, {}).schema, raw)


def without(raw: pa.RecordBatch, withdrawn: Mapping[str, str]) -> pa.RecordBatch:
    """The rows, those of submissions that the desk has withdrawn flagged; one that has another time is another one."""
    if not withdrawn:
        return raw
    names, expected = (pa.array(list(some), pa.string()) for some in (withdrawn, withdrawn.values()))
    place: Any = pc.index_in(raw["submission_id"], value_set=names)
    same: Any = pc.equal(expected.take(place), raw["submitted_at"])
    flagged: Any = pc.or_(raw["flagged"], same.fill_null(False))
    return raw.set_column(raw.schema.get_field_index("flagged"), "flagged", flagged)


def submission_id(survey: Survey, sequence: int) -> str:
    """The name of a submission: its edition and the platform's own number."""
    return f"{survey.edition}-{sequence:0{survey.platform.digits}d}"


def with_sequences(exports: Sequence[Export]) -> list[Export]:
    """Rows are known by 序号, or by their position if no file has it."""
    bare = without_sequences(exports)
    if not bare:
        return list(exports)
    if len(bare) < len(exports):
        raise refusal("sequence_missing", Place(bare[0].file))
    return [replace(one, frame=_by_position(one.frame)) for one in exports]


def without_sequences(exports: Iterable[Export]) -> list[Export]:
    """The files whose rows are known by their position alone, which is another one's in the next download."""
    return [one for one in exports if one.frame.column("sequence").null_count]


def _by_position(frame: pa.Table | Stored) -> pa.Table | Stored:
    if isinstance(frame, Stored):
        return frame.by_position()
    return frame.set_column(0, frame.schema.field(0), pa.array(range(1, frame.num_rows + 1), pa.int64()))


def _side_by_side(by_text: United | None, by_number: United | None) -> Iterator[Pair]:
    """Batches of the same rows by text and by number; None where that kind was not given."""
    if by_text is None or by_number is None:
        texts, numbers = (one.batches() if one else repeat(None) for one in (by_text, by_number))
        yield from zip(texts, numbers, strict=False)
        return
    text, number = _Rows(by_text.batches()), _Rows(by_number.batches())
    while size := min(text.waiting(), number.waiting()):
        yield text.take(size), number.take(size)


class _Rows:
    """Batches to be taken in pieces of any size."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._rest: pa.RecordBatch | None = None

    def waiting(self) -> int:
        """How many rows can be taken; 0 at the end."""
        while not (self._rest and self._rest.num_rows):
            self._rest = next(self._batches, None)
            if self._rest is None:
                return 0
        return self._rest.num_rows

    def take(self, size: int) -> pa.RecordBatch:
        """The next rows."""
        assert self._rest is not None  # noqa: S101
        taken, self._rest = self._rest.slice(0, size), self._rest.slice(size)
        return taken


def _verify(by_text: United, by_number: United) -> None:
    """Both kinds must be downloads of the same submissions."""
    where = Place(f"{by_text.first_file} + {by_number.first_file}")
    text, number = by_text.sequences, by_number.sequences
    if not np.array_equal(text, number):
        raise refusal("pair_rows", where, sequences=listed(np.setxor1d(text, number).tolist()))
    times = zip(text.tolist(), by_text.column("submitted_at"), by_number.column("submitted_at"), strict=True)
    differing = [sequence for sequence, one, other in times if one != other and moment(one) != moment(other)]
    if differing:
        raise refusal("pair_times", where, sequences=listed(differing))


def moment(time: str | None) -> list[int]:
    """The numbers of a time of submission, however it is written; empty if there are none."""
    return [int(digits) for digits in re.findall(r"\d+", time or "")]


def listed(sequences: Iterable[Any]) -> str:
    """The first few of them in order, and how many there are if that is not all."""
    ordered = sorted(sequences)
    more = f", ... ({len(ordered)})" if len(ordered) > NAMED else ""
    return ", ".join(map(str, ordered[:NAMED])) + more


def empty(survey: Survey) -> pa.Table:
    """A raw frame without submissions."""
    return pa.Table.from_batches([_raw(*_nothing(survey), survey, {})])


def _nothing(survey: Survey) -> Pair:
    fields = ((field.name, pa.string()) for field in survey.fields())
    schema = pa.schema([*PLATFORM.items(), *fields, ("file", pa.string())])
    return pa.RecordBatch.from_pylist([], schema), None


def _raw(
    by_text: pa.RecordBatch | None,
    by_number: pa.RecordBatch | None,
    survey: Survey,
    respondents: Mapping[str, str | None],
) -> pa.RecordBatch:
    main = by_text if by_text is not None else by_number
    assert main is not None  # noqa: S101
    nothing = pa.nulls(main.num_rows, pa.string())
    numbers: Any = pc.utf8_lpad(pc.cast(main["sequence"], pa.string()), survey.platform.digits, "0")
    ids: Any = pc.binary_join_element_wise(survey.edition, numbers, "-")
    raw: dict[str, Any] = {"submission_id": ids}
    raw |= {name: main[name] for name in ("sequence", "file", "row")}
    raw["respondent"] = pa.array(map(respondents.get, ids.to_pylist()), pa.string()) if respondents else nothing
    raw |= {name: main[name] for name in ("submitted_at", "duration", "flagged")}
    for field in survey.fields():
        raw[field.name] = nothing if by_text is None else _present(by_text[field.name])
        raw[columns.number(field.name)] = nothing if by_number is None else _present(by_number[field.name])
    return pa.record_batch(raw)


def _present(cells: Any) -> Any:
    return pc.fill_null(cells, "")
