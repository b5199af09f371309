"""What would be sent, written to files instead: to be looked at before a channel is switched on."""

from datetime import datetime
from pathlib import Path

from calm_pipeline.channels import mail
from calm_pipeline.channels.failures import NotDelivered
from calm_pipeline.channels.notice import Notice
from calm_pipeline.channels.request import Request, requests
from calm_pipeline.channels.settings import Desk, Http, Mail


def dry_run(notice: Notice, channel: str, settings: Desk, folder: Path, *, now: datetime) -> list[Path]:
    """Write what `deliver` would send: a .eml, or a .json with the body and a .txt with address and headers, per part.

    Neither network nor environment is touched: the name of a variable stands for its value, and a placeholder for a
    signature.

    Raises:
        NotDelivered: there is no such channel.
    """
    declared = settings.channels.get(channel)
    if declared is None:
        raise NotDelivered(channel, "channel_unknown", {})
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{channel}-{notice.identity(now)}"
    if isinstance(declared, Mail):
        return [_written(folder / f"{name}.eml", mail.message(notice, declared, now))]
    files = []
    for number, request in enumerate(requests(notice, declared, None, now), 1):
        files.append(_written(folder / f"{name}-{number}.json", request.body))
        files.append(_written(folder / f"{name}-{number}.txt", _head(declared, request).encode()))
    return files


def _head(declared: Http, request: Request) -> str:
    added = f" + {request.query}" if request.query else ""
    headers = "".join(f"{name}: {value}\n" for name, value in request.headers.items())
    return f"POST ${declared.url_env}{added}\n{headers}"


def _written(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file
