"""`/v1/docs`: the description of the API as a page, made on the server, with nothing from elsewhere."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from service.pages.rendering import render
from service.roles import ANYBODY, ROLE_NAMES, Role
from service.routes import ROLES_KEY, Routes
from service.v1.description import operations
from service.v1.groups import DESCRIPTION, WORDS

routes = Routes("", [DESCRIPTION])

Shape = Mapping[str, Any]


@routes.get("/docs", roles=ANYBODY, response_class=Response, operation_id="getDocs", summary="Trang mô tả này",
            responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}})  # fmt: skip
def docs(request: Request) -> Response:
    """Show every operation: who may, what it takes, what it answers."""
    description = request.app.openapi()
    return render(request, "api.html", info=description["info"], groups=groups_of(description))


def groups_of(description: Shape) -> list[dict[str, Any]]:
    """Return the operations by tag, in the order of the description, as the page shows them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, method, operation in operations(description):
        groups.setdefault(operation["tags"][0], []).append(_shown(description, path, method, operation))
    return [{"name": WORDS[tag], "place": f"nhom-{tag}", "operations": found} for tag, found in groups.items()]


def _shown(description: Shape, path: str, method: str, operation: Shape) -> dict[str, Any]:
    roles = [ROLE_NAMES[Role(role)] for role in operation.get(ROLES_KEY, [])]
    body = operation.get("requestBody")
    # What stands in English is for programmers who read the description itself.
    words = operation.get("description", "")
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": f"/v1{path}",
        "summary": operation.get("summary", ""),
        "words": "" if words.isascii() else words,
        "roles": roles,
        "parameters": [
            {
                "name": each["name"],
                "place": {"path": "đường dẫn", "query": "tham số", "header": "tiêu đề", "cookie": "cookie"}[each["in"]],
                "type": type_words(description, each["schema"]),
                "required": each.get("required", False),
                "words": each.get("description", ""),
            }
            for each in operation.get("parameters", [])
        ],
        "body": _body(description, body) if body else None,
        "responses": [_response(description, status, each) for status, each in operation["responses"].items()],
    }


def _body(description: Shape, body: Shape) -> dict[str, Any]:
    media_type, content = next(iter(body["content"].items()))
    schema = _resolved(description, content.get("schema", {}))
    required = set(schema.get("required", []))
    rows = [
        {
            "name": name,
            "type": type_words(description, each),
            "required": name in required,
            "words": each.get("description", ""),
        }
        for name, each in schema.get("properties", {}).items()
    ]
    return {"media_type": media_type, "rows": rows, "words": schema.get("description", "")}


def _response(description: Shape, status: str, response: Shape) -> dict[str, Any]:
    contents = response.get("content", {})
    types = [f"{media_type} ({type_words(description, content.get('schema', {}))})" if content.get("schema")
             else media_type for media_type, content in contents.items()]  # fmt: skip
    return {"status": status, "words": response.get("description", ""), "types": types, "good": status < "4"}


def type_words(description: Shape, schema: Shape) -> str:
    """Return a few words for the type of a value: `list of Held`, `text or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(type_words(description, each) for each in schema[several]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("type", "")
    if kind == "array":
        return f"[{type_words(description, schema.get('items', {}))}]"
    return str(schema.get("format") or kind or "any")


def _resolved(description: Shape, schema: Shape) -> Shape:
    for _ in range(3):
        options = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
        if options:
            schema = options[0]
        if "$ref" not in schema:
            break
        schema = description["components"]["schemas"][str(schema["$ref"]).rpartition("/")[2]]
    return schema
