"""Two questionnaires side by side: what changed in a question, by the names that stay the same from year to year."""

from collections.abc import Iterable
from dataclasses import dataclass

from calm_pipeline.canonical import canonical
from calm_pipeline.survey import Field, Question, Survey, Words

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

    def changes(self, key: str, option: str | None = None) -> Flags | None:
        """What changed in a question and the wording of one of its options; None if one edition does not ask it."""
        question, before = self.now.questions.get(key), self.last.questions.get(key)
        if question is None or before is None:
            return None
        return {
            "wording_changed": _reworded(question, before, () if option is None else (option,)),
            "options_changed": question.options.keys() != before.options.keys(),
            "type_changed": question.type != before.type,
            "base_changed": self._base_changed(question, before),
            "required_changed": question.required != before.required,
        }

    def of_a_field(self, field: Field, option: str) -> Flags | None:
        """The same for one place that is filled in: the wording of its row counts too."""
        found, before = self.changes(field.key, option), self.last.questions.get(field.key)
        if found is None or before is None or field.row is None or field.row not in before.rows:
            return found
        row = _differ(field.question.rows[field.row], before.rows[field.row])
        return {**found, "wording_changed": found["wording_changed"] or row}

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
    both = [name for name in options if name in question.options and name in before.options]
    return _differ(question, before) or any(_differ(question.options[name], before.options[name]) for name in both)


def _differ(one: Words, other: Words) -> bool:
    return canonical(one.en) != canonical(other.en) or canonical(one.zh) != canonical(other.zh)
