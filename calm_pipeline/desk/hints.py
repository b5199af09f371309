"""What may have been meant: the nearest option of the questionnaire, the nearest libraries of the register."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import chain

from calm_pipeline.canonical import canonical
from calm_pipeline.clean import Register
from calm_pipeline.desk.findings import UNLIKE
from calm_pipeline.survey import Field, Words

NEAR, NEAR_NAME, MANY = 0.4, 0.6, 5
FILLED = re.compile("〖[^〗]*〗?")


def option_hint(field: Field, received: str) -> Words | None:
    """For each of the first MANY labels that are none of the question's, the option that comes nearest to it."""
    known = {canonical(label): option for option in field.options.values() for label in _labels(option)}
    by_text = received.partition(UNLIKE)[0]
    given = dict.fromkeys(map(canonical, re.split("[┋→]", FILLED.sub("", by_text))))
    unknown = [part for part in given if part not in known][:MANY]
    nearest = [get_close_matches(part, known, n=1, cutoff=NEAR) for part in unknown]
    found = list(dict.fromkeys(known[label] for label in chain.from_iterable(nearest)))
    if not found:
        return None
    en, zh = ", ".join(f'"{option.en}"' for option in found), "、".join(f"“{option.zh}”" for option in found)
    return Words(
        en=f"Nearest in the questionnaire: {en}; please choose what applies.",
        zh=f"问卷中最接近的选项：{zh}；请按实际情况选择。",
    )


def _labels(option: Words) -> Iterable[str]:
    return (option.zh, option.en, *getattr(option, "aliases", ()))


def library_hint(register: Register, received: str) -> Words | None:
    """The libraries that share the name given, or else those whose names come near; a name is never decided upon."""
    form = canonical(received)
    near = [form] if form in register.owners else get_close_matches(form, register.owners, n=MANY, cutoff=NEAR_NAME)
    owners = dict.fromkeys(owner for name in near for owner in register.owners[name])
    found = [row for row in register.libraries.to_pylist() if row["library_id"] in owners][:MANY]
    if not found:
        return None
    en, zh = "; ".join(row["name_en"] or row["name_zh"] for row in found), "；".join(row["name_zh"] for row in found)
    return Words(en=f"The register has: {en}.", zh=f"名录中相近的有：{zh}。")


def staff_hint(register: Register, library: str | None) -> Words | None:
    """The library's staff as the register has it, which decides whether it belongs to the survey."""
    staff = {row["library_id"]: row["staff_count"] for row in register.libraries.to_pylist()}.get(library)
    return None if staff is None else Words(en=f"The register says: {staff} staff.", zh=f"名录所载职工人数：{staff}。")
