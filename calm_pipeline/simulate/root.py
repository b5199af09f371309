"""A root folder of its own for a simulation: declarations, exports, the register they need, and what was drawn."""

import re
import shutil
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.exports.headers import Kind
from calm_pipeline.published import Published
from calm_pipeline.reconstruct import reconstruct
from calm_pipeline.reconstruct.assumptions import load_assumptions
from calm_pipeline.reconstruct.write import NAMES
from calm_pipeline.root import Root
from calm_pipeline.rules import Rule
from calm_pipeline.simulate.cells import Sheet
from calm_pipeline.simulate.draw import batches
from calm_pipeline.simulate.pool import pool_of
from calm_pipeline.simulate.register import RegisterWriter
from calm_pipeline.simulate.write import FORMS
from calm_pipeline.survey import Survey

ABOUT_THE_REPORT = ("published", "claims", "reconstruction")
"""Declarations about figures that a simulation does not have."""

SIMULATION: dict[str, Entry] = {
    "not_empty": Entry(
        Message("{folder}", "{folder}"),
        Message(
            "the folder is not empty, and a simulation needs one of its own", "该目录不为空，而模拟数据需要单独的目录"
        ),
        Message("Name a folder that does not exist yet", "请指定一个尚不存在的目录"),
    )
}


TEXT: tuple[Kind, ...] = ("text",)


@dataclass(frozen=True)
class Simulation:
    """What is drawn: `malformed` is the share of submissions that must not count, about; `kinds` how many of each."""

    edition: str
    submissions: int
    malformed: float
    seed: int
    kinds: dict[str, int]


def simulate(
    root: Root,
    to: Path,
    survey: Survey,
    published: Published,
    rules: Sequence[Rule],
    *,
    submissions: int,
    malformed: float = 0.03,
    seed: int = 1,
    kinds: Collection[Kind] = TEXT,
    form: str = "csv",
) -> Simulation:
    """Write a root folder with `submissions` simulated submissions; memory does not depend on how many.

    Shares of options are those of the reconstruction, correlations of indices about those. Each row has a library of
    its own, but for the second row of submissions that were sent twice.

    Raises:
        CalmError: `to` holds something, or the edition cannot be reconstructed.
    """
    if to.exists() and any(to.iterdir()):
        raise CalmError.of(SIMULATION, "not_empty", folder=to.name)
    assumed = load_assumptions(root.path / "schemas" / "reconstruction" / f"{survey.edition}.yaml")
    made = reconstruct(survey, published, assumed=assumed)
    pool, made_root = pool_of(survey, rules, made), Root(to)
    shutil.copytree(root.path / "schemas", to / "schemas", ignore=shutil.ignore_patterns(*ABOUT_THE_REPORT))
    _with_digits(made_root.survey(survey.edition), len(str(submissions)))
    made_root.raw(survey.edition).mkdir(parents=True)
    places = tuple(f"{province}-{capital}" for province, capital in assumed.register_.provinces.items())
    sheets = [Sheet(pool, kind, submissions, places) for kind in kinds]
    drawn = Counter[str]()
    with ExitStack() as opened:
        register = opened.enter_context(closing(RegisterWriter(made_root.register, pool, made)))
        title = survey.title.zh.replace("/", "_")
        writers = [
            FORMS[form](made_root.raw(survey.edition), f"{made.survey_id}_{NAMES[sheet.kind]}_{title}", sheet, opened)
            for sheet in sheets
        ]
        for batch in batches(pool, submissions, malformed, seed):
            register.write(batch)
            for sheet, writer in zip(sheets, writers, strict=True):
                writer.write(sheet.rows(batch))
            drawn.update(batch.kinds.values())
    return _noted(made_root, Simulation(survey.edition, submissions, malformed, seed, _counted(drawn)))


def _with_digits(survey: Path, digits: int) -> None:
    """Names of submissions sort as their numbers do if all have as many digits."""
    text = survey.read_text(encoding="utf-8")
    if "digits:" not in text:
        block = re.sub(r"^platform:\n( +)", rf"platform:\n\1digits: {max(digits, 4)}\n\1", text, flags=re.M)
        flow = re.sub(r"^platform: *\{", f"platform: {{digits: {max(digits, 4)}, ", block, flags=re.M)
        survey.write_text(flow, encoding="utf-8", newline="\n")


def _counted(drawn: Counter[str]) -> dict[str, int]:
    """How many submissions of each kind; of the two that a library sent twice the same, one counts."""
    return {kind: number // 2 if kind == "superseded" else number for kind, number in sorted(drawn.items())}


def _noted(root: Root, simulation: Simulation) -> Simulation:
    text = yaml.safe_dump({"reconstructed": True, **asdict(simulation)}, allow_unicode=True, sort_keys=False)
    (root.path / "simulation.yaml").write_text(text, encoding="utf-8", newline="\n")
    return simulation
