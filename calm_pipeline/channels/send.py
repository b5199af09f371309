"""Sending a notice over one channel, insistently but not forever."""

import random
from collections.abc import Callable
from datetime import datetime
from functools import partial

from pydantic import SecretStr

from calm_pipeline.channels import addresses, answers, environment, mail
from calm_pipeline.channels.failures import RETRIED, Failed, NotDelivered
from calm_pipeline.channels.notice import Notice
from calm_pipeline.channels.post import post
from calm_pipeline.channels.request import Request, requests
from calm_pipeline.channels.settings import Bot, Channel, Desk, Http, Mail
from calm_pipeline.channels.submit import Login, submit

TRIES, FIRST_PAUSE, LONGEST_PAUSE = 4, 2.0, 60.0

_CHANCE = random.SystemRandom()

Step = Callable[[int], None]
Wait = Callable[[float], None]


def deliver(
    notice: Notice,
    channel: str,
    settings: Desk,
    *,
    now: datetime,
    wait: Wait | None,
    skip_parts: int = 0,
    resolve: addresses.Resolve = addresses.resolve,
    chance: Callable[[], float] = _CHANCE.random,
) -> None:
    """Send `notice` over the channel of that name; `now` has a time zone, `wait` sleeps for seconds; None tries once.

    What takes a part twice, because an answer got lost, gets the same bytes again. `skip_parts` is what an earlier call
    with the very same notice said it had sent.

    Raises:
        NotDelivered: the channel did not take the notice, or not all of it.
    """
    sent, steps, failed = skip_parts, list[Step](), None
    try:
        steps = _steps(notice, _declared(settings, channel), settings, now, resolve)
        for step in steps[skip_parts:]:
            _insist(step, wait, chance)
            sent += 1
    except Failed as error:
        failed = error.code, error.words
    if failed is not None:
        sent += failed[0] == "recipients_refused"
        raise NotDelivered(channel, *failed, sent, len(steps))


def _declared(settings: Desk, channel: str) -> Channel:
    if channel not in settings.channels:
        raise Failed("channel_unknown")
    return settings.channels[channel]


def _steps(notice: Notice, declared: Channel, desk: Desk, now: datetime, resolve: addresses.Resolve) -> list[Step]:
    """One step a part, to be called with the number of the try; each looks the host up anew."""
    if isinstance(declared, Mail):
        return [partial(_mail, declared, desk, _login(declared), mail.message(notice, declared, now), resolve)]
    target, secret = environment.target(declared.url_env), _secret(declared)
    post_one = partial(_post, declared, desk, target, now, resolve)
    return [partial(post_one, request) for request in requests(notice, declared, secret, now)]


def _mail(declared: Mail, desk: Desk, login: Login | None, message: bytes, resolve: addresses.Resolve, n: int) -> None:
    encrypted = declared.security != "none"
    found = addresses.checked(declared.host, declared.port, desk, encrypted=encrypted, resolve=resolve)
    submit(declared, found[n % len(found)], login, message)


def _post(
    declared: Http,
    desk: Desk,
    target: environment.Target,
    now: datetime,
    resolve: addresses.Resolve,
    request: Request,
    n: int,
) -> None:
    found = addresses.checked(target.host, target.port, desk, encrypted=target.encrypted, resolve=resolve)
    path = request.path(target.path.get_secret_value())
    answer = post(target, found[n % len(found)], path, request.headers, request.body)
    answers.judge(declared.type, answer, now)


def _insist(step: Step, wait: Wait | None, chance: Callable[[], float]) -> None:
    """Try until it works, fails for good, or would take too long; pauses double, and no two senders keep in step."""
    for n in range(TRIES):
        failed = _failure(step, n)
        if failed is None:
            return
        pause = max(FIRST_PAUSE * 2**n * (1 + chance()) / 2, failed.after or 0.0)
        if wait is None or failed.code not in RETRIED or n == TRIES - 1 or pause > LONGEST_PAUSE:
            raise failed
        wait(pause)


def _failure(step: Step, n: int) -> Failed | None:
    try:
        step(n)
    except Failed as failed:
        return failed
    return None


def _login(declared: Mail) -> Login | None:
    if declared.user_env is None or declared.password_env is None:
        return None
    return environment.secret(declared.user_env), environment.secret(declared.password_env)


def _secret(declared: Http) -> SecretStr | None:
    if isinstance(declared, Bot) or declared.secret_env is None:
        return None
    read = environment.webhook_secret if declared.type == "webhook" else environment.secret
    return read(declared.secret_env)
