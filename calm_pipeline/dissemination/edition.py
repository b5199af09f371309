"""One edition as the warehouse holds it: every published table, and what the exports say about all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import duckdb
import pyarrow as pa

from calm_pipeline.dissemination.refusals import DISSEMINATION
from calm_pipeline.errors import CalmError
from calm_pipeline.survey import Survey, Words
from calm_pipeline.tables import Contract

RECONSTRUCTED = Words(
    en="The answers are reconstructed from published figures; they are no evidence about libraries.",
    zh="答卷由已公布数字重建而成，不能作为图书馆实际情况的证据。",
)

RESTRICTED = Words(
    en="RESTRICTED. Names, mobile numbers and addresses of respondents are in none of the files, but single libraries"
    " can be recognised: hand them on only to people who may see the answers of each library. What the table"
    " group_counts suppresses can be counted again from single answers, so publish by group no more than it shows."
    " Everybody else gets the public form, which `calm export` writes with --public.",
    zh="【限制使用】任何文件都不含填答人的姓名、手机号和 IP 地址，但可以识别单个图书馆，"
    "请只转交给有权查看各馆答卷的人员。"
    "由各馆答卷可重新计出 group_counts 表中隐去的数字，因此按组公布的数字不得超出该表已列出的范围。"
    "面向其他人员请提供公开版（calm export 加 --public）。",
)
PUBLIC = Words(
    en="PUBLIC. Everybody may have these files: no row is about a single submission or library, and counts by group"
    " that could tell of single libraries are empty and marked suppressed. The form with single answers is restricted.",
    zh="【公开版】可提供给任何人：没有任何一行针对单份答卷或单个图书馆，"
    "可能透露单馆情况的分组数字留空并标为 suppressed。"
    "含各馆答卷的版本限制使用。",
)


@dataclass(frozen=True)
class Edition:
    """Survey, contracts and published tables of one edition; tables are ordered by their keys.

    Of an edition made `public`, only the tables that everybody may have are handed on.
    """

    survey: Survey
    contracts: Mapping[str, Contract]
    tables: Mapping[str, pa.Table]
    public: bool = False

    @property
    def name(self) -> str:
        return self.survey.edition

    @property
    def file(self) -> str:
        """The name of the files, without suffix."""
        return f"calm-{self.name}{'-public' if self.public else ''}"

    @property
    def handed_on(self) -> dict[str, pa.Table]:
        """The tables that go into the export."""
        return {name: table for name, table in self.tables.items() if self.contracts[name].public or not self.public}

    @property
    def use(self) -> Words:
        """Who may have the export, and what may be published from it."""
        return PUBLIC if self.public else RESTRICTED

    @cached_property
    def reconstructed(self) -> bool:
        return bool(self.tables["editions"]["reconstructed"][0].as_py())

    @cached_property
    def version(self) -> str:
        """Edition and twelve digits of a digest over the survey file, the exports as received, and what counts of them.

        What the desk withdraws and whom the register excludes changes it, the code does not: two exports with one
        version hold the same answers.
        """
        counted = [f"{row['submission_id']} {row['status']} {row['library_id']}" for row in self.rows("submissions")]
        register = [" ".join(map(str, row.values())) for row in self.rows("libraries")]
        survey = self.tables["editions"]["survey_sha256"][0].as_py()
        digests = [survey, *sorted(self._received), *sorted(counted), *sorted(register)]
        return f"{self.name}-{sha256(' '.join(digests).encode()).hexdigest()[:12]}"

    @property
    def _received(self) -> list[str]:
        return [str(digest) for digest in self.tables["files"]["sha256"].to_pylist()]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a published table."""
        return self.tables[table].to_pylist()

    @cached_property
    def accepted(self) -> list[dict[str, Any]]:
        """The accepted submissions in the order in which the platform numbered them."""
        return sorted(
            (row for row in self.rows("submissions") if row["status"] == "accepted"), key=lambda row: row["sequence"]
        )


def read(
    database: duckdb.DuckDBPyConnection, survey: Survey, survey_sha256: str, contracts: Mapping[str, Contract]
) -> Edition:
    """Read an edition from the open warehouse; `survey_sha256` is the digest of its survey file as it is now.

    Pseudonyms stay in the warehouse: what was handed on cannot be erased any more.

    Raises:
        CalmError: the warehouse does not hold the edition, or was built from other declarations.
    """
    edition = survey.edition
    contracts = {name: contract.without_pseudonyms() for name, contract in contracts.items()}
    _check_columns(database, edition, contracts)
    tables = {name: _table(database, edition, name, contract) for name, contract in contracts.items()}
    if not tables["editions"].num_rows:
        raise CalmError.of(DISSEMINATION, "not_in_warehouse", edition=edition)
    if tables["editions"]["survey_sha256"][0].as_py() != survey_sha256:
        raise CalmError.of(DISSEMINATION, "survey_changed", edition=edition)
    return Edition(survey, contracts, tables)


def _check_columns(database: duckdb.DuckDBPyConnection, edition: str, contracts: Mapping[str, Contract]) -> None:
    listed = database.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
    for name, contract in contracts.items():
        if not {(name, column) for column in contract.columns} <= set(listed):
            raise CalmError.of(DISSEMINATION, "older_warehouse", edition=edition, table=name)


def _table(database: duckdb.DuckDBPyConnection, edition: str, name: str, contract: Contract) -> pa.Table:
    """The rows of the edition; all rows of a table that is about no edition in particular."""
    columns, key = (", ".join(f'"{column}"' for column in names) for names in (contract.columns, contract.key))
    where, values = ("WHERE edition = ?", [edition]) if "edition" in contract.columns else ("", [])
    statement = f'SELECT {columns} FROM "{name}" {where} ORDER BY {key}'  # noqa: S608
    return database.execute(statement, values).to_arrow_table().cast(contract.arrow())
