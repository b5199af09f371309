"""From several exports to the raw frame: files of one kind united, by text and by number verified and joined."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from calm_pipeline import columns
from calm_pipeline.errors import Place
from calm_pipeline.exports.export import PLATFORM, Export
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.survey import Survey

NAMED = 10
WHERE = ("file", "row")


def join(exports: Sequence[Export], survey: Survey, respondents: Mapping[str, str | None] | None = None) -> pa.Table:
    """The raw frame, one row a submission, in the order of 序号.

    Columns: submission_id, sequence, file, row, respondent, submitted_at, duration, flagged, then for every field of
    the survey its cell by text and, under `columns.number(field)`, its cell by number: null where that kind was not
    given, empty where the cell is. `respondents` are the pseudonyms by submission.
    Raises ExportRefused if the files contradict each other, ValueError if there are none.
    """
    if not exports:
        raise ValueError("no exports to join")
    numbered = with_sequences(exports)
    united = {kind: _united([one for one in numbered if one.kind == kind]) for kind in ("text", "number")}
    by_text, by_number = united["text"], united["number"]
    if by_text is not None and by_number is not None:
        _verify(by_text, by_number)
    return _raw(by_text, by_number, survey, respondents or {})


def submission_id(survey: Survey, sequence: int) -> str:
    """The name of a submission: its edition and the platform's own number."""
    return f"{survey.edition}-{sequence:04d}"


def with_sequences(exports: Sequence[Export]) -> list[Export]:
    """Rows are known by 序号, or by their position if no file has it."""
    bare = [one for one in exports if one.frame["sequence"].null_count]
    if not bare:
        return list(exports)
    if len(bare) < len(exports):
        raise refusal("sequence_missing", Place(bare[0].file))
    return [replace(one, frame=_by_position(one.frame)) for one in exports]


def _by_position(frame: pa.Table) -> pa.Table:
    return frame.set_column(0, frame.schema.field(0), pa.array(range(1, frame.num_rows + 1), pa.int64()))


def _united(exports: Sequence[Export]) -> pa.Table | None:
    """All rows of one kind in the order of 序号. The same row twice counts once; two versions of it are refused."""
    if not exports:
        return None
    frames = [one.frame.append_column("file", pa.array([one.file] * one.frame.num_rows)) for one in exports]
    frame = pa.concat_tables(frames).combine_chunks()
    first: dict[Any, int] = {}
    for place, sequence in enumerate(frame["sequence"].to_pylist()):
        if sequence in first:
            _check_same(frame, first[sequence], place)
        else:
            first[sequence] = place
    return frame.take(pa.array([first[sequence] for sequence in sorted(first)], pa.int64()))


def _check_same(frame: pa.Table, one: int, other: int) -> None:
    earlier, later = frame.slice(one, 1).to_pylist()[0], frame.slice(other, 1).to_pylist()[0]
    if {**earlier, **dict.fromkeys(WHERE)} != {**later, **dict.fromkeys(WHERE)}:
        where = Place(later["file"], later["row"])
        raise refusal("sequence_conflict", where, sequence=later["sequence"], other=earlier["file"])


def _verify(by_text: pa.Table, by_number: pa.Table) -> None:
    """Both kinds must be downloads of the same submissions."""
    text: list[Any]
    number: list[Any]
    text, number = by_text["sequence"].to_pylist(), by_number["sequence"].to_pylist()
    where = Place(f"{by_text['file'][0].as_py()} + {by_number['file'][0].as_py()}")
    if text != number:
        raise refusal("pair_rows", where, sequences=listed({*text} ^ {*number}))
    times = zip(text, by_text["submitted_at"].to_pylist(), by_number["submitted_at"].to_pylist(), strict=True)
    differing = [sequence for sequence, one, other in times if moment(one) != moment(other)]
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
    texts = ["file", *(field.name for field in survey.fields())]
    schema = pa.schema([*PLATFORM.items(), *((name, pa.string()) for name in texts)])
    return _raw(schema.empty_table(), None, survey, {})


def _raw(
    by_text: pa.Table | None, by_number: pa.Table | None, survey: Survey, respondents: Mapping[str, str | None]
) -> pa.Table:
    main = by_text if by_text is not None else by_number
    assert main is not None  # noqa: S101
    nothing = pa.nulls(main.num_rows, pa.string())
    sequences: list[Any] = main["sequence"].to_pylist()
    ids = [submission_id(survey, sequence) for sequence in sequences]
    raw: dict[str, Any] = {"submission_id": pa.array(ids, pa.string())}
    raw |= {name: main[name] for name in ("sequence", "file", "row")}
    raw["respondent"] = pa.array(map(respondents.get, ids), pa.string())
    raw |= {name: main[name] for name in ("submitted_at", "duration", "flagged")}
    for field in survey.fields():
        raw[field.name] = nothing if by_text is None else _present(by_text[field.name])
        raw[columns.number(field.name)] = nothing if by_number is None else _present(by_number[field.name])
    return pa.table(raw)


def _present(cells: Any) -> Any:
    return pc.fill_null(cells, "")
