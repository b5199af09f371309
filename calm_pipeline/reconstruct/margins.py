"""How many libraries tick each option: printed where the report prints it, assumed where it does not."""

from calm_pipeline.published import Published, Share
from calm_pipeline.reconstruct.assumptions import Assumptions
from calm_pipeline.reconstruct.refusals import RECONSTRUCTION, ReconstructionError
from calm_pipeline.survey import Survey

Margins = dict[str, dict[str, int]]


def margins(survey: Survey, published: Published, assumed: Assumptions) -> Margins:
    """A count for every option of every question.

    Raises:
        ReconstructionError: an option has no count, or a count belongs to no option of the questionnaire.
    """
    printed = _printed(published)
    known: Margins = {
        key: {**assumed.counts.get(key, {}), **printed.get(key, {})}
        for key, question in survey.questions.items()
        if question.options
    }
    missing = [
        f"{key}.{option}" for key, found in known.items() for option in survey.questions[key].options.keys() - found
    ]
    unknown = [
        f"{key}.{option}"
        for counts in (printed, assumed.counts)
        for key, found in counts.items()
        for option in found
        if option not in known.get(key, {}) or option not in survey.questions[key].options
    ]
    if missing or unknown:
        named = {"missing": ", ".join(sorted(missing)) or "-", "unknown": ", ".join(sorted(unknown)) or "-"}
        raise ReconstructionError.of(RECONSTRUCTION, "uncounted_options", edition=survey.edition, **named)
    return {key: {option: found[option] for option in survey.questions[key].options} for key, found in known.items()}


def _printed(published: Published) -> Margins:
    counts = {key: {option: row[0] for option, row in rows.items()} for key, rows in published.tables.items()}
    for statement in published.statements.values():
        if isinstance(statement, Share):
            counts.setdefault(statement.question, {}).setdefault(statement.option, statement.count)
    return counts


def targets(published: Published) -> dict[tuple[str, str], float]:
    """The printed correlation of each pair of indices, each pair once."""
    pairs: dict[tuple[str, str], float] = {}
    for cell in published.correlations:
        if cell.row != cell.column and (cell.column, cell.row) not in pairs:
            pairs[cell.row, cell.column] = float(cell.r)
    return pairs
