"""What `schemas/desk.yaml` may say: the desk, its deadlines, and channels whose secrets are named, not written."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, model_validator
from pydantic import Field as Described
from pydantic_core import PydanticCustomError

from calm_pipeline.declared import load
from calm_pipeline.survey import Words
from calm_pipeline.survey.model import Frozen, Key

_HOST = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"


def _shaped(pattern: str, en: str, zh: str) -> BeforeValidator:
    """Text of one form. What stands there instead is never repeated: it may be a secret put in the wrong place."""

    def check(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise PydanticCustomError("worded", "{en}", {"en": en, "zh": zh})
        return value

    return BeforeValidator(check)


Variable = Annotated[
    str,
    _shaped(
        r"[A-Z][A-Z0-9_]*",
        "the name of an environment variable, in capitals, and never the secret itself",
        "环境变量的名称（大写），切勿填写密钥本身",
    ),
    Described(description="The name of the environment variable that holds the value."),
]
Host = Annotated[
    str,
    _shaped(
        _HOST, "a host name in small letters, without https:// and without a path", "小写主机名，不带 https:// 和路径"
    ),
]
AllowedHost = Annotated[
    str,
    _shaped(rf"{_HOST}(:[0-9]{{1,5}})?", "a host name in small letters, or host:port", "小写主机名，或“主机名:端口”"),
]
Address = Annotated[
    str,
    _shaped(
        r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
        "one mail address such as desk@example.org",
        "一个邮箱地址，例如 desk@example.org",
    ),
]


class Contact(Words):
    """Whom a library may ask: a name of the desk in both languages, and its mail address."""

    mail: Address


class Mail(Frozen):
    """Mail over SMTP."""

    type: Literal["mail"]
    host: Host
    port: int = Described(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = Described(
        "starttls", description="none is possible to this machine only, with allow_private."
    )
    sender: Address
    recipients: tuple[Address, ...] = Described(min_length=1)
    user_env: Variable | None = None
    password_env: Variable | None = None

    @model_validator(mode="after")
    def _login_whole(self) -> Self:
        if (self.user_env is None) != (self.password_env is None):
            raise PydanticCustomError(
                "worded",
                "{en}",
                {
                    "en": "user_env and password_env belong together: give both, or neither",
                    "zh": "user_env 与 password_env 同时填写，或都不填",
                },
            )
        return self


class Webhook(Frozen):
    """A JSON document posted to an address of one's own, signed as the Standard Webhooks describe."""

    type: Literal["webhook"]
    url_env: Variable
    secret_env: Variable


class SignedBot(Frozen):
    """A group's bot that can ask for a signature: DingTalk, Feishu."""

    type: Literal["dingtalk", "feishu"]
    url_env: Variable
    secret_env: Variable | None = None


class Bot(Frozen):
    """A group's bot whose address is the whole secret: WeCom, Slack."""

    type: Literal["wecom", "slack"]
    url_env: Variable


Http = Webhook | SignedBot | Bot
Channel = Annotated[Mail | Http, Discriminator("type")]


class Desk(Frozen):
    """The survey desk: what libraries are told, and where the desk hears of findings."""

    contact: Contact
    deadline_days: int = Described(ge=1, description="Days a library has to answer, counted from the letter.")
    remind_every_days: int = Described(ge=1, description="Days after which an open finding is told again.")
    consequence: Words = Described(description="What happens if nobody answers.")
    allow_hosts: tuple[AllowedHost, ...] = Described(
        (), description="The only hosts that are ever spoken to; without a port: 443, for mail 25, 465 and 587."
    )
    allow_private: bool = Described(False, description="Whether hosts of a private network or this machine may be.")
    channels: dict[Key, Channel] = Described(default_factory=dict)


def load_desk(file: Path) -> Desk:
    """Read `schemas/desk.yaml`. No environment variable is looked at.

    Raises:
        CalmError: the file is missing or breaks the model; it names every place.
    """
    return load(file, Desk)
