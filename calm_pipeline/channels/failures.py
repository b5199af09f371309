"""Why a notice did not go out: every cause and remedy in both languages, and the one error that callers see."""

from typing import NamedTuple

from calm_pipeline.errors import CalmError, Message


class Entry(NamedTuple):
    """What is said of one code; words in braces are filled in where it happens."""

    place: Message
    cause: Message
    remedy: Message


_LATER = Message("It is tried again later; nothing has to be done", "稍后会自动重发，无须处理")
_RECIPIENTS = Message("Check sender and recipients in schemas/desk.yaml", "请检查 schemas/desk.yaml 中的发件人和收件人")


def _entry(en: str, zh: str, remedy: Message = _LATER) -> Entry:
    return Entry(Message("Channel {channel}", "通道 {channel}"), Message(en, zh), remedy)


NOT_DELIVERED: dict[str, Entry] = {
    "channel_unknown": _entry(
        "schemas/desk.yaml has no channel of this name",
        "schemas/desk.yaml 中没有这个通道",
        Message("Add it there, or name another one", "请补上，或改用已有的通道"),
    ),
    "variable_missing": _entry(
        "the environment variable {variable} is not set",
        "未设置环境变量 {variable}",
        Message("Set it where the pipeline runs", "请在运行流水线的环境中设置"),
    ),
    "variable_malformed": _entry(
        "the environment variable {variable} is not {expected}",
        "环境变量 {variable} 应为{expected}",
        Message("Copy the value again from where the channel was set up", "请到设置该通道的页面重新复制"),
    ),
    "host_not_allowed": _entry(
        "its host and port are not among allow_hosts",
        "其主机和端口不在 allow_hosts 之列",
        Message("If it is the right one, add it in schemas/desk.yaml", "如确认无误，请在 schemas/desk.yaml 中补上"),
    ),
    "host_unknown": _entry("its host name has no address now", "其主机名暂时无法解析"),
    "address_refused": _entry(
        "its host name leads to an address that is not on the public internet",
        "其主机名指向非公网地址，已拒绝连接",
        Message(
            "Have the name looked into; if the host is meant to be private, set allow_private in schemas/desk.yaml",
            "请检查该域名的解析；如确为内网主机，请在 schemas/desk.yaml 中设置 allow_private",
        ),
    ),
    "not_encrypted": _entry(
        "it would be sent without encryption to another machine",
        "将以明文发往其他主机，已拒绝",
        Message("Use https, or for mail security starttls or tls", "请改用 https；邮件请用 starttls 或 tls"),
    ),
    "certificate": _entry(
        "the certificate of the host is not valid for its name",
        "对方证书无效或与主机名不符",
        Message(
            "Have the host's certificate mended; the check cannot be switched off", "请对方修复证书；此项检查不能关闭"
        ),
    ),
    "timed_out": _entry("the host did not answer in time", "对方未在时限内应答"),
    "unreachable": _entry("the connection failed or broke off", "连接失败或中断"),
    "redirected": _entry(
        "the host pointed to another address, which is never followed",
        "对方要求跳转到其他地址，已拒绝",
        Message("Put the channel's final address into its environment variable", "请在环境变量中填写最终地址"),
    ),
    "host_busy": _entry("the host is busy or down (HTTP status {number})", "对方繁忙或故障（HTTP 状态码 {number}）"),
    "http_status": _entry(
        "the host refused the message (HTTP status {number})",
        "对方拒收（HTTP 状态码 {number}）",
        Message("See whether the bot or webhook still exists", "请确认机器人或 webhook 是否仍然有效"),
    ),
    "bot_busy": _entry(
        "the bot takes no more messages now (code {number})", "机器人暂不接收更多消息（错误码 {number}）"
    ),
    "bot_refused": _entry(
        "the bot did not take the message (code {number})",
        "机器人未接收消息（错误码 {number}）",
        Message(
            "Look the code up in the platform's documentation; most often it is the signature, a keyword or the IPs",
            "请在平台文档中查询该错误码；多为签名、关键词或 IP 白名单设置有误",
        ),
    ),
    "answer_unreadable": _entry(
        "the answer is not what this kind of channel answers",
        "对方的应答不是该类通道应有的内容",
        Message(
            "It is tried again later; if it stays so, check the address in the environment variable",
            "稍后会自动重发；如一再出现，请检查环境变量中的地址",
        ),
    ),
    "mail_later": _entry("the mail server takes no mail now (code {number})", "邮件服务器暂不收信（代码 {number}）"),
    "mail_refused": _entry(
        "the mail server refused the mail (code {number})", "邮件服务器拒收（代码 {number}）", _RECIPIENTS
    ),
    "recipients_refused": _entry(
        "the mail went out, but not to {refused} of {total} recipients",
        "邮件已发出，但 {total} 位收件人中有 {refused} 位被拒收",
        Message(
            "Check the recipients in schemas/desk.yaml; the others are not written to again",
            "请检查 schemas/desk.yaml 中的收件人；其余收件人不会重复收到",
        ),
    ),
    "login_refused": _entry(
        "the mail server refused the login (code {number})",
        "邮件服务器拒绝登录（代码 {number}）",
        Message(
            "Check user and password; many providers want an authorization code instead of the password",
            "请检查用户名和密码；许多邮箱要求填写授权码而非登录密码",
        ),
    ),
    "no_starttls": _entry(
        "the mail server offers no encryption on this port",
        "邮件服务器在该端口不支持加密",
        Message("Try security tls with port 465", "请改用 security: tls 和 465 端口"),
    ),
    "no_login": _entry(
        "the mail server offers no login that is known here",
        "邮件服务器没有提供可用的登录方式",
        Message("Ask the provider which port is for sending mail", "请向服务商确认发信端口"),
    ),
}
RETRIED = frozenset(
    ("host_unknown", "timed_out", "unreachable", "host_busy", "bot_busy", "answer_unreadable", "mail_later")
)


class Failed(Exception):  # noqa: N818
    """One try that failed, before it is known for which channel. `after`: seconds the host asks to be left alone."""

    def __init__(self, code: str, after: float | None = None, **words: object) -> None:
        super().__init__(code)
        self.code, self.after, self.words = code, after, words


class NotDelivered(CalmError):  # noqa: N818
    """A channel that did not take a notice, or not all of it. It holds no secret, no address and no answer's text.

    `retry`: waiting may be enough; otherwise somebody has to change something first.
    `sent_parts` of `parts` went out; `deliver` with `skip_parts=sent_parts` goes on from there.
    """

    def __init__(self, channel: str, code: str, words: dict[str, object], sent_parts: int = 0, parts: int = 0) -> None:
        place, cause, remedy = (_filled(said, {"channel": channel, **words}) for said in NOT_DELIVERED[code])
        if parts > 1:
            en, zh = f"; {sent_parts} of {parts} parts went out", f"；共 {parts} 段，已发出 {sent_parts} 段"
            cause = Message(cause.en + en, cause.zh + zh)
        super().__init__(code, place, cause, remedy)
        self.args = (channel, code, words, sent_parts, parts)
        self.channel, self.sent_parts, self.parts = channel, sent_parts, parts
        self.retry = code in RETRIED


def _filled(message: Message, words: dict[str, object]) -> Message:
    en, zh = ({name: _in(word, language) for name, word in words.items()} for language in ("en", "zh"))
    return Message(message.en.format(**en), message.zh.format(**zh))


def _in(word: object, language: str) -> object:
    return getattr(word, language) if isinstance(word, Message) else word
