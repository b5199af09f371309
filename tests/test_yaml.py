"""Every declaration is read by one loader that neither a bomb nor a tag gets through."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calm_pipeline.channels import load_desk
from calm_pipeline.claims import load_claims
from calm_pipeline.declared import load
from calm_pipeline.desk.corrections import load_corrections
from calm_pipeline.dictionary import load_dictionary
from calm_pipeline.groupings import load_groupings
from calm_pipeline.published import load_published
from calm_pipeline.reconstruct.assumptions import load_assumptions
from calm_pipeline.reconstruct.write import Origin
from calm_pipeline.retention import load_retention
from calm_pipeline.survey import load_survey
from calm_pipeline.survey.document import DEEPEST, LONGEST, parse
from calm_pipeline.survey.problem import DeclarationError
from calm_pipeline.tables import load_contracts
from calm_pipeline.views import load_views
from tests.commands import HOME
from tests.reference import SURVEY

LOADERS: dict[str, Callable[[Path], Any]] = {
    "survey": load_survey,
    "published": load_published,
    "claims": lambda file: load_claims(file, SURVEY),
    "tables": load_contracts,
    "groupings": load_groupings,
    "views": load_views,
    "dictionary": load_dictionary,
    "desk": load_desk,
    "corrections": load_corrections,
    "assumptions": load_assumptions,
    "retention": load_retention,
    "origin": lambda file: load(file, Origin),
}
LAUGHS = b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10)) for n in range(9))
LONG_NUMBERS = {
    "0x": b"0xf" + b"f" * 20_000, "0b": b"0b" + b"1" * 900_000, "0": b"0" + b"7" * 900_000,
    "_": b"1" + b"_" * 900_000, "e": b"1." + b"0" * 100 + b"e+9", "19 digits": b"-" + b"9" * 19,
}  # fmt: skip
BOMBS: dict[str, tuple[bytes, str]] = {
    "billion laughs": (b"a: &a [x]\n" + LAUGHS, "label_mark"),
    "one alias": (b"a: &a 1\nb: *a\n", "label_mark"),
    "merge": (b"a: &a {x: 1}\nb: {<<: *a}\n", "label_mark"),
    "itself": (b"a: &a [*a]\n", "label_mark"),
    "code": (b"a: !!python/object/apply:os.system ['touch called']\n", "yaml_tag"),
    "module": (b"a: !!python/module:antigravity\n", "yaml_tag"),
    "own tag": (b"a: !include /etc/passwd\n", "yaml_tag"),
    "binary": (b"a: !!binary aGk=\n", "yaml_tag"),
    "key twice": (b"a: 1\na: 2\n", "key_twice"),
    "key twice, far down": (b"a: {b: [{c: 1, d: 2, c: 3}]}\n", "key_twice"),
    "one key, two types": (b"1: a\n'1': b\n", "key_twice"),
    "deep": (b"a: " + b"[" * 1000 + b"]" * 1000, "too_deep"),
    "bottomless": (b"[" * 500_000, "too_deep"),
    "bottomless mappings": (b"{a: " * 200_000, "too_deep"),
    "long": (b"# " + b"x" * LONGEST, "too_long"),
    "long number": (b"a: " + b"9" * 5000 + b"\n", "no_such_value"),
    **{f"long number, {name}": (b"- a: " + number, "no_such_value") for name, number in LONG_NUMBERS.items()},
    "two documents": (b"a: 1\n---\nb: 2\n", "not_yaml"),
    "NUL": (b"a: \x00\n", "control_character"),
    "utf-16": ("a: 1\n".encode("utf-16"), "not_utf8"),
}


@pytest.mark.parametrize(("content", "code"), BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_no_loader_takes_it(loader: Callable[[Path], Any], content: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "2031.yaml"
    file.write_bytes(content)
    begun = time.process_time()
    with pytest.raises(DeclarationError) as refused:
        loader(file)
    assert code in [one.problem.code for one in refused.value.listed]
    assert time.process_time() - begun < 2
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_as_long_and_as_deep_as_may_be_is_read() -> None:
    depth = DEEPEST - 1
    assert parse(b"a: " + b"[" * depth + b"]" * depth).problems == []
    assert parse(b"a: 1\n#" + b"x" * (LONGEST - 6)).data == {"a": 1}


def test_a_number_is_a_number_and_a_time_is_a_text() -> None:
    long_ago = b":1" * 100_000
    assert parse(b"a: -999999999999999999\nb: 0x1f\nc: 1.5e+3").data == {"a": -(10**18) + 1, "b": 31, "c": 1500.0}
    assert parse(b"a: 10:30\nb: 1" + long_ago + b".5").data == {"a": "10:30", "b": f"1{long_ago.decode()}.5"}


def test_nobody_else_reads_yaml() -> None:
    """Each of the loaders above comes to the one place that asks PyYAML."""
    reading = re.compile(r"yaml\.(\w*load\w*|compose\w*|parse|scan)\b|import .*(load|parse).* from yaml")
    code = [*(HOME / "calm_pipeline").rglob("*.py"), *(HOME / "assets").rglob("*.py")]
    found = {str(file.relative_to(HOME)) for file in code if reading.search(file.read_text(encoding="utf-8"))}
    assert found == {"calm_pipeline/survey/document.py"}


def test_every_loader_is_tried() -> None:
    """Whoever calls `parse` or `declared.load`, and no loader is missing from the table above."""
    calls = re.compile(r"(?<![\w.])(?:load|parse)\((?:file|origin)")
    modules = {
        file.stem
        for file in (HOME / "calm_pipeline").rglob("*.py")
        if "exports" not in file.parts and calls.search(file.read_text(encoding="utf-8"))
    }
    known = {"load", "declared", "write", "entries", "settings", "assumptions", "tables", "corrections", "retention"}
    of_stored_tables = {"store", "project", "traces"}
    assert modules == known | of_stored_tables | {"published", "claims", "groupings", "views"}
