"""What goes wrong before a route is reached has the shape of every other error of the API."""

from typing import Any

import pytest

from service.errors import PROBLEM_MEDIA_TYPE, PROBLEM_SCHEMA
from tests.service.api_world import PURPOSE, system
from tests.services.office import Desk


@pytest.mark.parametrize(
    ("method", "path", "given", "status", "code"),
    [
        ("GET", "/v1/khong-co", {}, 404, "nothing_here"),
        ("GET", "/v1/records/r/khong/co", {}, 404, "nothing_here"),
        ("DELETE", "/v1/records/r" + "0" * 24, {}, 405, "method_wrong"),
        ("PUT", "/v1/lookups", {}, 405, "method_wrong"),
        ("GET", "/v1/records/khong-phai-ma", {}, 422, "request_invalid"),
        ("POST", "/v1/lookups", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 422, None),
        ("POST", "/v1/lookups", {"content": b"\xff", "headers": {"Content-Type": "text/plain"}}, 422, None),
        ("POST", "/v1/lookups", {"json": []}, 422, "request_invalid"),
        ("GET", "/v1/records?limit=nhieu", {}, 422, "request_invalid"),
    ],
)
def test_every_error_is_a_problem(
    desk: Desk, method: str, path: str, given: dict[str, Any], status: int, code: str | None
) -> None:
    client = system(desk)
    answer = client.request(method, path, **{**given, "headers": {**PURPOSE, **given.get("headers", {})}})
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM_MEDIA_TYPE), answer.text
    told = answer.json()
    assert set(PROBLEM_SCHEMA["required"]) <= set(told) <= set(PROBLEM_SCHEMA["properties"])
    assert (told["status"], told["code"]) == (status, code or "request_invalid")
    assert told["instance"] == answer.headers["x-request-id"]


def test_a_wrong_method_is_told_the_right_ones(desk: Desk) -> None:
    client = system(desk)
    for path, allowed in (
        ("/v1/batches", "GET, POST"),
        ("/v1/batches/b-1", "DELETE, GET, PATCH"),
        ("/v1/webhooks/wh_" + "0" * 24, "DELETE, GET"),
        ("/v1/uploads", "OPTIONS, POST"),
    ):
        assert client.put(path).headers["allow"] == allowed
