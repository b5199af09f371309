"""All exports of an edition at once: the raw frame of those that can be read, and a receipt for every file."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from calm_pipeline.errors import ExportRefused, Place
from calm_pipeline.exports.earlier import check_earlier
from calm_pipeline.exports.export import Export
from calm_pipeline.exports.kept import Kept
from calm_pipeline.exports.pairing import empty, joined, without_sequences
from calm_pipeline.exports.person import Respondent
from calm_pipeline.exports.plain import Doubtful
from calm_pipeline.exports.privacy import shown_apart
from calm_pipeline.exports.reader import read_parts
from calm_pipeline.exports.refusals import refusal
from calm_pipeline.exports.remarks import Remark, remark
from calm_pipeline.exports.respondents import respondents, told_of_erased
from calm_pipeline.exports.sandbox import How
from calm_pipeline.exports.stored import Folder, store
from calm_pipeline.root import own, received
from calm_pipeline.survey import Survey

RECEIPT: dict[str, pa.DataType] = {
    "edition": pa.string(),
    "file": pa.string(),
    "sha256": pa.string(),
    "bytes": pa.int64(),
    "kind": pa.string(),
    "rows": pa.int64(),
    "verdict": pa.string(),
    "code": pa.string(),
    "reason_en": pa.string(),
    "reason_zh": pa.string(),
    "reconstructed": pa.bool_(),
}
REMARK: dict[str, pa.DataType] = dict.fromkeys(
    ("edition", "file", "remark", "severity", "place", "sentence_en", "sentence_zh"), pa.string()
)


@dataclass(frozen=True)
class Received:
    """`rows`: one row a submission of the files that were read. `files`: one row a file, the refused ones included.

    `remarks`: one row for everything that was mended in a file, or is worth a word about it. `respondents`: who sent
    the submissions, for the vault; None if a file was refused, since nothing is known of its rows then, or if nobody
    asked for them.
    """

    files: pa.Table
    rows: Callable[[], pa.RecordBatchReader] = field(repr=False)
    remarks: pa.Table
    respondents: Mapping[str, Respondent] | None = field(default=None, repr=False)

    @cached_property
    def raw(self) -> pa.Table:
        """All rows in memory."""
        return self.rows().read_all()


def receive(
    paths: Sequence[Path],
    survey: Survey,
    others: Sequence[Survey] = (),
    earlier: pa.Table | None = None,
    withdrawn: Mapping[str, str] = MappingProxyType({}),
    erased: Container[str] = frozenset(),
    pseudonym: Callable[[str], str | None] = lambda _: None,
    *,
    personal: bool = True,
    numbered: bool = False,
    known: Kept | None = None,
) -> Received:
    """Read every file of an edition; a refused file leaves a receipt and nothing else.

    Files that contradict each other, or what was received before, are all refused.

    Args:
        paths: the files.
        survey: the edition.
        others: editions to name if a file fits one of them.
        earlier: the submissions as they were last judged, with at least sequence and submitted_at.
        withdrawn: submissions that the desk has withdrawn, each with its time as received: they do not count, and may
            be missing.
        erased: submissions whose respondents were erased; nothing personal of them is taken from a file again.
        pseudonym: from a mobile number to what stands for it.
        personal: whether somebody wants to know who sent what; without it nothing of that is held.
        numbered: whether every row must have its 序号, since single persons were erased, who are known by it.
        known: what was read before of large files, where nothing personal is wanted; these are kept, others forgotten.
    """
    names = dict(zip(paths, shown_apart(path.name for path in paths), strict=True))
    sums = {path: received(path) for path in paths}
    reading = _Reading(survey, others, personal, known)
    if known:
        known.forget([(names[path], sums[path]) for path in paths])
    read = {path: reading.of(path, names[path], sums[path]) for path in paths}
    exports = [result for result in read.values() if isinstance(result, Export)]
    conflict, kept, rows = None, dict[str, Respondent](), partial(_empty, survey)
    try:
        if numbered and (bare := without_sequences(exports)):
            raise refusal("sequence_of_erased", Place(bare[0].file))
        if personal:
            kept = {name: one for name, one in respondents(exports, survey).items() if name not in erased}
            read |= told_of_erased(read, survey, erased)
        pseudonyms = {name: one.mobile and pseudonym(one.mobile) for name, one in kept.items()}
        if exports:
            rows = partial(joined, exports, survey, pseudonyms, withdrawn)
            rows()
        if earlier is not None and exports and len(exports) == len(paths):
            check_earlier(exports, earlier, _numbers(withdrawn))
    except ExportRefused as refused:
        rows, conflict = partial(_empty, survey), refused
    titles = shown_apart(_title(path, result) for path, result in read.items())
    receipts = [
        _receipt(path, sums[path], title, result, survey, conflict)
        for title, (path, result) in zip(titles, read.items(), strict=True)
    ]
    remarks = [
        _row(receipt, one)
        for receipt, result in zip(receipts, read.values(), strict=True)
        for one in _remarks(receipt, result, receipts)
    ]
    whole = personal and conflict is None and len(exports) == len(paths) > 0
    return Received(_table(receipts, RECEIPT), rows, _table(remarks, REMARK), kept if whole else None)


def _numbers(withdrawn: Iterable[str]) -> frozenset[int]:
    """序号 of submissions by their names; of what is no name of one, none."""
    return frozenset(int(tail) for tail in (one.rpartition("-")[2] for one in withdrawn) if tail.isdecimal())


def _empty(survey: Survey) -> pa.RecordBatchReader:
    return empty(survey).to_reader()


def _table(rows: list[dict[str, Any]], columns: dict[str, pa.DataType]) -> pa.Table:
    return pa.Table.from_pylist(rows, pa.schema(list(columns.items())))


def _remarks(
    receipt: dict[str, Any], result: Export | ExportRefused, receipts: list[dict[str, Any]]
) -> Iterator[Remark]:
    """What the reader said of a file, and whether another one before it holds the same bytes."""
    if isinstance(result, Export):
        yield from result.remarks
        same = next(one for one in receipts if one["sha256"] == receipt["sha256"])
        if same is not receipt:
            yield remark("same_bytes", other=same["file"])


def _row(receipt: dict[str, Any], one: Remark) -> dict[str, Any]:
    return {
        "edition": receipt["edition"],
        "file": receipt["file"],
        "remark": one.code,
        "severity": one.severity,
        "place": one.place,
        "sentence_en": one.en,
        "sentence_zh": one.zh,
    }


@dataclass(frozen=True)
class _Reading:
    """How files are read, and the folder that their frames lie in meanwhile."""

    survey: Survey
    others: Sequence[Survey]
    personal: bool
    known: Kept | None
    folder: Folder = field(default_factory=Folder)

    def of(self, path: Path, name: str, sha256: str) -> Export | ExportRefused:
        """The export, or why it is refused. `name` is what it is called, `sha256` its digest."""
        if self.known and (export := self.known.get(name, sha256)):
            return export
        hows: tuple[How, ...] = ("plain", "exact")
        for how in hows:
            with suppress(Doubtful):
                try:
                    return self._read(path, how, name, sha256)
                except ExportRefused as refused:
                    return refused
        raise AssertionError("the exact reader doubts nothing")

    def _read(self, path: Path, how: How, name: str, sha256: str) -> Export:
        """One export of all parts, whose frame lies on disk."""
        seen: list[Export] = []
        marks: set[bool] = set()

        def frames() -> Iterator[pa.Table]:
            for part in read_parts(path, self.survey, how, others=self.others, personal=self.personal):
                seen.append(replace(part, frame=part.table.schema.empty_table()))
                marks.update([part.reconstructed] * bool(part.table.num_rows))
                yield part.table

        frame = store(frames(), self.folder)
        persons = tuple(person for part in seen for person in part.persons)
        export = replace(seen[-1], file=name, frame=frame, reconstructed=marks == {True}, persons=persons)
        if self.known and how == "plain":
            self.known.put(name, sha256, export, frame)
        return export


def _title(path: Path, result: Export | ExportRefused) -> str:
    """Under which name a file is written down: not under that of a respondent."""
    if isinstance(result, ExportRefused) and result.code == "named_after":
        return result.where.file
    return path.name


def _receipt(
    path: Path,
    sha256: str,
    name: str,
    result: Export | ExportRefused,
    survey: Survey,
    conflict: ExportRefused | None,
) -> dict[str, Any]:
    about = {
        "edition": survey.edition,
        "file": name,
        "sha256": sha256,
        "bytes": path.stat().st_size if own(path) else 0,
        "verdict": "read",
        "reconstructed": False,
    }
    if isinstance(result, Export):
        about |= {"kind": result.kind, "rows": result.frame.num_rows, "reconstructed": result.reconstructed}
    refused = result if isinstance(result, ExportRefused) else conflict
    if refused is not None:
        about |= {"verdict": "refused", "code": refused.code, "reason_en": str(refused), "reason_zh": refused.zh}
    return about
