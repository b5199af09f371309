"""Letters and the desk's index as HTML: one file each, nothing in it runs and nothing is fetched."""

from collections.abc import Sequence
from pathlib import Path

from calm_pipeline.letters import wording
from calm_pipeline.letters.case import Case
from calm_pipeline.pages import environment
from calm_pipeline.survey import Words
from calm_pipeline.text import shortened


def letter_html(case: Case) -> str:
    """The letter about one submission, in Chinese with English beside it."""
    asks = [finding for finding in case.findings if finding.severity != "warn"]
    asks.sort(key=lambda finding: wording.ORDER.index(finding.severity))
    return _PAGES.get_template("letter.html.j2").render(
        case=case,
        asks=asks,
        doubtful=any(finding.conflicts and finding.severity == "error" for finding in asks),
        errors=sum(finding.severity == "error" for finding in asks),
        confirms=sum(finding.severity == "confirm" for finding in asks),
        notes=[finding for finding in case.findings if finding.severity == "warn"],
    )


def index_html(cases: Sequence[Case], edition: str, title: Words) -> str:
    """The desk's list of the letters of an edition, oldest first; a letter lies beside it under its submission's id."""
    return _PAGES.get_template("index.html.j2").render(
        cases=wording.oldest_first(cases),
        edition=edition,
        title=title,
        reconstructed=any(case.reconstructed for case in cases),
    )


_PAGES = environment(Path(__file__).parent)
_PAGES.filters |= {"day": wording.day, "parts": wording.parts, "shortened": shortened}
_PAGES.globals |= {
    "severity": wording.SEVERITY,
    "blank": wording.BLANK,
    "withheld": wording.WITHHELD,
    "unreadable": wording.UNREADABLE,
}
