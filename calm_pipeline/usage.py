"""A command typed the wrong way, as an error of the catalogue: what is missing, unknown or too much, and its form.

The classes of the command line's own errors are known by name: typer hands its copy of click on and exports none.
"""

from pathlib import Path
from typing import Any

from typer.core import TyperGroup

from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.exports.privacy import shown

_COMMAND = Message("{command}", "{command}")
_FORM = Message(
    "Write `{form}`; `{command} --help` explains each part", "请按 `{form}` 的格式输入；详见 `{command} --help`"
)

USAGE: dict[str, Entry] = {
    "missing_argument": Entry(_COMMAND, Message("{name} is missing", "缺少 {name}"), _FORM),
    "no_such_option": Entry(_COMMAND, Message("there is no option {name}", "没有 {name} 这个选项"), _FORM),
    "option_value": Entry(
        _COMMAND,
        Message(
            "the option {name} lacks its value, or has one that it does not take", "选项 {name} 缺少取值，或多写了取值"
        ),
        _FORM,
    ),
    "bad_argument": Entry(_COMMAND, Message("{name} cannot be used as it is", "{name} 的取值无法使用"), _FORM),
    "too_many_arguments": Entry(_COMMAND, Message("more is written than it takes", "写了多余的内容"), _FORM),
    "no_such_folder": Entry(
        Message("{option} {path}", "{option} {path}"),
        Message("there is no folder {folder}", "没有文件夹 {folder}"),
        Message("Correct the path, or make that folder first", "请更正路径，或先建立该文件夹"),
    ),
    "no_such_command": Entry(
        _COMMAND,
        Message("there is no such command, or none is named", "没有这个命令，或未写命令"),
        Message("The commands are: {known}", "可用的命令：{known}"),
    ),
}
_USAGE_CODES = {
    "MissingParameter": "missing_argument",
    "NoSuchOption": "no_such_option",
    "BadOptionUsage": "option_value",
    "BadParameter": "bad_argument",
}


def check_out(path: Path | None, option: str = "--out") -> None:
    """Raise CalmError unless what an option names can lie in a folder that is there: a mistyped path makes none."""
    if path is not None and not path.absolute().parent.is_dir():
        folder = shown(str(path.absolute().parent))
        raise CalmError.of(USAGE, "no_such_folder", option=option, path=shown(str(path)), folder=folder)


def as_usage(error: Any) -> CalmError:
    """The error for one that typer raised about the command line; what was typed is shown without contact details."""
    context, kind = error.ctx, type(error).__name__
    called = "calm" if context is None or context.parent is None else f"calm {context.info_name}"
    if kind == "UsageError" and isinstance(getattr(context, "command", None), TyperGroup):
        known = ", ".join(context.command.list_commands(context))
        return CalmError.of(USAGE, "no_such_command", command=called, known=known)
    parts = ["COMMAND", "..."] if context is None else context.command.collect_usage_pieces(context)
    form = " ".join([called, *(part.strip("{}").replace("}", "").upper() for part in parts)])
    words = {"command": called, "form": form, "name": shown(_name(error))}
    return CalmError.of(USAGE, _USAGE_CODES.get(kind, "too_many_arguments"), **words)


def _name(error: Any) -> str:
    """What the error is about, as it is typed: `--edition` for an option, `EDITION` for an argument."""
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "option_name", None) or getattr(error, "param_hint", None) or "")
    return str(param.opts[0] if param.param_type_name == "option" else param.name.upper())
