"""What docs/api.md shows does what the document says: every example runs, in its order, against a live office."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from extractors.record import RecordState, SourcePage
from ocr.messages import MESSAGES
from service.app import API
from service.roles import Role
from storage.desk.clients import Client
from storage.scans import receive
from tests.service.api_world import logged
from tests.service.review_world import keep, latest
from tests.services.office import AGENCY, Desk

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
TEXT = DOCUMENT.read_text("utf-8")
ROLES = frozenset({Role.READER, Role.AUDITOR})


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
def test_every_example_runs(desk: Desk, serve: Callable[[Desk], str], tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    Image.new("L", (600, 800), 255).save(scan, dpi=(100, 100))
    page = SourcePage(file="scan.pdf", page_number=1, sha256=receive(desk.office.store, scan).sha256)
    records = [keep(desk, doubtful=(), agency=AGENCY, source=(page,)) for _ in range(2)]
    desk.office.clients.add(Client("mot-cua", "Một cửa điện tử", ROLES, AGENCY))
    secret = desk.office.clients.new_secret("mot-cua")
    desk.account("nga", Role.SUPERVISOR, agency=AGENCY)
    cookie, csrf = desk.session("nga")
    given = {"SOHOA": serve(desk), "MA": "mot-cua", "BI_MAT": secret, "PHIEN": cookie, "CSRF": csrf}
    script = "\n".join(re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL)).replace(
        "https://mot-cua.example", "https://93.184.215.14"
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], env={"PATH": os.environ["PATH"], **given},
        capture_output=True, encoding="utf-8", check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "304\n" in done.stdout and '"state":"approved"' in done.stdout
    assert sorted(latest(desk, record).state for record in records) == [RecordState.ACCEPTED, RecordState.APPROVED]
    for name, begins in {"cho-doc.webp": b"RIFF", "trang-1.webp": b"RIFF", "giay-to.pdf": b"%PDF"}.items():
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert (tmp_path / "khai-sinh.csv").read_text("utf-8-sig").startswith("record_id;")
    assert (tmp_path / "khai-sinh.parquet").read_bytes().startswith(b"PAR1")
    assert {"Giải quyết hồ sơ nhận cha, mẹ, con", "Trả lời công dân", "Thống kê khai sinh", "Duyệt bản ghi"} == {
        entry.purpose for entry in logged(desk)
    }


def test_what_the_document_names_is_there() -> None:
    paths = {re.sub(r"\{\w+\}", "*", f"/v1{route.path}") for group in API for route in group.router.routes}  # type: ignore[attr-defined]
    named = set(re.findall(r"\$SOHOA(/v1[^\s\"?]*)", TEXT)) | set(re.findall(r"`(?:GET |POST )?(/v1/[a-z./-]+)`", TEXT))
    patterns = [re.compile(path.replace(".", r"\.").replace("*", "[^/]+")) for path in {*paths, "/v1/openapi.json"}]
    assert [path for path in sorted(named) if not any(pattern.fullmatch(path) for pattern in patterns)] == []
    codes = set(re.findall(r"\b[45]\d\d `(\w+)`", TEXT))
    assert codes and codes <= {code.value for code in MESSAGES}
