"""The example of docs/nap-ho-so.md does what the document says: a system sends a file with curl."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from service.roles import Role
from storage.batches import load_batch
from storage.desk.clients import Client
from storage.keys import scan_key
from tests.service.sending import pdf, sha_of
from tests.services.office import AGENCY, Desk

DOCUMENT = Path(__file__).parents[2] / "docs" / "nap-ho-so.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
def test_the_example_sends_a_scan_and_the_batch(desk: Desk, serve: Callable[[Desk], str], tmp_path: Path) -> None:
    (script,) = re.findall(r"```bash\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    desk.office.clients.add(Client("mot-cua", "Một cửa", frozenset({Role.READER}), AGENCY))
    data, scan = pdf(1, 300_000), tmp_path / "trang 1.pdf"
    scan.write_bytes(data)
    given = {"SOHOA": serve(desk), "TOKEN": desk.office.clients.new_token("mot-cua"), "tep": str(scan)}
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command, env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert '"state":"waiting"' in done.stdout
    assert desk.office.store.get(scan_key(sha_of(data))) == data
    (batch_id,) = desk.launcher.batches
    batch = load_batch(desk.office.store, batch_id)
    assert batch is not None and (batch.agency, batch.by) == (AGENCY, "client:mot-cua")
    assert [(each.dossier_id, each.files[0].file) for each in batch.dossiers] == [("hs-001", "trang 1.pdf")]


def test_every_route_and_event_is_in_the_document(desk: Desk) -> None:
    from service.v1 import batches, progress  # noqa: PLC0415
    from storage.desk.progress import ProgressKind  # noqa: PLC0415

    text = DOCUMENT.read_text("utf-8").replace("{mã}", "{batch_id}").replace("{tệp}", "{upload_id}")
    text = text.replace("{trang}", "{page_number}")
    routes = [route for group in (batches, progress) for route in group.routes.router.routes]
    for route in routes:
        for method in route.methods:  # type: ignore[attr-defined]
            assert f"`{method} /v1{route.path}" in text, f"{method} {route.path}"  # type: ignore[attr-defined]
    assert [kind for kind in ProgressKind if f"`{kind}`" not in text] == []
