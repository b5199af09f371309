"""Valid exports to be mutated: cells by text and by number, the survey they answer, and the register."""

from dataclasses import dataclass, replace
from functools import cache

from calm_pipeline.clean import Register
from calm_pipeline.exports.grid import parse
from calm_pipeline.exports.headers import Column, Kind, layout
from calm_pipeline.exports.submission import Submission
from calm_pipeline.exports.wenjuanxing import METADATA
from calm_pipeline.exports.writer import table
from calm_pipeline.survey import Survey
from tests.exports import examples as every_type
from tests.judged import register_of
from tests.malformed import examples as malformed
from tests.malformed.examples import SILENT, VALID, said
from tests.reference import PROJECT

Records = list[list[str]]
Owner = Column | str
KINDS: tuple[Kind, ...] = ("text", "number")
IN_WORDS: dict[Kind, str] = {"text": "文本", "number": "序号"}
ACCEPTED = [0, 1, 2, 5]


@dataclass(frozen=True)
class Base:
    """One survey's valid export in both kinds, header first, and what each column is."""

    survey: Survey
    register: Register
    records: dict[Kind, Records]

    def owners(self, kind: Kind) -> dict[str, Owner]:
        """What each title of the platform's own download names."""
        questions: dict[str, Owner] = {title: column for column, title in layout(self.survey, kind)}
        return {title: name for name, title in METADATA.items()} | questions


@cache
def bases() -> tuple[Base, ...]:
    """The small survey of the malformed cases, one with every type of question, and a slice of the 2023 edition."""
    return (_small(), _every_type(), _edition())


def _small() -> Base:
    quiet = {"methods": {"none": ""}, "assistants": SILENT, "orgs__groups": SILENT, "orgs__members": SILENT}
    sent = [
        VALID,
        said(2, library="乙大学图书馆", stage={"other": "试点┋阶段"}, **quiet),
        said(4, library="丙大学图书馆", methods={"assistants": "", "orgs": "", "other": "抖音"}, advice='“多”,"开"\n'),
        said(7, library="甲大图书馆", methods={"assistants": ""}, assistants=7, **dict.fromkeys(
            ("orgs__groups", "orgs__members"), SILENT)),
    ]  # fmt: skip
    return Base(malformed.SURVEY, malformed.REGISTER, _tables(malformed.SURVEY, sent))


def _every_type() -> Base:
    first = every_type.ANSWERS[0]
    second = replace(first, sequence=9, answers={**first.answers, "library": "另一图书馆", "order": {"c": "", "a": ""}})
    survey = every_type.SURVEY
    return Base(survey, register_of(survey, [first, second]), _tables(survey, [first, second]))


def _tables(survey: Survey, sent: list[Submission]) -> dict[Kind, Records]:
    return {kind: [list(map(str, row)) for row in table(survey, sent, kind)] for kind in KINDS}


def _edition() -> Base:
    """Some submissions of the committed export, all of which are accepted."""
    survey = PROJECT.survey("2023")
    records: dict[Kind, Records] = {}
    for kind, word in IN_WORDS.items():
        (file,) = (file for file in PROJECT.root.exports("2023") if f"_按{word}_" in file.name)
        grid = parse(file.read_bytes(), file.name)
        rows = grid.rows.take(ACCEPTED).to_pylist()
        records[kind] = [grid.header, *([cell or "" for cell in row.values()] for row in rows)]
    return Base(survey, PROJECT.register(), records)
