"""The JSON Schema of a survey file, generated from the model for editors."""

import json
from pathlib import Path

from calm_pipeline.survey.model import Survey


def json_schema() -> str:
    """The schema as text; the same model gives the same bytes."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Survey.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schema(file: Path) -> Path:
    """Write the schema to `file`."""
    file.write_text(json_schema(), encoding="utf-8")
    return file
