"""One respondent's answers: the ticks of the sample, and texts, numbers and names that go with them."""

from dataclasses import dataclass

from calm_pipeline.exports.submission import Answer, Silence
from calm_pipeline.reconstruct.assumptions import Assumptions, Composed
from calm_pipeline.reconstruct.chance import Chance
from calm_pipeline.reconstruct.register import Library
from calm_pipeline.reconstruct.sample import Sample
from calm_pipeline.survey import Field

Answers = dict[str, Answer]


@dataclass(frozen=True)
class Desk:
    """Everything answers are written from."""

    sample: Sample
    assumed: Assumptions
    chance: Chance

    def answers(self, one: int, library: Library) -> Answers:
        """The answers of the sample's library number `one`, given in the name of `library`."""
        return {field.name: self._answer(field, one, library) for field in self.sample.survey.fields()}

    def _answer(self, field: Field, one: int, library: Library) -> Answer:
        if not self.sample.open(field.key)[one]:
            return Silence.SKIPPED
        if field.options:
            return {option: self._blank(field, option) for option in self.sample.chosen(field.key, one)}
        if field.type == "integer":
            return self.number(field.name)
        return self._text(field, library)

    def number(self, name: str) -> int:
        """A count; large ones are round."""
        drawn = self.chance.skewed(*self.assumed.numbers[name])
        return drawn // 10 * 10 if drawn > 100 else drawn

    def _text(self, field: Field, library: Library) -> Answer:
        export = self.assumed.export
        if field.question.identifies:
            aliases = list(filter(None, library["aliases"].split("|")))[:1]
            return aliases[0] if aliases and self.chance.happens(export.share_of_aliases) else library["name_zh"]
        if field.question.personal:
            return self._person(field)
        if field.type == "upload":
            uploads = self.assumed.uploads
            return self.chance.pick(uploads) if self.chance.happens(export.share_of_uploads) else Silence.BLANK
        wanted = self.chance.happens(export.share_of_texts)
        return self.compose(self.assumed.texts[field.name]) if wanted else Silence.BLANK

    def _person(self, field: Field) -> str:
        """A name for the first personal question, and a mobile number that is never assigned for any other."""
        people = self.assumed.people
        if field.key == next(key for key, question in self.sample.survey.questions.items() if question.personal):
            return self.chance.pick(people.surnames) + self.chance.pick(people.given)
        return f"1990000{self.chance.below(10_000):04d}"

    def _blank(self, field: Field, option: str) -> str:
        place = f"{field.name}.{option}"
        return self.compose(self.assumed.specify[place]) if field.options[option].specify else ""

    def compose(self, parts: Composed) -> str:
        """A text of two parts."""
        return self.chance.pick(parts.first) + self.chance.pick(parts.second)
