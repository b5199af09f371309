"""What must hold before the next stage may run. Blocking, except for the published report and the desk's decisions."""

from collections.abc import Callable, Iterator

import dagster as dg
from ibis import Table

from assets.failures import told
from assets.project import project
from assets.storage import ParquetTables
from calm_pipeline import by_group, checks
from calm_pipeline.checks import Finding
from calm_pipeline.project import STAGES
from calm_pipeline.vintages import Name
from calm_pipeline.vintages.proofs import proved
from calm_pipeline.vintages.returned import returned

WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR
Look = Callable[[str], Table]


def _check(
    asset: str, name: str, sentence: str, find: Callable[[Look, str], Finding], *, blocking: bool = True
) -> dg.AssetChecksDefinition:
    """A check on the edition of the run; asked for on its own in the UI, it looks at every edition stored."""

    @dg.asset_check(asset=asset, name=name, description=sentence, blocking=blocking)
    @told
    def check(
        context: dg.AssetCheckExecutionContext, io_manager: dg.ResourceParam[ParquetTables]
    ) -> dg.AssetCheckResult:
        editions = [context.partition_key] if context.has_partition_key else project.stored(asset)
        gate, looking = Name(asset, name), io_manager.looking
        found = {
            edition: proved(project.root, edition, gate, looking(edition), find, blocking=blocking)
            for edition in editions
        }
        return dg.AssetCheckResult(
            passed=all(finding.holds for finding in found.values()),
            severity=WARN if all(one.mild for one in found.values() if not one.holds) else ERROR,
            description="\n".join(f"{finding.sentence.en}\n{finding.sentence.zh}" for finding in found.values()),
            metadata={edition: dict(finding.figures) for edition, finding in found.items()},
        )

    return check


def all_checks() -> Iterator[dg.AssetChecksDefinition]:
    """Every check: the contract of every stored table, and what holds between tables."""
    for table in (*STAGES, *project.contracts()):
        yield _check(
            table,
            "contract",
            "Pandera: columns, types, nulls and listed values are as promised.",
            lambda look, edition, table=table: checks.contract(look(table), project.contract(table, edition)),  # type: ignore[misc]
        )
    yield _check(
        "files", "every_file_read", "No export was refused.", lambda look, _: checks.every_file_read(look("files"))
    )
    yield _check(
        "submissions",
        "conservation",
        "Accepted, quarantined, duplicate, dropped and rejected add up to received.",
        lambda look, _: checks.conservation(look("files"), look("raw_submissions"), look("submissions")),
    )
    yield _check(
        "accepted_submissions",
        "keep_every_rule",
        "Pandera: every rule of severity error holds for every accepted submission.",
        lambda look, edition: checks.keep_every_rule(
            look("accepted_submissions"), look("verdicts"), project.rules(edition)
        ),
    )
    yield _check(
        "submissions",
        "answers_are_new",
        "No submission says again what it said before it was corrected, as an old download would have it.",
        lambda look, edition: checks.answers_are_new(returned(project.root, edition, look("submissions"))),
        blocking=False,
    )
    yield _check(
        "corrections",
        "decisions_fit",
        "Every decision of the desk still fits what was received.",
        lambda look, _: checks.decisions_fit(look("corrections")),
        blocking=False,
    )
    yield _check(
        "group_counts",
        "no_library_is_told",
        "Nobody can work out a suppressed count from what is shown: linear programs try.",
        lambda look, edition: checks.no_library_is_told(
            by_group.audit(
                *map(look, ("group_counts", "selections", "submissions", "libraries")),
                project.survey(edition),
                project.groupings(),
            )
        ),
    )
    yield _check(
        "reconciliation",
        "reproduces_the_report",
        "No published figure differs from the computed one.",
        lambda look, edition: checks.reproduces_the_report(
            look("reconciliation"),
            checks.since_the_report(look("corrections"), look("submissions"), project.survey(edition).fielding.closes),
        ),
        blocking=False,
    )
