"""Second step of cleaning: from the parts of a field to its answer, its state and the first thing wrong with it."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from calm_pipeline import columns
from calm_pipeline.clean.apart import Apart, Columns
from calm_pipeline.clean.cells import chosen, filled, integer, names, plain, said
from calm_pipeline.survey import Field

NO_TEXT, NO_NUMBER, NO_TICK = ibis.null("string"), ibis.null("int64"), ibis.null("int8")


def read_field(frame: ir.Table, field: Field, by_number: bool) -> Columns:
    """The answer columns of `field`, its state as its own cells have it, and its problem where it can have one."""
    return _READERS[field.type](field, Apart(frame, field, by_number))


def _text(field: Field, cell: Apart) -> Columns:
    written = cell.text.coalesce(cell.number)
    state = said(written)
    value = plain(ibis.ifelse(state == "answered", written, NO_TEXT))
    return {
        field.name: value,
        columns.state(field.name): ibis.ifelse(value.isnull() & (state == "answered"), "blank", state),
    }


def _integer(field: Field, cell: Apart) -> Columns:
    state = ibis.ifelse(cell.text.notnull(), cell.said, cell.said_by_number)
    number = cell.read
    answered = state == "answered"
    other = integer(cell.number)
    problems = {
        "not_a_number": answered & number.isnull(),
        "exports_disagree": cell.both & ((cell.said != cell.said_by_number) | (answered & ~number.identical_to(other))),
    }
    value = ibis.ifelse(answered, number, NO_NUMBER)
    return {field.name: value, columns.state(field.name): state, **_problem(field, problems)}


def _single(field: Field, cell: Apart) -> Columns:
    written = ibis.cases(
        *((cell.labels[0].isin(names(option)), key) for key, option in field.options.items()), else_=NO_TEXT
    )
    counted = ibis.cases(*((cell.number == str(n), key) for n, key in enumerate(field.options, 1)), else_=NO_TEXT)
    blanks = _blanks(field, cell)
    by_text, by_number = cell.said == "answered", cell.said_by_number == "answered"
    several = by_text & (cell.labels.length() > 1)
    known = {key: chosen(cell.labels, option) for key, option in field.options.items()}
    unfilled = reduce(and_, (blank.isnull() for blank in blanks.values()), ibis.literal(True))
    problems = {
        "several_options": several & (_total(known) == cell.labels.length()),
        "unknown_option": several | (by_text & written.isnull()) | (by_number & counted.isnull()),
        "exports_disagree": cell.both & ((cell.said != cell.said_by_number) | ((written != counted) & unfilled)),
    }
    value = ibis.ifelse(by_number, counted, ibis.ifelse(by_text, written, NO_TEXT))
    return {field.name: value, **blanks, columns.state(field.name): _either(cell), **_problem(field, problems)}


def _multiple(field: Field, cell: Apart) -> Columns:
    by_text, by_number = cell.said == "answered", cell.said_by_number == "answered"
    written = cell.chosen
    counted = {key: cell.cells[n] == "1" for n, key in enumerate(field.options)}
    blanks = _blanks(field, cell)
    unfilled = {key: blanks[columns.specify(field.name, key)].isnull() for key, o in field.options.items() if o.specify}
    differs = (written[key] != counted[key] for key in field.options if key not in unfilled)
    differs_in_blank = ((written[key] != counted[key]) & unfilled[key] for key in unfilled)
    problems = {
        "unknown_option": (by_text & (_total(written) != cell.labels.length()))
        | (by_number & ~cell.number.re_search(_cells("[01]", field))),
        "exports_disagree": cell.both
        & ((cell.said != cell.said_by_number) | (by_text & reduce(or_, [*differs, *differs_in_blank]))),
    }
    ticks = {
        columns.tick(field.name, key): ibis.cases(
            (by_number, counted[key].cast("int8")), (by_text, written[key].cast("int8")), else_=NO_TICK
        )
        for key in field.options
    }
    return {**ticks, **blanks, columns.state(field.name): _either(cell), **_problem(field, problems)}


def _ranking(field: Field, cell: Apart) -> Columns:
    by_text, by_number = cell.said == "answered", cell.said_by_number == "answered"
    written = {key: _place(cell, names(option)) for key, option in field.options.items()}
    counted = {key: cell.cells[n].try_cast("int64") for n, key in enumerate(field.options)}
    counted = {key: ibis.ifelse(place > 0, place, NO_NUMBER) for key, place in counted.items()}
    ranks = {
        key: ibis.cases((by_number, counted[key]), (by_text, written[key]), else_=NO_NUMBER) for key in field.options
    }
    named = {key: place.notnull() for key, place in written.items()}
    differs = reduce(or_, (written[key].fill_null(0) != counted[key].fill_null(0) for key in field.options))
    problems = {
        "unknown_option": (by_text & (_total(named) != cell.labels.length()))
        | (by_number & ~cell.number.re_search(_cells("([1-9][0-9]?|-2|)", field)))
        | ((by_text | by_number) & ~_gapless(ranks)),
        "exports_disagree": cell.both & ((cell.said != cell.said_by_number) | (by_text & differs)),
    }
    answered = by_text | by_number
    ticks = {
        columns.tick(field.name, key): ibis.ifelse(answered, place.notnull().cast("int8"), NO_TICK)
        for key, place in ranks.items()
    }
    places = {columns.rank(field.name, key): place for key, place in ranks.items()}
    found = {**ticks, **places, **_blanks(field, cell), columns.state(field.name): _either(cell)}
    return {**found, **_problem(field, problems)}


def _problem(field: Field, problems: Mapping[str, ir.BooleanValue]) -> Columns:
    first = ibis.cases(*((wrong.fill_null(False), name) for name, wrong in problems.items()), else_=NO_TEXT)
    return {columns.problem(field.name): first}


def _blanks(field: Field, cell: Apart) -> Columns:
    return {
        columns.specify(field.name, key): filled(cell.tokens, cell.labels, option)
        for key, option in field.options.items()
        if option.specify
    }


def _either(cell: Apart) -> ir.StringValue:
    one, other = cell.said, cell.said_by_number
    return ibis.cases(
        ((one == "answered") | (other == "answered"), "answered"),
        ((one == "not_asked") | (other == "not_asked"), "not_asked"),
        else_="blank",
    )


def _place(cell: Apart, wanted: list[str]) -> ir.IntegerValue:
    place = ibis.greatest(*(cell.labels.index(name) for name in wanted)) + 1
    return ibis.ifelse(place > 0, place, NO_NUMBER)


def _total(flags: Mapping[str, ir.BooleanValue]) -> ir.IntegerValue:
    return reduce(lambda one, more: one + more, (flag.cast("int64") for flag in flags.values()))


def _gapless(ranks: Mapping[str, ir.IntegerValue]) -> ir.BooleanValue:
    count = _total({key: rank.notnull() for key, rank in ranks.items()})
    filled_ = (
        (count < place) | reduce(or_, (rank == place for rank in ranks.values())).fill_null(False)
        for place in range(1, len(ranks) + 1)
    )
    return reduce(and_, filled_)


def _cells(cell: str, field: Field) -> str:
    return rf"^{cell}(┋{cell}){{{len(field.options) - 1}}}\z"


_READERS: dict[str, Callable[[Field, Apart], Columns]] = {
    "text": _text,
    "upload": _text,
    "integer": _integer,
    "single": _single,
    "multiple": _multiple,
    "ranking": _ranking,
}
