"""The last line of a report, a digest of all before it: so that a report that was changed or cut off is known."""

from hashlib import sha256
from pathlib import Path

_BEGINS, _ENDS = "<!-- sha256 ", " -->\n"


def sealed(html: str) -> str:
    """The report with its last line."""
    return html + _line(html.encode())


def intact(file: Path) -> bool:
    """Whether a report ends with the digest of all before its last line."""
    content = file.read_bytes()
    html, begins, _ = content.rpartition(_BEGINS.encode())
    return begins != b"" and content == html + _line(html).encode()


def _line(html: bytes) -> str:
    return f"{_BEGINS}{sha256(html).hexdigest()}{_ENDS}"
