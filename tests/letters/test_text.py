"""Text from outside hides nothing and fills no pages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline.text import SHOWN, shortened, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("勤工助学 (a), b!\n\tc", "勤工助学 (a), b!\n\tc"),
        ("a\r\nb", "a\nb"),
        ("\x1b[31m", "〔U+001B〕[31m"),
        ("a\u202eb\u2066", "a〔U+202E〕b〔U+2066〕"),
        ("\x00\x9f\u200b\ufeff\u2028", "〔U+0000〕〔U+009F〕〔U+200B〕〔U+FEFF〕〔U+2028〕"),
        ("\ud800\uffff", "〔U+D800〕〔U+FFFF〕"),
        ("𠮷😀\ue000", "𠮷😀\ue000"),
    ],
)
def test_what_does_not_show_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_nothing_in_a_visible_text_is_hidden(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for mark in shown if mark not in "\n\t")
    assert visible(shown) == shown


@given(st.text(max_size=3 * SHOWN), st.integers(100, SHOWN))
def test_a_shortened_text_keeps_its_beginning_and_says_its_length(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most or short == text
    assert shortened(short, most) == short
    if len(text) <= most:
        assert short == text
    else:
        assert short.startswith(text[: most - 80])
        assert f"{len(text)} characters" in short
