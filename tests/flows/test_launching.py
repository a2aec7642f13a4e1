"""Where the service's runner comes from: the program, and never the folder that the service was started in."""

import os
from pathlib import Path

import pytest

from flows.launching import EmbeddedLauncher
from flows.runner import LOCK_FILE
from storage.settings import Settings
from tests.service.sending import until


def test_the_runner_is_ours_wherever_the_service_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange, home = tmp_path / "elsewhere" / "flows", tmp_path / "home"
    strange.mkdir(parents=True)
    for name in ("__init__.py", "runner.py"):
        (strange / name).write_text(f"open({str(tmp_path / 'strange')!r}, 'w').close()\n")
    monkeypatch.chdir(strange.parent)
    launcher = EmbeddedLauncher(Settings.load(home, {}, os.environ))
    launcher.start()
    try:
        until((home / LOCK_FILE).exists)
        assert launcher.runner_pid is not None
    finally:
        launcher.close()
    assert not (tmp_path / "strange").exists()
