"""Batches to files as they come: one csv whatever its size, or workbooks of at most so many rows each."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from pyarrow import csv

from calm_pipeline.simulate.cells import Sheet
from calm_pipeline.workbooks import INERT, write_text

ROWS_A_WORKBOOK = 50_000
"""A workbook is read whole by whoever opens it, our reader included."""


class Csv:
    """One file, with the byte order mark by which office programs know UTF-8."""

    def __init__(self, folder: Path, name: str, sheet: Sheet, opened: ExitStack) -> None:
        out = opened.enter_context((folder / f"{name}_{sheet.submissions}_{sheet.submissions}.csv").open("wb"))
        out.write("\ufeff".encode())
        self._writer = opened.enter_context(closing(csv.CSVWriter(out, sheet.schema)))

    def write(self, rows: pa.RecordBatch) -> None:
        """Write rows below those that were written before."""
        self._writer.write_batch(rows)


class Workbooks:
    """As many workbooks as it takes, each written row by row and never held in memory."""

    def __init__(self, folder: Path, name: str, sheet: Sheet, _opened: ExitStack) -> None:
        self._folder, self._name, self._sheet, self._last = folder, name, sheet, 0

    def write(self, rows: pa.RecordBatch) -> None:
        """Write rows into workbooks of their own."""
        for first in range(0, rows.num_rows, ROWS_A_WORKBOOK):
            part = rows.slice(first, ROWS_A_WORKBOOK)
            self._last += part.num_rows
            with _sheet(self._folder / f"{self._name}_{self._last}_{part.num_rows}.xlsx") as sheet:
                for place, title in enumerate(self._sheet.header):
                    sheet.write_string(0, place, title)
                for row, cells in enumerate(zip(*part.to_pydict().values(), strict=True), 1):
                    for place, text in enumerate(cells):
                        if text:
                            write_text(sheet, row, place, text)


@contextmanager
def _sheet(file: Path) -> Iterator[xlsxwriter.worksheet.Worksheet]:
    options = {**INERT, "in_memory": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(file), options) as book:
        yield book.add_worksheet("Sheet1")


FORMS: dict[str, type[Csv] | type[Workbooks]] = {"csv": Csv, "xlsx": Workbooks}
