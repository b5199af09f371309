"""What a header has that the platform's own download of the survey would not have; all of it is harmless, and said."""

from collections.abc import Iterator
from itertools import pairwise

from calm_pipeline.canonical import canonical
from calm_pipeline.errors import letter
from calm_pipeline.exports.headers import Column, Kind, layout, spellings
from calm_pipeline.exports.recognise import Recognised, lexicon, named_by
from calm_pipeline.exports.remarks import Remark, remark
from calm_pipeline.exports.wenjuanxing import METADATA
from calm_pipeline.survey import Survey

ANYWHERE = "score"


def on_columns(header: list[str], found: Recognised, survey: Survey, kind: Kind) -> Iterator[Remark]:
    """Remarks on columns that stand in another order, that only an alias names, or that no question owns."""
    if "sequence" not in found.metadata:
        yield remark("no_sequence")
    for place in _out_of_order(found, survey):
        yield remark("column_order", letter(place))
    for column in _aliased(header, found, survey, kind):
        yield remark("column_alias", letter(found.columns[column]), number=survey.questions[column.key].number)
    for place in found.extra:
        yield remark("extra_column", letter(place))


def _out_of_order(found: Recognised, survey: Survey) -> Iterator[int]:
    """The first column that stands to the left of one that the platform writes before it."""
    platform = [found.metadata[name] for name in METADATA if name in found.metadata and name != ANYWHERE]
    ordered = dict.fromkeys(column for key, one in survey.questions.items() for column, _ in spellings(key, one))
    places = [*platform, *(found.columns[column] for column in ordered if column in found.columns)]
    yield from [later for earlier, later in pairwise(places) if later < earlier][:1]


def _aliased(header: list[str], found: Recognised, survey: Survey, kind: Kind) -> list[Column]:
    usual = {canonical(title) for _, title in layout(survey, kind)}
    others = {column: header[at] for column, at in found.columns.items() if canonical(header[at]) not in usual}
    words = lexicon(_without_aliases(survey)) if others else None
    return [column for column, title in others.items() if words and column not in named_by(title, words, column)]


def _without_aliases(survey: Survey) -> Survey:
    bare = {
        key: question.model_copy(
            update={
                "aliases": (),
                "options": {name: one.model_copy(update={"aliases": ()}) for name, one in question.options.items()},
            }
        )
        for key, question in survey.questions.items()
    }
    return survey.model_copy(update={"questions": bare})
