"""From open alerts to what a channel is told: one notice a run, its findings grouped by library."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from calm_pipeline.channels.notice import Group, Notice
from calm_pipeline.desk.findings import fingerprint
from calm_pipeline.desk.journal import Alert, Event
from calm_pipeline.survey import Words

Names = Mapping[str, Words]
LEVELS = {
    "error": Words(en="must be corrected", zh="须更正"),
    "confirm": Words(en="to be confirmed", zh="待确认"),
    "warn": Words(en="to be looked at", zh="请留意"),
}
KINDS = {"check": "检查", "run": "运行"}


def notices(
    alerts: Sequence[Alert], edition: str, libraries: Names, *, reminder: bool
) -> list[tuple[list[Alert], Notice]]:
    """One notice for the alerts that each run opened, with these alerts; oldest run first. `libraries`: names by id.

    A reminder is one notice for all of them.
    """
    runs = [list(found) for _, found in groupby(sorted(alerts, key=_run), key=_run)]
    bundles = [[alert for run in runs for alert in run]] if reminder and runs else runs
    return [(some, _notice([one.opened for one in some], edition, libraries, reminder)) for some in bundles]


def _run(alert: Alert) -> tuple[str, str]:
    return alert.opened.at, alert.opened.run


def _notice(opened: Sequence[Event], edition: str, libraries: Names, reminder: bool) -> Notice:
    groups = [_group(list(found), libraries) for _, found in groupby(sorted(opened, key=_place), key=_place)]
    n = len(opened)
    again_en, again_zh = ("reminder, ", "再次提醒，") if reminder else ("", "")
    return Notice(
        key=f"{edition}-{fingerprint(*sorted(one.fingerprint for one in opened))}",
        title=Words(en=f"CALM {edition}: {again_en}{n} open finding(s)", zh=f"CALM {edition}：{again_zh}{n} 项待处理"),
        groups=tuple(groups),
        foot=Words(
            en=f"`calm desk {edition}` lists them with what to ask. Letters: data/warehouse/letters/{edition}.",
            zh=f"运行 `calm desk {edition}` 可查看详情与应询问的内容；函件在 data/warehouse/letters/{edition}。",
        ),
    )


def _place(one: Event) -> tuple[str, str]:
    return (one.kind, one.library_id or one.subject)


def _group(opened: Sequence[Event], libraries: Names) -> Group:
    first = opened[0]
    unknown = Words(en=f"{first.subject}, library not matched", zh=f"{first.subject}，未匹配到图书馆")
    if first.kind == "submission":
        head = libraries.get(first.library_id, unknown)
    else:
        head = Words(en=f"{first.kind} {first.subject}", zh=f"{KINDS[first.kind]} {first.subject}")
    return Group(head, tuple(_line(one) for one in opened))


def _line(one: Event) -> Words:
    level = LEVELS[one.severity]
    if one.kind != "submission":
        return Words(en=one.en, zh=one.zh)
    return Words(en=f"{one.subject} ({level.en}): {one.en}", zh=f"{one.subject}（{level.zh}）：{one.zh}")
