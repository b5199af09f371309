"""Who ticked what: one 0/1 column an option, and the rules that every swap of ticks must keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from calm_pipeline.survey import Survey

Column = list[int]


@dataclass
class Sample:
    """The choices of `size` libraries: `asked[question]` and `ticks[question][option]` hold one entry a library."""

    survey: Survey
    size: int
    asked: dict[str, Column] = field(default_factory=dict)
    ticks: dict[str, dict[str, Column]] = field(default_factory=dict)

    def open(self, key: str) -> Column:
        """1 where the gate of a question lets the library through."""
        question = self.survey.questions[key]
        return [
            int(
                all(self._chose(gate, options, one) for gate, options in question.asked_if.items())
                and not (question.asked_unless and self._all_chosen(question.asked_unless, one))
            )
            for one in range(self.size)
        ]

    def _all_chosen(self, gates: Mapping[str, tuple[str, ...]], one: int) -> bool:
        return all(self._chose(gate, options, one) for gate, options in gates.items())

    def _chose(self, key: str, options: tuple[str, ...], one: int) -> bool:
        return any(self.ticks[key][option][one] for option in options)

    def free(self, key: str) -> list[int]:
        """The libraries that may tick any option of a question but the exclusive ones."""
        options = self.survey.questions[key].options
        alone = [column for name, column in self.ticks[key].items() if options[name].exclusive]
        return [one for one in range(self.size) if self.asked[key][one] and not any(column[one] for column in alone)]

    def ticked(self, key: str, one: int) -> int:
        """How many options of a question a library ticked."""
        return sum(column[one] for column in self.ticks[key].values())

    def chosen(self, key: str, one: int) -> list[str]:
        """Which options of a question a library ticked, in the order of the questionnaire."""
        return [name for name in self.survey.questions[key].options if self.ticks[key][name][one]]
