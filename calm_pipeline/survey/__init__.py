"""The questionnaire of one edition as `schemas/surveys/<edition>.yaml` declares it: model, loader and checks.

Not here: answers, frames, engines, or anything about one export platform.
"""

from calm_pipeline.survey.load import SurveyError, load_survey
from calm_pipeline.survey.model import Field, Option, Question, ReportTable, Survey, Words

__all__ = ["Field", "Option", "Question", "ReportTable", "Survey", "SurveyError", "Words", "load_survey"]
