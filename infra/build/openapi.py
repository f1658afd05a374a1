"""Derives `web/openapi.json` (OpenAPI 3.1) from the contracts that the contexts' routes declare.

`python -m infra.build.openapi` writes it; `--check` says whether the checked-in file is current.
"""

import importlib
import json
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.errors import CODES
from shared.http.app import PortalApp
from shared.http.contracts import PUBLIC, Contract

ROOT: Final = Path(__file__).parents[2]
TARGET: Final = ROOT / "web" / "openapi.json"
CONTEXTS: Final = ("auth", "registry", "statements", "payments", "tickets", "meters", "notifications", "uploads")
_MODEL_REF: Final = "#/components/schemas/{model}"


def applications() -> dict[str, PortalApp]:
    """The app of every context that has routes."""
    for folder in (ROOT, ROOT / "functions"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    return {name: importlib.import_module(f"{name}.app").app for name in CONTEXTS}


def contracts() -> list[tuple[str, Contract]]:
    """Every route of every context, in the order of its path."""
    found = [(name, item) for name, app in applications().items() for item in app.contracts.values()]
    return sorted(found, key=lambda pair: (pair[1].path, pair[1].method))


def error_codes() -> dict[str, str]:
    """Every error code with its meaning: the common ones and each context's own."""
    codes = dict(CODES)
    for name in CONTEXTS:
        codes.update(importlib.import_module(f"{name}.errors").CODES)
    return codes


def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    routes = contracts()
    schemas = _schemas(routes)
    paths: dict[str, Any] = {}
    for context, item in routes:
        paths.setdefault(item.path, {})[item.method.lower()] = _operation(context, item, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lokum", "version": "1", "description": "The portal's API. Errors carry codes, never prose."},
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas["definitions"], "Problem": _problem()},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "lokum_session"}},
        },
    }


def _schemas(routes: list[tuple[str, Contract]]) -> dict[str, Any]:
    """All models of the wire, requests in their input and answers in their output form. A name may mean one model only."""
    wanted: dict[tuple[type[BaseModel], Any], None] = {}
    for _, item in routes:
        for model, mode in ((item.body, "validation"), (item.query, "validation"), (item.returns, "serialization")):
            if model is not None:
                wanted[model, mode] = None
    references, definitions = models_json_schema(list(wanted), ref_template=_MODEL_REF)
    return {"references": references, "definitions": dict(sorted(definitions.get("$defs", {}).items()))}


def _operation(context: str, item: Contract, schemas: dict[str, Any]) -> dict[str, Any]:
    references = schemas["references"]
    operation: dict[str, Any] = {
        "operationId": item.view.__name__,
        "tags": [context],
        "summary": item.summary or item.view.__name__.replace("_", " "),
        "parameters": _parameters(item, schemas),
        "responses": _responses(item, references),
        "security": [] if item.access == PUBLIC else [{"session": []}],
        "x-roles": [] if item.access == PUBLIC else sorted(item.roles),
        "x-errors": sorted(item.errors),
    }
    if item.body is not None:
        content: dict[str, Any] = {"schema": references[item.body, "validation"]}
        if item.example.body is not None:
            content["example"] = item.example.body
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _parameters(item: Contract, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    text = {"type": "string"}
    found = [{"name": name, "in": "path", "required": True, "schema": text} for name in item.parameters]
    if item.query is not None:
        name = schemas["references"][item.query, "validation"]["$ref"].rsplit("/", 1)[-1]
        model = schemas["definitions"][name]
        found += [
            {"name": key, "in": "query", "required": key in model.get("required", []), "schema": schema}
            for key, schema in model["properties"].items()
        ]
    if item.paged:
        found.append({"name": "cursor", "in": "query", "required": False, "schema": text})
    if item.is_write and not item.raw:
        constant = {"type": "string", "const": "lokum"}
        found.append({"name": "X-Requested-With", "in": "header", "required": True, "schema": constant})
    if item.takes_idempotency_key:
        key = {"type": "string", "minLength": 8, "maxLength": 100}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key})
    return found


def _responses(item: Contract, references: Any) -> dict[str, Any]:
    success: dict[str, Any] = {"description": item.status.phrase}
    if item.returns is not None:
        content: dict[str, Any] = {"schema": references[item.returns, "serialization"]}
        if item.example.response is not None:
            content["example"] = item.example.response
        success["content"] = {"application/json": content}
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {str(int(item.status)): success, "default": {"description": "A problem with its code", "content": refused}}


def _problem() -> dict[str, Any]:
    text, number = {"type": "string"}, {"type": "integer"}
    finding = {
        "type": "object",
        "required": ["field", "code", "params"],
        "properties": {"field": text, "code": text, "params": {"type": "object", "additionalProperties": True}},
    }
    return {
        "type": "object",
        "required": ["type", "title", "status", "code", "correlation_id", "errors"],
        "properties": {
            "type": text,
            "title": text,
            "status": {**number, "minimum": int(HTTPStatus.BAD_REQUEST)},
            "code": {"type": "string", "enum": sorted(error_codes())},
            "correlation_id": text,
            "errors": {"type": "array", "items": finding},
        },
    }


def rendered() -> str:
    """The document as it is checked in."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the document, or with `--check` compare it."""
    if "--check" in sys.argv:
        return int(TARGET.read_text("utf-8") != rendered())
    TARGET.write_text(rendered(), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
