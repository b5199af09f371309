"""HTML pages for people: one environment in which no text from outside can act, hide or fill the page."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from calm_pipeline.text import shortened, visible

_IN_SCRIPT = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&'"}


def environment(folder: Path) -> Environment:
    """Templates of a folder. What `{{ }}` prints is escaped, shows what hides in it and is cut when it is too long."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: object) -> str:
    """What `{{ }}` prints: markup is the template's own, all else may come from a respondent."""
    return value if isinstance(value, Markup) else visible(shortened(str(value)))


def script_json(value: Any) -> Markup:
    """JSON that may stand in a script element: in no text of it does the element end or a comment begin.

    >>> script_json({"label": "</script>"})
    Markup('{"label": "\\\\u003c/script\\\\u003e"}')
    """
    return Markup(json.dumps(value, ensure_ascii=True, allow_nan=False).translate(_IN_SCRIPT))  # noqa: S704


def script_digest(script: str) -> str:
    """What a page's policy names a script by: its SHA-256, in Base64."""
    return b64encode(sha256(script.encode()).digest()).decode()
