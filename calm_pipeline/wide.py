"""The contracts of the wide frames between stages, which follow from the survey rather than from `tables.yaml`."""

from calm_pipeline import columns
from calm_pipeline.survey import Field, Survey
from calm_pipeline.tables import Column, Contract

STATES = ("answered", "blank", "not_asked", "malformed")


def raw_contract(survey: Survey) -> Contract:
    """The raw frame: every cell as text, by text and by number."""
    cells = {name: _text() for field in survey.fields() for name in (field.name, columns.number(field.name))}
    own = {**_identity(), "submitted_at": _text(), "duration": _text(), "flagged": _column("boolean")}
    return _wide("Submissions as received, personal data withheld.", "收到的答卷（个人信息已隐去）。", {**own, **cells})


def clean_contract(survey: Survey) -> Contract:
    """The clean frame, and the accepted one: typed answers with their states."""
    own = {
        **_identity(),
        "submitted_at": _column("timestamp", nullable=True),
        "duration_seconds": _column("integer", nullable=True),
        "not_counted": _column("boolean"),
        "library_id": _text(),
        "library_name": _text(),
        "library_matches": _column("integer"),
        "staff_count": _column("integer", nullable=True),
        "content": _column("string"),
    }
    answers = {name: column for field in survey.fields() for name, column in _answer(field).items()}
    return _wide("Typed answers with their states.", "规范化的答案及其状态。", {**own, **answers})


def verdict_contract(rules: list[str]) -> Contract:
    """The rule frame: one boolean column a rule, true where it holds."""
    masks = {rule: _column("boolean") for rule in rules}
    return _wide(
        "Which rules hold for which submission.",
        "各答卷是否符合各规则。",
        {"submission_id": _column("string"), **masks},
    )


def _identity() -> dict[str, Column]:
    return {
        "submission_id": _column("string"),
        "sequence": _column("integer"),
        "file": _column("string"),
        "row": _column("integer"),
    }


def _answer(field: Field) -> dict[str, Column]:
    ticks = field.type in ("multiple", "ranking")
    value = {} if ticks else {field.name: _column("integer", nullable=True) if field.type == "integer" else _text()}
    if ticks:
        value = {columns.tick(field.name, key): _column("integer", nullable=True) for key in field.options}
    if field.type == "ranking":
        value |= {columns.rank(field.name, key): _column("integer", nullable=True) for key in field.options}
    value |= {columns.specify(field.name, key): _text() for key, option in field.options.items() if option.specify}
    problem = {columns.problem(field.name): _text()} if field.type not in ("text", "upload") else {}
    return {**value, columns.state(field.name): _column("string", values=STATES), **problem}


def _column(type_: str, *, nullable: bool = False, values: tuple[str, ...] = ()) -> Column:
    return Column.model_validate({"type": type_, "nullable": nullable, "values": values, "en": "-", "zh": "-"})


def _text() -> Column:
    return _column("string", nullable=True)


def _wide(en: str, zh: str, columns_: dict[str, Column]) -> Contract:
    return Contract(stage="stage", en=en, zh=zh, key=("submission_id",), columns=columns_)
