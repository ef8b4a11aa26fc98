"""The JSON Schema of the dossier, made from its classes.

``python -m analyzer.report.schema`` writes ``dossier.schema.json`` anew after a change of the classes; a test holds the
two equal. Only that needs pydantic, a tool of development; programs read the file.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from analyzer.model import Dossier

FILE = "dossier.schema.json"
_SHA = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT = {"type": "integer", "minimum": 0}
_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_NARROWER: dict[str, dict[str, Any]] = {
    "Dossier.as_of": _DAY,
    "DossierIdentity.email_hash": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "DossierRepository.sha": {"type": "string", "pattern": "^([0-9a-f]{40})?$"},
    "DossierRepository.first_commit": _or_null(_DAY),
    "DossierRepository.last_commit": _or_null(_DAY),
    "DossierRepository.commits": _COUNT,
    "DossierRepository.candidate_commits": _COUNT,
    "Coverage.eligible": _COUNT,
    "Coverage.read": _COUNT,
    "Coverage.failed": _COUNT,
    "DossierEvidence.sha": _or_null(_SHA),
    "DossierEvidence.commit": _or_null(_SHA),
    "DossierEvidence.line_start": _or_null({"type": "integer", "minimum": 1}),
    "DossierEvidence.line_end": _or_null({"type": "integer", "minimum": 1}),
    "DossierEvidence.snippet": {"type": "string", "maxLength": 200},
    "DossierEvidence.weight": _SHARE,
    "DossierAttribution.share": _SHARE,
    **{f"Factors.{name}": _SHARE for name in ("level", "attribution", "path_class", "recency", "guards")},
    "SignalScore.value": _or_null(_SHARE),
    "SignalInRepository.n_evidence": _COUNT,
    "DimensionScore.value": _or_null(_SHARE),
    "Research.value": _or_null(_SHARE),
}
"""What the formats say beyond the types, by class and field."""


def text() -> str:
    """The schema as it ships with Shiptrace."""
    return files("analyzer.report").joinpath(FILE).read_text("utf-8")


def generate() -> str:
    """The schema made anew from the classes, as JSON text."""
    from pydantic import TypeAdapter  # noqa: PLC0415  (not there at run time)

    made = TypeAdapter(Dossier).json_schema(mode="serialization")
    definitions = cast("dict[str, dict[str, Any]]", made.pop("$defs"))
    for name, definition in [("Dossier", made), *definitions.items()]:
        _close(name, definition)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:shiptrace:dossier:1",
        "title": "shiptrace.dossier/1",
    }
    return json.dumps(head | made | {"$defs": definitions}, indent=2, sort_keys=False) + "\n"


def _close(name: str, definition: dict[str, Any]) -> None:
    """Every object has exactly the fields of its class; the titles pydantic makes of names say nothing."""
    definition.pop("title", None)
    properties = cast("dict[str, dict[str, Any]] | None", definition.get("properties"))
    if properties is None:
        return
    for field, schema in properties.items():
        schema.pop("title", None)
        if f"{name}.{field}" in _NARROWER:
            properties[field] = _NARROWER[f"{name}.{field}"]
    definition["required"] = list(properties)
    definition["additionalProperties"] = False


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(generate(), "utf-8")
