"""The same by hand in DuckDB: one scan of the csv into a wide table of ticks, everything else from that table."""

import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.found import Found
from benchmarks.task import read_task

MEMORY = "1GiB"
Task = dict[str, Any]


def run(root: Path, out: Path) -> Found:
    """From the export to selections, scores and correlations; Parquet goes beside `out`."""
    found, task = Found(), read_task(root)
    engine = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(out.with_suffix(".tmp"))})
    engine.execute(f"create temp table options as {_options(task)}")
    engine.execute(f"create temp table register as {_register(task)}")
    engine.execute(f"create temp table judged as {_judged(task)}")
    found.lap("split and rules")
    engine.execute(f"create temp table submissions as {_SUBMISSIONS}")
    engine.execute(
        "create temp view accepted as select j.* from judged j semi join "
        "(select submission_id from submissions where status = 'accepted') using (submission_id)"
    )
    found.lap("submissions")
    engine.execute(f"copy ({_selections(task)}) to '{out.with_name('selections.parquet')}'")
    found.lap("selections")
    statuses = engine.execute("select status, count(*) from submissions group by all").fetchall()
    found.statuses(dict(statuses))
    found.options(_counts(engine, task))
    found.lap("option_counts")
    engine.execute(f"create temp table scores as {_scores(task)}")
    engine.execute(f"copy (from scores) to '{out.with_name('index_scores.parquet')}'")
    found.lap("index_scores")
    found.correlations(_correlations(engine, list(task["indices"])))
    found.lap("correlations")
    return found


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _list(values: Iterator[str] | list[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _options(task: Task) -> str:
    """In the order in which the long table has them."""
    names = [(choice["question"], option) for choice in task["choices"] for option in choice["options"]]
    rows = ", ".join(f"({_text(q)}, {_text(o)}, {place})" for place, (q, o) in enumerate(sorted(names), 1))
    return f"select * from (values {rows}) as t(question, option, place)"


def _register(task: Task) -> str:
    return f"""
        with named as (
            select library_id, staff_count,
                unnest(list_distinct([name_zh, name_en] || string_split(aliases, '|'))) as name
            from read_csv('{task["register"]}', all_varchar = true, quote = '"', nullstr = '\\N')
        )
        select name, any_value(library_id) as library_id, count(*) as matches,
            any_value(try_cast(staff_count as bigint)) as staff_count
        from named where name <> '' group by name"""


def _judged(task: Task) -> str:
    ticks = ", ".join(f"{tick} as {name}" for choice in task["choices"] for name, tick in _ticks(choice))
    numbers = ", ".join(f"{_number(n['field'])} as {n['field']}__number" for n in task["numbers"])
    errors = " or ".join(f"({error})" for error in _errors(task))
    own = ", ".join(name for choice in task["choices"] for name, _ in _ticks(choice))
    states = ", ".join(f"{choice['question']}__state" for choice in task["choices"])
    return f"""
        with cells as (
            select *, {", ".join(f"{_labels(c)} as {c['question']}__labels" for c in task["choices"])},
                {", ".join(f"{_state(name)} as {name}__state" for name in task["answers"])}
            from read_csv('{task["export"]}', header = true, all_varchar = true, nullstr = '\\N', quote = '"',
                names = {_list(task["columns"])})
        ), ticked as (
            select *, {ticks}, {numbers} from cells
        ), known as (
            select t.*, r.library_id, r.matches, r.staff_count from ticked t left join register r on t.library = r.name
        )
        select '{task["edition"]}-' || lpad(sequence, {task["digits"]}, '0') as submission_id,
            sequence::bigint as sequence,
            try_strptime(submitted_at, '%Y/%-m/%-d %-H:%M:%S') as submitted_at, library_id,
            source in {tuple(task["sources"] * 2)} or library in {tuple(task["tests"])} as dropped,
            coalesce(not ({errors}), true) as sound,
            md5(concat_ws(chr(30), {", ".join(task["answers"])})) as content, {states}, {own}
        from known"""


def _number(name: str) -> str:
    digits = f"translate({name}, '０１２３４５６７８９', '0123456789')"
    return f"case when regexp_full_match({digits}, '-?[0-9]{{1,15}}') then {digits} end::bigint"


def _labels(choice: Task) -> str:
    return f"string_split(regexp_replace({choice['question']}, '〖[^〗]*〗', '', 'g'), '┋')"


def _state(name: str) -> str:
    return (
        f"case {name} when '(跳过)' then 'not_asked' when '(空)' then 'blank' when '' then 'blank' else 'answered' end"
    )


def _ticks(choice: Task) -> Iterator[tuple[str, str]]:
    question = choice["question"]
    for option, about in choice["options"].items():
        chosen = f"list_has_any({question}__labels, {_list(about['labels'])})"
        if len(about["labels"]) == 1:
            chosen = f"list_contains({question}__labels, {_text(about['labels'][0])})"
        yield f"{question}__{option}", f"case when {question}__state = 'answered' then {chosen}::tinyint end"


def _errors(task: Task) -> Iterator[str]:
    """Every rule of severity error, as what breaks it; null is no breach."""
    yield "submitted_at is null"
    yield "library in ('(空)', '')"
    yield "matches is null or matches > 1"
    yield f"staff_count is null or staff_count < {task['staff_at_least']}"
    for choice in task["choices"]:
        question, names = choice["question"], [name for name, _ in _ticks(choice)]
        yield f"{question}__state = 'answered' and {' + '.join(names)} <> len({question}__labels)"
        if choice["single"]:
            yield f"{question}__state = 'answered' and len({question}__labels) > 1"
        for option, about in choice["options"].items():
            if about["alone"]:
                yield f"{question}__{option} = 1 and len({question}__labels) > 1"
        yield from _asked(question, choice)
        blanks = [option for option, about in choice["options"].items() if about["specify"]]
        if blanks:
            yield f"contains({question}, '〖') and {_illegible(question, task)}"
    for number in task["numbers"]:
        name = number["field"]
        yield f"{name}__state = 'answered' and {name}__number is null"
        yield f"{name}__number < {number['low']} or {name}__number > {number['high']}"
        if number["at_most"]:
            yield f"{name}__number > {number['at_most']}__number"
        yield from _asked(name, number)
    for name in task["texts"]:
        if name != task["library"]:
            yield f"{name}__state = 'answered' and {_illegible(name, task)}"


def _illegible(name: str, task: Task) -> str:
    return f"(length({name}) > {task['longest']} or regexp_matches({name}, {_text(task['garbled'])}))"


def _asked(name: str, about: Task) -> Iterator[str]:
    open_ = f"{about['gate']} = {0 if about.get('closes') else 1}" if about["gate"] else "true"
    if about["required"]:
        yield f"{open_} and {name}__state <> 'answered'"
    if about["gate"]:
        yield f"not ({open_}) and {name}__state = 'answered'"


_SUBMISSIONS = """
    with agreed as (
        select *, sound and not dropped and 1 = count(distinct case when sound then content end) over (
            partition by library_id, dropped) as valid
        from judged
    ), placed as (
        select *, row_number() over (partition by library_id, valid order by submitted_at desc, sequence desc) as place
        from agreed
    )
    select submission_id, library_id, submitted_at, case when dropped then 'dropped' when not valid then 'quarantined'
        when place > 1 then 'duplicate' else 'accepted' end as status
    from placed"""


def _selections(task: Task) -> str:
    names = sorted((choice["question"], option) for choice in task["choices"] for option in choice["options"])
    shown = ", ".join(
        f"{{'question': {_text(q)}, 'field': {_text(q)}, 'option': {_text(o)}, 'state': {q}__state, "
        f"'selected': {q}__{o}::bigint, 'rank': null::bigint}}"
        for q, o in names
    )
    return f"""select '{task["edition"]}' as edition, submission_id, unnest(shown)
        from (select submission_id, unnest([{shown}]) as shown from accepted)"""


def _counts(engine: duckdb.DuckDBPyConnection, task: Task) -> Iterator[tuple[str, str, int, int, int]]:
    names = [(choice["question"], option) for choice in task["choices"] for option in choice["options"]]
    asked = [f"count_if({c['question']}__state <> 'not_asked')" for c in task["choices"]]
    answered = [f"count_if({c['question']}__state = 'answered')" for c in task["choices"]]
    counts = [f"coalesce(sum({q}__{o}), 0)" for q, o in names]
    row = engine.execute(f"select {', '.join([*asked, *answered, *counts])} from accepted").fetchone() or ()
    questions = [c["question"] for c in task["choices"]]
    of_asked = dict(zip(questions, row, strict=False))
    of_answered = dict(zip(questions, row[len(questions) :], strict=False))
    for (question, option), count in zip(names, row[2 * len(questions) :], strict=True):
        yield question, option, of_asked[question], of_answered[question], count


def _scores(task: Task) -> str:
    """Sum, mean share and mean z-score of each index, one row a submission and index."""
    parts = []
    for index, questions in task["indices"].items():
        of = {q: " + ".join(f"coalesce({q}__{o}, 0)" for o in options) for q, options in questions.items()}
        shares = [
            f"case when {q}__state <> 'not_asked' then ({ticked}) / {len(questions[q])} end" for q, ticked in of.items()
        ]
        spreads = [f"case when sd_{q} > 0 then (({ticked}) - mean_{q}) / sd_{q} end" for q, ticked in of.items()]
        moments = ", ".join(f"avg({t}) as mean_{q}, stddev_pop({t}) as sd_{q}" for q, t in of.items())
        parts.append(f"""
            select submission_id, '{index}' as index_name, ({" + ".join(of.values())})::bigint as sum,
                round(list_avg([{", ".join(shares)}]), 12) as mean_share,
                round(list_avg([{", ".join(spreads)}]), 12) as mean_z
            from accepted, (select {moments} from accepted) as moments""")
    return " union all ".join(parts)


def _correlations(engine: duckdb.DuckDBPyConnection, indices: list[str]) -> Iterator[tuple[str, str, str, float]]:
    for definition in ("sum", "mean_share", "mean_z"):
        wide = ", ".join(f"any_value({definition}) filter (index_name = '{i}') as {i}" for i in indices)
        pairs = list(combinations(indices, 2))
        said = ", ".join(f"corr({a}, {b})" for a, b in pairs)
        row = engine.execute(f"select {said} from (select {wide} from scores group by submission_id)").fetchone() or ()
        for (a, b), r in zip(pairs, row, strict=True):
            yield definition, a, b, r


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2])).write(Path(sys.argv[2]))
