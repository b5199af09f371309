"""What was found of a suite: verdicts and numbers of rows, never a value."""

from datetime import datetime

from calm_pipeline.errors import Message
from calm_pipeline.survey.model import Frozen, Words


class Result(Words):
    """One expectation judged.

    `rows` were looked at and `unexpected` of them break it; None where it looks at the table as a whole.
    """

    name: str
    kind: str
    holds: bool
    rows: int | None = None
    unexpected: int | None = None


class Report(Frozen):
    """A suite judged, as it is stored."""

    suite: str
    table: str
    edition: str
    severity: str
    engine: str
    at: datetime
    results: tuple[Result, ...]

    @property
    def failed(self) -> list[Result]:
        """The expectations that do not hold."""
        return [result for result in self.results if not result.holds]

    @property
    def holds(self) -> bool:
        return not self.failed

    @property
    def mild(self) -> bool:
        """Never: what an expectation of a table finds wrong is wrong."""
        return False

    @property
    def figures(self) -> dict[str, int | list[str]]:
        """How many expectations there are, and the names of those that fail."""
        return {"expectations": len(self.results), "failed": [result.name for result in self.failed]}

    @property
    def message(self) -> Message:
        """The verdict in a sentence; it names what failed."""
        count, failed = len(self.results), self.failed
        if not count:
            return Message("there is nothing to compare with", "没有可供比较的往年数据")
        if not failed:
            return Message(f"all {count} expectations hold", f"{count} 项检查全部通过")
        return Message(
            f"{len(failed)} of {count} expectations fail: " + " ".join(result.en for result in failed),
            f"{count} 项检查中有 {len(failed)} 项未通过：" + "".join(result.zh for result in failed),
        )
