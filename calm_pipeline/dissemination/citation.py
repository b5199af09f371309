"""How the data set of an edition is cited: CITATION.cff, version 1.2.0 of the format, and the same as one line."""

import yaml

from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.dissemination.wording import plain


def author(edition: Edition) -> str:
    """Who made the answers: the survey, or whoever reconstructed them."""
    if edition.reconstructed:
        return "calm_pipeline contributors"
    return f"Survey team of {plain(edition.survey.title.en)}"


def cited(edition: Edition) -> str:
    """The citation in one line."""
    kind = "Data set, answers reconstructed" if edition.reconstructed else "Data set"
    return f"{author(edition)}: {_title(edition)}. Version {edition.version}. [{kind}]"


def citation(edition: Edition) -> str:
    """CITATION.cff of the data set."""
    said = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": _title(edition),
        "version": edition.version,
        "authors": [{"name": author(edition)}],
        "abstract": _abstract(edition),
        "keywords": [plain(edition.survey.theme.en), plain(edition.survey.theme.zh), "academic libraries"],
    }
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120)


def _title(edition: Edition) -> str:
    return plain(edition.survey.title.en) + (" (reconstructed answers)" if edition.reconstructed else "")


def _abstract(edition: Edition) -> str:
    about = f"{len(edition.accepted)} accepted submissions to {plain(edition.survey.title.en)}."
    return f"{RECONSTRUCTED.en} {RECONSTRUCTED.zh} {about}" if edition.reconstructed else about
