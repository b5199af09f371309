"""The command line itself: what is typed wrongly is told like every other error, and any terminal can show it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from calm_pipeline.usage import as_usage
from tests.commands import HOME, calm, module

Done = subprocess.CompletedProcess[bytes]
CHINESE = "没有这个年度"


@pytest.mark.parametrize(
    ("arguments", "code", "en", "zh"),
    [
        (["desk"], "missing_argument", "calm desk: EDITION is missing", "calm desk：缺少 EDITION"),
        (
            ["desk"],
            "missing_argument",
            "Write `calm desk [OPTIONS] EDITION [SUBMISSION]`",
            "请按 `calm desk [OPTIONS] EDITION [SUBMISSION]`",
        ),
        (["check", "a.csv"], "missing_argument", "--edition is missing", "缺少 --edition"),
        (["check"], "missing_argument", "FILES is missing", "缺少 FILES"),
        (["desk", "2023", "--nope"], "no_such_option", "there is no option --nope", "没有 --nope 这个选项"),
        (["check", "a.csv", "--edition"], "option_value", "the option --edition lacks", "选项 --edition 缺少取值"),
        (["sql", "x", "--csv=1"], "option_value", "the option --csv lacks", "选项 --csv 缺少取值"),
        (["desk", "2023", "one", "more"], "too_many_arguments", "more is written than it takes", "写了多余的内容"),
        (["dsk"], "no_such_command", "there is no such command", "没有这个命令"),
        (["--root", "."], "no_such_command", "The commands are: editions, run, ", "可用的命令：editions, run, "),
    ],
)
def test_a_command_typed_wrongly(arguments: list[str], code: str, en: str, zh: str) -> None:
    done = calm(HOME, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"[{code}] ")
    assert en in done.stderr
    assert zh in done.stderr
    assert "╭" not in done.stderr


def test_what_was_typed_is_shown_without_contact_details_and_control_characters() -> None:
    told = calm(HOME, "desk", "2023", "--13800138000\x1b[31m").stderr
    assert "138" not in told
    assert "\x1b" not in told
    assert "〔手机号已隐去〕" in told


def test_a_value_of_the_wrong_sort_has_its_code_too() -> None:
    error = as_usage(typer.BadParameter("not a number", param_hint="N"))
    assert (error.code, "number" in error.told) == ("bad_argument", False)


def test_help_is_help_and_no_error() -> None:
    wanted, bare = calm(HOME, "--help"), calm(HOME)
    assert (wanted.returncode, bare.returncode) == (0, 2)
    for done in (wanted, bare):
        assert "Usage" in done.stdout + done.stderr
        assert "[no_such_command]" not in done.stderr


def said(root: Path, encoding: str, *arguments: str) -> Done:
    """`calm` on a terminal of another encoding, with Python's own remedies switched off."""
    environment = {**os.environ, "CALM_ROOT": str(root), "COLUMNS": "220", "PYTHONIOENCODING": encoding}
    environment |= {"LC_ALL": "C", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "calm_pipeline", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", CHINESE),
        ("gbk", CHINESE),
        ("ascii", CHINESE.encode("unicode_escape").decode()),
        ("cp1252", CHINESE.encode("unicode_escape").decode()),
        ("ascii:strict", CHINESE.encode("unicode_escape").decode()),
    ],
)
def test_an_error_is_told_whatever_the_terminal_can_show(encoding: str, shown: str) -> None:
    done = said(HOME, encoding, "desk", "1900")
    assert done.returncode == 1
    assert "[unknown_edition] " in (text := done.stderr.decode(encoding.partition(":")[0]))
    assert shown in text
    assert "UnicodeEncodeError" not in text


@pytest.mark.parametrize("command", [["errors"], ["rules", "2023"], ["editions"], ["--help"], ["dsk"]])
@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_every_command_writes_whatever_the_terminal_can_show(encoding: str, command: list[str]) -> None:
    done = module("calm_pipeline", HOME, *command, encoding=encoding)
    assert done.returncode == (2 if command == ["dsk"] else 0), done.stderr
    assert done.stdout + done.stderr
    assert "UnicodeEncodeError" not in done.stderr


def test_characters_that_gbk_lacks_are_escaped(tmp_path: Path) -> None:
    done = said(tmp_path, "gbk", "sql", "SELECT 'é한'")
    assert done.returncode == 1
    assert "[no_project] " in done.stderr.decode("gbk")
    patch = "from calm_pipeline import cli\ncli._root = lambda: cli.out.print('한 \\U00020000') or exit(0)\ncli.main()"
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    shown = subprocess.run(
        [sys.executable, "-c", patch, "editions"], cwd=HOME, env=environment, capture_output=True, check=True
    )
    assert shown.stdout.decode("gbk").strip() == r"\ud55c \U00020000"
