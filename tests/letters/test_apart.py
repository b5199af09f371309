"""No letter holds anything of another library: whatever two cases say, each is found in its own files alone."""

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline.letters.case import Answer, Case, Difference, Finding, Other, Repair
from calm_pipeline.letters.write import write_letters
from calm_pipeline.survey import Words
from tests.letters.examples import survey

DAYS = st.dates(date(2023, 1, 1), date(2024, 1, 1))


def cases(token: str) -> st.SearchStrategy[Case]:
    """Cases of any shape in which every text holds `token` and differs from every other."""
    text = st.integers(0, 10**9).map(lambda number: f"{token}.{number}")
    words = st.builds(Words, en=text, zh=text)
    answer = st.builds(
        Answer, field=text, number=st.integers(1, 99), question=words, value=text, by_number=st.none() | text
    )
    some: Any = {"max_size": 3}
    answers = st.lists(answer, **some).map(tuple)
    finding = st.builds(
        Finding,
        fingerprint=text,
        rule=text,
        severity=st.sampled_from(("error", "confirm", "warn")),
        sentence=words,
        fault=words,
        answers=answers,
        conflicts=answers,
        hint=st.none() | words,
    )
    difference = st.builds(Difference, field=text, number=st.integers(1, 99), question=words, here=text, there=text)
    other = st.builds(
        Other, submission_id=text, submitted_at=st.none(), differences=st.lists(difference, **some).map(tuple)
    )
    repair = st.builds(
        Repair, field=text, question=words, reason=words, before=st.none() | text, after=st.none() | text
    )
    return st.builds(
        Case,
        submission_id=st.just(token),
        edition=st.just("2023"),
        title=words,
        submitted_at=st.none() | st.datetimes(datetime(2023, 1, 1), datetime(2024, 1, 1)),
        timezone=st.just("Asia/Shanghai"),
        library=st.none() | words,
        library_written=text,
        findings=st.lists(finding, min_size=1, **some).map(tuple),
        review=answers,
        steps=st.lists(words, **some).map(tuple),
        others=st.lists(other, **some).map(tuple),
        repairs=st.lists(repair, **some).map(tuple),
        opened=DAYS,
        deadline=DAYS,
        consequence=words,
        contact=words,
        contact_mail=text,
        rule_set=text,
        reconstructed=st.booleans(),
        row=st.dictionaries(st.sampled_from([field.name for field in survey().fields()]), text),
    )


@given(st.lists(st.uuids().map(lambda one: one.hex), min_size=2, max_size=4, unique=True), st.data())
def test_no_letter_holds_anything_of_another_case(tokens: list[str], data: st.DataObject) -> None:
    told = [data.draw(cases(token)) for token in tokens]
    with TemporaryDirectory() as folder:
        write_letters(told, Path(folder), survey())
        for own in tokens:
            for kind in ("html", "json"):
                letter = (Path(folder) / f"{own}.{kind}").read_text(encoding="utf-8")
                assert {token for token in tokens if token in letter} == {own}
