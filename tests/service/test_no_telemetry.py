"""What FastAPI could tell others of requests stays untold, whatever the environment and the libraries are set to."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.services.office import office_at


class _Listening:
    """A provider of traces, metrics or logs that was set up by something else in the process."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")


def test_nothing_is_told_of_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # With it FastAPI looks for an exporter when the service starts.
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    for provider in ("trace.get_tracer_provider", "metrics.get_meter_provider", "_logs.get_logger_provider"):
        monkeypatch.setattr(f"opentelemetry.{provider}", _Listening)
    with office_at(tmp_path / "home") as desk, TestClient(desk.app) as client:
        assert client.get("/sign-in").status_code == 200
        assert client.post("/v1/token", data={"grant_type": "client_credentials"}).status_code in {400, 401, 422}
        assert client.get("/v1/records/khong-co").status_code == 401
