"""Digitising into a store on a real server, which is stopped and killed while the work is on."""

import json
import threading
from pathlib import Path

from tests.conftest import Run
from tests.services.faulty_proxy import FaultyProxy, faulty_proxy
from tests.services.minio import MinioServer

ENDS, REQUESTS_BETWEEN = 4, 12


def test_a_batch_goes_through_a_server_that_is_stopped_and_killed(
    sohoa: Run, drawn: Path, tmp_path: Path, own_minio_server: MinioServer
) -> None:
    with faulty_proxy(own_minio_server.address) as proxy:
        settings = {**own_minio_server.settings("t-batch"), "SOHOA_STORE": f"s3://{proxy.address}/t-batch?tls=0"}
        digitise_and_check(sohoa, drawn, tmp_path, settings, own_minio_server, proxy)


def digitise_and_check(
    sohoa: Run, drawn: Path, tmp_path: Path, settings: dict[str, str], server: MinioServer, proxy: FaultyProxy
) -> None:
    home = tmp_path / "home"
    assert sohoa("store", "init", "--home", home, env=settings).returncode == 0
    ends, ending, begun = 0, threading.Lock(), proxy.requests

    def disturb(request: int) -> None:
        nonlocal ends
        with ending:
            if ends < ENDS and request - begun > (ends + 1) * REQUESTS_BETWEEN:
                (server.kill if ends % 2 else server.stop)()
                server.start()
                ends += 1

    # At requests and not at times: a slow machine would find the server away more often than there.
    proxy.before_passing = disturb
    done = sohoa("ingest", drawn, "--home", home, "--json", env=settings)
    assert done.returncode == 0, done.stderr
    assert ends == ENDS
    assert {dossier["state"] for dossier in json.loads(done.stdout)["dossiers"]} == {"complete"}
    checked = sohoa("verify", "--home", home, "--json", env=settings)
    assert checked.returncode == 0, checked.stderr
    records = [json.loads(line) for line in sohoa("export", "--home", home, env=settings).stdout.splitlines()]
    assert {record["revision"] for record in records} == {1}
    assert len({record["record_id"] for record in records}) == len(records) == 3
