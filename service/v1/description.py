"""The description of the API (OpenAPI 3.1): what FastAPI makes of the routes, with errors, words, names put right."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.errors import PROBLEM_SCHEMA
from service.routes import ROLES_KEY
from service.v1.groups import WORDS
from service.v1.problems import OF_ALL, OF_CALLERS, PROBLEM_NAME, described

ABOUT = """\
Giao diện cho hệ thống khác: tra cứu giấy tờ đã có, đọc bản ghi, nhận thay đổi, gửi bản quét.

* Mọi lần đọc dữ liệu của một người phải nêu mục đích (`X-Purpose`), được ghi vào nhật ký đọc trước khi trả lời.
* Lỗi có một dạng: `application/problem+json` (RFC 9457) với `code` không đổi.
* Hướng dẫn đầy đủ ở `docs/api.md`.
"""
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
_JSON = "application/json"
# What FastAPI calls the errors that it would answer with itself.
_OF_FRAMEWORK = ("HTTPValidationError", "ValidationError")
# How our code tells a shape that is sent from the noun it is made of; to others it is just the noun.
_SUFFIX = "Shape"
_ATTRIBUTE = re.compile(r"^(\w+(?:, \w+)*): (.*)$")


def operation_id(route: APIRoute) -> str:
    """Return what an operation is called in generated clients, where its route does not say: `openBatch`."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def describe(app: FastAPI) -> None:
    """Let the description of `app` tell errors as they are, and what the attributes of shapes mean."""
    made = app.openapi
    kept: dict[str, Any] = {}

    def whole() -> dict[str, Any]:
        if not kept:
            kept.update(_described(deepcopy(made())))
        return kept

    app.openapi = whole  # type: ignore[method-assign]


def operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every operation of a description: path, method in small letters, the operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if method in _METHODS:
                yield path, method, operation


def _described(description: dict[str, Any]) -> dict[str, Any]:
    description["info"]["description"] = ABOUT
    description["tags"] = [{"name": name, "description": words} for name, words in WORDS.items()]
    schemas: dict[str, Any] = description.setdefault("components", {}).setdefault("schemas", {})
    for name in _OF_FRAMEWORK:
        schemas.pop(name, None)
    schemas[PROBLEM_NAME] = PROBLEM_SCHEMA
    for _, _, operation in operations(description):
        _add_problems(operation)
        for parameter in operation.get("parameters", ()):
            _leave_out_null(parameter["schema"])
    sent = set(_reached(schemas, [operation.get("requestBody") for _, _, operation in operations(description)]))
    for name, schema in schemas.items():
        _take_words(schema)
        if name not in sent:
            # What is answered may get further parts: whoever reads it must not stumble over them.
            _open_up(schema)
    _name_plainly(description, schemas)
    return description


def _add_problems(operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    if _JSON in responses.get("422", {}).get("content", {}):
        del responses["422"]
    codes = (*OF_CALLERS, *OF_ALL) if operation.get(ROLES_KEY) else OF_ALL
    for status, common in described(codes).items():
        own = responses.setdefault(status, common)
        if own is not common:
            words = dict.fromkeys([*own["description"].split("; "), *common["description"].split("; ")])
            own["description"] = "; ".join(words)
    operation["responses"] = dict(sorted(responses.items()))


def _leave_out_null(schema: dict[str, Any]) -> None:
    """Take null off the values of a parameter: an address or a header cannot hold it, only be without it."""
    options = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(options) == 1:
        del schema["anyOf"]
        schema.update({**options[0], **schema})
    elif options:
        schema["anyOf"] = options


def _name_plainly(description: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Name shapes by their nouns, from which generated clients make their classes."""
    for name in [name for name in schemas if name.endswith(_SUFFIX)]:
        schemas[name.removesuffix(_SUFFIX)] = schemas.pop(name)

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            for key in ("$ref", "title"):
                if isinstance(part.get(key), str):
                    part[key] = part[key].removesuffix(_SUFFIX)
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(description)


def _take_words(schema: dict[str, Any]) -> None:
    """Take what a docstring says of attributes over to the attributes."""
    text: str = schema.get("description", "")
    head, mark, attributes = text.partition("Attributes:\n")
    if not mark:
        return
    schema["description"] = head.strip()
    properties: dict[str, Any] = schema.get("properties", {})
    for names, words in _words_of(attributes):
        for name in names:
            place = properties.get(name.rstrip("_") if name not in properties else name)
            if place is not None and "$ref" not in place:
                place.setdefault("description", words)


def _words_of(attributes: str) -> Iterator[tuple[list[str], str]]:
    names: list[str] = []
    words: list[str] = []
    for line in attributes.splitlines():
        found = _ATTRIBUTE.match(line.strip())
        indent = len(line) - len(line.lstrip())
        if found is not None and indent <= 4:
            if names:
                yield names, " ".join(words)
            names, words = found[1].split(", "), [found[2]]
        elif line.strip():
            words.append(line.strip())
    if names:
        yield names, " ".join(words)


def _open_up(schema: Any) -> None:
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            del schema["additionalProperties"]
        for each in schema.values():
            _open_up(each)
    elif isinstance(schema, list):
        for each in schema:
            _open_up(each)


def _reached(schemas: Mapping[str, Any], starts: list[Any]) -> Iterator[str]:
    """Yield the names of the shapes that `starts` lead to."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            name = str(each.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found:
                found.add(name)
                yield name
                waiting.append(schemas[name])
            waiting += each.values()
