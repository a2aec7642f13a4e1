"""Digitising into a store on a real server, which is stopped and killed while the work is on."""

import json
import threading
import time
from pathlib import Path

from tests.conftest import Run
from tests.services.minio import MinioServer


def test_a_batch_goes_through_a_server_that_is_stopped_and_killed(
    sohoa: Run, drawn: Path, tmp_path: Path, own_minio_server: MinioServer
) -> None:
    settings = own_minio_server.settings("t-batch")
    home = tmp_path / "home"
    assert sohoa("store", "init", "--home", home, env=settings).returncode == 0
    is_over = threading.Event()
    ends = 0

    def disturb() -> None:
        nonlocal ends
        while not is_over.wait(1.5):
            (own_minio_server.kill if ends % 2 else own_minio_server.stop)()
            time.sleep(0.5)
            own_minio_server.start()
            ends += 1

    disturbance = threading.Thread(target=disturb)
    disturbance.start()
    try:
        done = sohoa("ingest", drawn, "--home", home, "--json", env=settings)
    finally:
        is_over.set()
        disturbance.join()
    assert done.returncode == 0, done.stderr
    assert ends > 1
    assert {dossier["state"] for dossier in json.loads(done.stdout)["dossiers"]} == {"complete"}
    checked = sohoa("verify", "--home", home, "--json", env=settings)
    assert checked.returncode == 0, checked.stderr
    records = [json.loads(line) for line in sohoa("export", "--home", home, env=settings).stdout.splitlines()]
    assert {record["revision"] for record in records} == {1}
    assert len({record["record_id"] for record in records}) == len(records) == 3
