"""A small edition whose exports arrive one after another, judged after each by the engine alone, without a run.

`python -m tests.vintages.arrivals FOLDER` prints the state of the exports in FOLDER, wherever and whenever that is.
"""

import json
import random
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa

from calm_pipeline import normalize, validate
from calm_pipeline.clean import load_register
from calm_pipeline.exports.receive import receive
from calm_pipeline.rules import verdicts
from calm_pipeline.survey import load_survey
from calm_pipeline.vintages.logical import logical
from tests.judged import Step, stages
from tests.reference import PROJECT
from tests.test_made_up_edition import EXPORT, REGISTER, SURVEY

EDITION, HEADER = "2031", EXPORT.partition("\n")[0]


def row(n: int, minute: int, library: str, plan: str = "有", measures: str = "节能灯", watts: str = "100") -> str:
    return f"{n},2031/5/9 9:{minute:02}:07,61秒,192.0.2.7(江苏-南京),{library},{plan},{measures},蕨,{watts},(空)"


ROWS = (
    row(1, 5, "甲馆"),
    row(2, 6, "乙馆", "没有", "(跳过)"),
    row(3, 7, "丙馆", "没有", "无纸化"),  # breaks a rule ...
    row(4, 40, "丙馆", "没有", "(跳过)"),  # ... and is put right by the library itself
    row(5, 9, "丁馆"),
    row(6, 50, "甲馆", watts="１００"),  # the same once more; the numeral is mended
    row(7, 2, "乙", "没有", "(跳过)", "300"),  # late to arrive, though early by its time
)
KEPT = ("repairs", "violations", "submissions", "selections", "answers")


def _declared() -> tuple[Path, Path]:
    folder = Path(mkdtemp())
    survey, register = folder / f"{EDITION}.yaml", folder / "libraries.csv"
    survey.write_text(SURVEY, encoding="utf-8")
    register.write_text(REGISTER, encoding="utf-8")
    return survey, register


FILES = _declared()
SURVEY_2031, REGISTER_2031 = load_survey(FILES[0]), load_register(FILES[1])
NOBODY = pa.table({"library_id": pa.array([], pa.string())})
STAGES = stages(SURVEY_2031, REGISTER_2031)
VERDICTS = Step(lambda clean, last: verdicts(clean, STAGES.rules, last))
ACCEPTED = Step(validate.accepted)
SELECTIONS = Step(lambda accepted: normalize.selections(accepted, SURVEY_2031))
ANSWERS = Step(lambda accepted: normalize.answers(accepted, SURVEY_2031))


def export(file: Path, rows: Sequence[str]) -> None:
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def judged(files: Sequence[Path], earlier: pa.Table | None) -> tuple[list[str], dict[str, pa.Table]]:
    """The verdicts on the files, and the tables that are made of them."""
    received = receive(files, SURVEY_2031, (), earlier)
    clean = STAGES.clean(received.raw)
    broken = STAGES.violations(VERDICTS(clean, NOBODY))
    submissions = STAGES.submissions(clean, broken)
    accepted = ACCEPTED(clean, submissions)
    made = (STAGES.repairs(received.raw, clean), broken, submissions, SELECTIONS(accepted), ANSWERS(accepted))
    return received.files["verdict"].to_pylist(), dict(zip(KEPT, made, strict=True))


def state(tables: dict[str, pa.Table]) -> dict[str, str]:
    contracts = PROJECT.contracts()
    return {name: logical(table, contracts[name]) for name, table in tables.items()}


def arrive(folder: Path, order: Sequence[Sequence[int]], seed: random.Random) -> dict[str, str]:
    """Exports that arrive in this order, each named and sorted at will, and the state after the last.

    Of what was judged in between, a later run looks at numbers and times of submission only.
    """
    earlier: pa.Table | None = None
    before: pa.Table | None = None
    names = seed.sample(range(100), len(order))
    for name, part in zip(names, order, strict=True):
        export(folder / f"{name:02}.csv", [ROWS[n] for n in seed.sample(part, len(part))])
        received = receive(sorted(folder.iterdir()), SURVEY_2031, (), earlier)
        assert set(received.files["verdict"].to_pylist()) == {"read"}
        before, raw = earlier, received.raw
        times = [datetime.strptime(one, "%Y/%m/%d %H:%M:%S") for one in raw["submitted_at"].to_pylist()]
        earlier = pa.table({"sequence": raw["sequence"], "submitted_at": pa.array(times, pa.timestamp("us"))})
    return state(judged(sorted(folder.iterdir()), before)[1])


if __name__ == "__main__":
    print(json.dumps(state(judged(sorted(Path(sys.argv[1]).iterdir()), None)[1])))  # noqa: T201
