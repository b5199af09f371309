"""What `clean` changed: one row a cell that does not stand in the clean frame as it was received."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import TypeAlias

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.clean.cells import FILLED
from calm_pipeline.survey import Field, Survey

Cell: TypeAlias = tuple[ir.BooleanValue, ir.StructValue]
"""Whether a cell was changed, which a filter asks no further than it must, and what is said of it then."""


def repairs(raw: ir.Table, clean: ir.Table, survey: Survey) -> ir.Table:
    """Compare the raw and the clean frame of the same submissions.

    Returns:
        edition, submission_id, field, rule, before, after. `before` is null where it was personal data.
    """
    values = clean.rename({f"clean_{name}": name for name in clean.columns if name != "submission_id"})
    both = raw.join(values, "submission_id")
    cells = [
        cell for field in survey.fields() if not field.question.personal for cell in _of_field(both, field, survey)
    ]
    touched = both.filter(reduce(or_, (changed for changed, _ in cells)))
    long = touched.select("submission_id", cell=ibis.array([cell for _, cell in cells]).unnest())
    changed = long.filter(long.cell["changed"])
    return changed.select(
        edition=ibis.literal(survey.edition),
        submission_id=changed.submission_id,
        **{name: changed.cell[name] for name in ("field", "rule", "before", "after")},
    )


def _of_field(both: ir.Table, field: Field, survey: Survey) -> Iterator[Cell]:
    answered = both[f"clean_{columns.state(field.name)}"] == "answered"
    before = both[field.name] if field.options else both[field.name].coalesce(both[columns.number(field.name)])
    if field.options:
        bare = before.re_replace(FILLED, "")
        after = _spelled(both, field)
        as_many = bare.split("┋").length() == after.split("┋").length()
        changed = answered & (before != after) & (bare != after) & as_many  # most cells are told apart by the first
        yield _cell(field, "option_spelling", changed, bare, after)
    elif field.type == "integer":
        after = both[f"clean_{field.name}"].cast("string")
        yield _cell(field, "number_format", answered & (before != after), before, after)
    elif field.key == survey.library:
        after = both.clean_library_name
        yield _cell(field, "library_name", answered & (before != after), before, after)
    else:
        after = both[f"clean_{field.name}"]
        changed = answered & (before != after) & ~before.re_search(columns.WITHHELD)
        yield _cell(field, "unseen_characters", changed, before, after)
    if field.type != "integer":
        yield _cell(field, "personal_data_withheld", before.re_search(columns.WITHHELD), ibis.null("string"), before)


def _cell(field: Field, rule: str, changed: ir.BooleanValue, before: ir.StringValue, after: ir.StringValue) -> Cell:
    said = {"field": ibis.literal(field.name), "rule": ibis.literal(rule), "before": before, "after": after}
    return changed, ibis.struct({**said, "changed": changed.fill_null(False)})


def _spelled(both: ir.Table, field: Field) -> ir.StringValue:
    """The cell as the platform writes it, from the clean answer."""
    if field.type == "single":
        value = both[f"clean_{field.name}"]
        return ibis.cases(*((value == key, option.zh) for key, option in field.options.items()), else_=ibis.null(str))
    if field.type == "ranking":
        return _ranked(both, field)
    return ibis.literal("┋").join(
        [
            ibis.ifelse(both[f"clean_{columns.tick(field.name, key)}"] == 1, option.zh, ibis.null(str))
            for key, option in field.options.items()
        ]
    )


def _ranked(both: ir.Table, field: Field) -> ir.StringValue:
    places = [
        ibis.cases(
            *(
                (both[f"clean_{columns.rank(field.name, key)}"] == place, option.zh)
                for key, option in field.options.items()
            ),
            else_=ibis.null(str),
        )
        for place in range(1, len(field.options) + 1)
    ]
    return ibis.literal("→").join(places)
