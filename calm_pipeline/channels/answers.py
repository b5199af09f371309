"""What an answer means: bots say no with HTTP status 200 and a code in the body."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from calm_pipeline.channels.bots import Kind
from calm_pipeline.channels.failures import Failed
from calm_pipeline.channels.post import Answer

_CODE = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
_BUSY: dict[Kind, tuple[int, ...]] = {
    "wecom": (-1, 45009),
    "dingtalk": (-1, 90030, 130101, 410100),
    "feishu": (9499, 11232),
}
_LATER = (408, 425, 429)


def judge(kind: Kind, answer: Answer, now: datetime) -> None:
    """Nothing, if the message was taken.

    Raises:
        Failed: it was not, or the answer does not say so.
    """
    if 300 <= answer.status < 400:
        raise Failed("redirected")
    if not 200 <= answer.status < 300:
        if answer.status in _LATER or answer.status >= 500:
            raise Failed("host_busy", _seconds(answer.retry_after, now), number=answer.status)
        raise Failed("http_status", number=answer.status)
    if kind == "slack" and answer.body.strip() != b"ok":
        raise Failed("answer_unreadable")
    if kind in _CODE and (code := _code(answer.body, _CODE[kind])) != 0:
        raise Failed("bot_busy" if code in _BUSY[kind] else "bot_refused", number=code)


def _code(body: bytes, key: str) -> int:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    code = data.get(key) if isinstance(data, dict) else None
    if not isinstance(code, int) or isinstance(code, bool) or abs(code) > 10**9:
        raise Failed("answer_unreadable")
    return code


def _seconds(retry_after: str | None, now: datetime) -> float | None:
    """How long a host asks to be left alone, given in seconds or as a date; None if it does not say."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
