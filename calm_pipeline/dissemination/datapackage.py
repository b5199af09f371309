"""The description of the csv files that programs read: a Frictionless Tabular Data Package, version 1."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from calm_pipeline.dissemination.citation import author
from calm_pipeline.dissemination.delimited import ESCAPES, MOMENT, NULL
from calm_pipeline.dissemination.edition import RECONSTRUCTED, Edition
from calm_pipeline.tables import Column, Contract

_TYPES = {"timestamp": {"type": "datetime", "format": MOMENT}}


def datapackage(edition: Edition, contents: Mapping[str, bytes], language: str) -> str:
    """datapackage.json about the csv files, whose bytes are given by table."""
    mark = [getattr(RECONSTRUCTED, language)] if edition.reconstructed else []
    described = {
        "profile": "tabular-data-package",
        "name": edition.file,
        "id": edition.version,
        "title": getattr(edition.survey.title, language),
        "description": " ".join([*mark, getattr(edition.use, language), ESCAPES]),
        "version": edition.version,
        "contributors": [{"title": author(edition, language), "role": "author"}],
        "resources": [_resource(edition, name, content, language) for name, content in contents.items()],
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _resource(edition: Edition, name: str, content: bytes, language: str) -> dict[str, Any]:
    contract = edition.contracts[name]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": getattr(contract, language),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": _schema(contract, language),
    }


def _schema(contract: Contract, language: str) -> dict[str, Any]:
    return {
        "fields": [_field(name, column, language) for name, column in contract.columns.items()],
        "primaryKey": list(contract.key),
        "foreignKeys": [
            {"fields": (names := _telling(contract, columns)), "reference": {"resource": table, "fields": names}}
            for table, columns in contract.references.items()
        ],
        "missingValues": [NULL],
    }


def _telling(contract: Contract, columns: tuple[str, ...]) -> list[str]:
    """The columns of a foreign key. Where one may be null, the edition is left out, being the same in every row.

    In SQL a key of which a part is null refers to nothing; a validator of packages would look for it.
    """
    if any(contract.columns[name].nullable for name in columns):
        return [name for name in columns if name != "edition"]
    return list(columns)


def _field(name: str, column: Column, language: str) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
    if column.between:
        constraints["minimum"], constraints["maximum"] = column.between
    described = {"name": name, **_TYPES.get(column.type, {"type": column.type})}
    return {**described, "description": getattr(column, language), "constraints": constraints}
