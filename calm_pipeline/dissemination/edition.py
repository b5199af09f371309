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

RECOGNISED = Words(
    en="Names, mobile numbers and addresses of respondents are in none of the files, but single libraries can be"
    " recognised: hand them on only to people who may see the answers of each library.",
    zh="任何文件都不含填答人的姓名、手机号和 IP 地址，但可以识别单个图书馆，请只转交给有权查看各馆答卷的人员。",
)


@dataclass(frozen=True)
class Edition:
    """Survey, contracts and published tables of one edition; tables are ordered by their keys."""

    survey: Survey
    contracts: Mapping[str, Contract]
    tables: Mapping[str, pa.Table]

    @property
    def name(self) -> str:
        return self.survey.edition

    @cached_property
    def reconstructed(self) -> bool:
        return bool(self.tables["editions"]["reconstructed"][0].as_py())

    @cached_property
    def version(self) -> str:
        """Edition and twelve digits of a digest over the survey file and the exports as received.

        It does not change with the code: the same answers to the same questions have the same version.
        """
        digests = [self.tables["editions"]["survey_sha256"][0].as_py(), *sorted(self._received)]
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

    Raises:
        CalmError: the warehouse does not hold the edition, or was built from other declarations.
    """
    edition = survey.edition
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
