"""A notice as one mail: plain text and HTML side by side, in one thread with everything else about the same matter."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from calm_pipeline.channels import plain
from calm_pipeline.channels.notice import Group, Notice
from calm_pipeline.channels.settings import Mail
from calm_pipeline.survey import Words

_SUBJECT = 200


def message(notice: Notice, mail: Mail, now: datetime) -> bytes:
    """The whole mail in ASCII. The same words sent again at the same time are the same bytes."""
    shown = plain.cleaned(notice, plain.unlinked)
    made = EmailMessage(policy=SMTP)
    for name, value in _headers(notice, shown, mail, now).items():
        made[name] = value
    made.set_content(_text(shown), cte="base64")
    made.add_alternative(_html(shown), subtype="html", cte="base64")
    made.set_boundary(f"=_{notice.identity(now)}")
    return made.as_bytes()


def _headers(notice: Notice, shown: Notice, mail: Mail, now: datetime) -> dict[str, str]:
    domain = mail.sender.partition("@")[2]
    thread = f"<{sha256(notice.key.encode()).hexdigest()[:32]}@{domain}>"
    return {
        "From": mail.sender,
        "To": ", ".join(mail.recipients),
        "Subject": plain.cut(f"{shown.title.zh} {shown.title.en}", plain.flat, _SUBJECT),
        "Date": format_datetime(now),
        "Message-ID": f"<{notice.identity(now)}@{domain}>",
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _text(notice: Notice) -> str:
    parts = ["\n".join(_sides(notice.title))]
    for group in notice.groups:
        parts.append("\n".join([*_sides(group.head), *("  - " + "\n    ".join(_sides(line)) for line in group.lines)]))
    return "\n\n".join([*parts, "\n".join(_sides(notice.foot))]) + "\n"


def _html(notice: Notice) -> str:
    groups = "".join(f"<h2>{_marked(group.head)}</h2>\n<ul>\n{_items(group)}</ul>\n" for group in notice.groups)
    head = '<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"></head>\n<body>\n'
    return f"{head}<h1>{_marked(notice.title)}</h1>\n{groups}<p>{_marked(notice.foot)}</p>\n</body>\n</html>\n"


def _items(group: Group) -> str:
    return "".join(f"<li>{_marked(line)}</li>\n" for line in group.lines)


def _marked(words: Words) -> str:
    zh, en = escape(words.zh), escape(words.en)
    return zh if zh == en else f'{zh}<br><span lang="en">{en}</span>'


def _sides(words: Words) -> list[str]:
    return [words.zh] if words.zh == words.en else [words.zh, words.en]
