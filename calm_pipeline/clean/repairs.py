"""What `clean` changed: one row a cell that does not stand in the clean frame as it was received."""

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.clean.cells import FILLED
from calm_pipeline.survey import Field, Survey

WITHHELD = "〔[^〔〕]*已隐去〕"


def repairs(raw: ir.Table, clean: ir.Table, survey: Survey) -> ir.Table:
    """Compare the raw and the clean frame of the same submissions.

    Returns:
        edition, submission_id, field, rule, before, after. `before` is null where it was personal data.
    """
    values = clean.rename({f"clean_{name}": name for name in clean.columns if name != "submission_id"})
    both = raw.join(values, "submission_id")
    rows = [row for field in survey.fields() if not field.question.personal for row in _of_field(both, field, survey)]
    return (
        ibis.union(*rows)
        .mutate(edition=ibis.literal(survey.edition))
        .select("edition", "submission_id", "field", "rule", "before", "after")
    )


def _of_field(both: ir.Table, field: Field, survey: Survey) -> Iterator[ir.Table]:
    before, answered = both[field.name], both[f"clean_{columns.state(field.name)}"] == "answered"
    if field.type in ("multiple", "single", "ranking"):
        bare = before.re_replace(FILLED, "")
        after = _spelled(both, field)
        yield _rows(both, field, "option_spelling", answered & (bare != after), bare, after)
    elif field.type == "integer":
        after = both[f"clean_{field.name}"].cast("string")
        yield _rows(both, field, "number_format", answered & (before != after), before, after)
    elif field.key == survey.library:
        after = both.clean_library_name
        yield _rows(both, field, "library_name", answered & (before != after), before, after)
    else:
        after = both[f"clean_{field.name}"]
        seen = before.re_search(WITHHELD)
        yield _rows(both, field, "unseen_characters", answered & (before != after) & ~seen, before, after)
    if field.type != "integer":
        yield _rows(both, field, "personal_data_withheld", before.re_search(WITHHELD), ibis.null(str), before)


def _spelled(both: ir.Table, field: Field) -> ir.StringValue:
    """The cell as the platform writes it, from the clean answer."""
    if field.type == "single":
        value = both[f"clean_{field.name}"]
        return ibis.cases(*((value == key, option.zh) for key, option in field.options.items()), else_=ibis.null(str))
    if field.type == "ranking":
        return _ranked(both, field)
    ticked = ibis.array(
        [
            ibis.ifelse(both[f"clean_{columns.tick(field.name, key)}"] == 1, option.zh, ibis.null(str))
            for key, option in field.options.items()
        ]
    )
    return ticked.filter(lambda label: label.notnull()).join("┋")


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
    return ibis.array(places).filter(lambda label: label.notnull()).join("→")


def _rows(
    both: ir.Table, field: Field, rule: str, changed: ir.BooleanValue, before: ir.StringValue, after: ir.StringValue
) -> ir.Table:
    return both.filter(changed).select(
        "submission_id",
        field=ibis.literal(field.name),
        rule=ibis.literal(rule),
        before=before.cast("string"),
        after=after.cast("string"),
    )
