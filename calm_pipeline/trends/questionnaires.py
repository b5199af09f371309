"""Two questionnaires side by side: what changed in a question, by the names that stay the same from year to year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calm_pipeline.canonical import canonical
from calm_pipeline.survey import Question, Survey, Words

Flags = dict[str, bool]
FLAGS = ("wording_changed", "options_changed", "type_changed", "base_changed", "required_changed")


@dataclass(frozen=True)
class Questionnaires:
    """The questionnaire of an edition and that of the edition before it."""

    now: Survey
    last: Survey

    @property
    def population_changed(self) -> bool:
        """Whether the population is drawn otherwise."""
        return self.now.eligibility != self.last.eligibility

    def changes(self, key: str, option: str, row: str = "") -> Flags | None:
        """What changed in a question and in the wording of an option and a row; None if one edition does not ask it."""
        question, before = self.now.questions.get(key), self.last.questions.get(key)
        if question is None or before is None:
            return None
        return {
            "wording_changed": _reworded(question, before, (option,)) or _differ(question.rows, before.rows, (row,)),
            "options_changed": question.options.keys() != before.options.keys(),
            "type_changed": question.type != before.type,
            "base_changed": self._base_changed(question, before),
            "required_changed": question.required != before.required,
        }

    def _base_changed(self, question: Question, before: Question) -> bool:
        """Gates that name the same options still let others through where the question they look at has changed."""
        if _gates(question) != _gates(before):
            return True
        return any(self._gate_changed(key, options) for _, key, options in _gates(question))

    def _gate_changed(self, key: str, options: Iterable[str]) -> bool:
        question, before = self.now.questions[key], self.last.questions[key]
        if question.type != before.type or _reworded(question, before, options):
            return True
        return self._base_changed(question, before)


def _gates(question: Question) -> set[tuple[str, str, frozenset[str]]]:
    named = (("if", question.asked_if), ("unless", question.asked_unless))
    return {(word, key, frozenset(options)) for word, gate in named for key, options in gate.items()}


def _reworded(question: Question, before: Question, options: Iterable[str]) -> bool:
    return _wording(question) != _wording(before) or _differ(question.options, before.options, options)


def _differ(now: Mapping[str, Words], last: Mapping[str, Words], names: Iterable[str]) -> bool:
    """Whether any of these options or rows reads otherwise; one that only one edition has was not reworded."""
    return any(_wording(now[name]) != _wording(last[name]) for name in names if name in now and name in last)


def _wording(words: Words) -> tuple[str, str]:
    return canonical(words.en), canonical(words.zh)
