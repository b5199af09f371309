"""How the data set of an edition is cited: CITATION.cff, version 1.2.0 of the format, and the same as one line."""

import yaml

from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.dissemination.wording import plain
from calm_pipeline.survey import Words

_MAKERS = Words(en="calm_pipeline contributors", zh="calm_pipeline 项目贡献者")
_TEAM = Words(en="Survey team of {title}", zh="{title}调查组")
_MADE_UP = Words(en="{title} (reconstructed answers)", zh="{title}（重建答卷）")
_LINE = Words(en="{author}: {title}. Version {version}. [Data set]", zh="{author}. {title}[DS]. 版本 {version}.")
_MESSAGE = Words(en="If you use these data, please cite them as below.", zh="使用本数据时，请按下列信息引用。")
_ABOUT = Words(en="{accepted} accepted submissions to {title}.", zh="{title}，计入答卷 {accepted} 份。")
_FIELD = Words(en="academic libraries", zh="高校图书馆")


def author(edition: Edition, language: str) -> str:
    """Who made the answers: the survey, or whoever reconstructed them."""
    words = _MAKERS if edition.reconstructed else _TEAM
    return _said(words, language).format(title=_survey(edition, language))


def cited(edition: Edition, language: str) -> str:
    """The citation in one line, in Chinese after the manner of GB/T 7714."""
    words = {"author": author(edition, language), "title": _title(edition, language), "version": edition.version}
    return _said(_LINE, language).format(**words)


def citation(edition: Edition, language: str) -> str:
    """CITATION.cff of the data set."""
    said = {
        "cff-version": "1.2.0",
        "message": _said(_MESSAGE, language),
        "type": "dataset",
        "title": _title(edition, language),
        "version": edition.version,
        "authors": [{"name": author(edition, language)}],
        "abstract": _abstract(edition, language),
        "keywords": [plain(_said(edition.survey.theme, language)), _said(_FIELD, language)],
    }
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120)


def _survey(edition: Edition, language: str) -> str:
    return plain(_said(edition.survey.title, language))


def _title(edition: Edition, language: str) -> str:
    title = _survey(edition, language)
    return _said(_MADE_UP, language).format(title=title) if edition.reconstructed else title


def _abstract(edition: Edition, language: str) -> str:
    about = _said(_ABOUT, language).format(accepted=len(edition.accepted), title=_survey(edition, language))
    mark = [_said(RECONSTRUCTED, language)] if edition.reconstructed else []
    return {"en": " ", "zh": ""}[language].join([*mark, about])


def _said(words: Words, language: str) -> str:
    return str(getattr(words, language))
