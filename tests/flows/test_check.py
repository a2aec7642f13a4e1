"""The check before uploading: every page gets a verdict, broken files are named, nothing is stored."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from benchmarks.drawing.paper import draw_paper
from flows.check import check_paths
from flows.check_report import print_check
from flows.progress import Event, PageRead, PagesFound, subscribed
from ocr.page_quality import Verdict
from ocr.problem import Code

Run = Callable[..., "subprocess.CompletedProcess[str]"]
DPI = 150


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dossiers: a good page and a blurred one; a page cut at the left, beside a file that cannot be opened."""
    folder = tmp_path_factory.mktemp("batch")
    page = draw_paper("cong-van", 4, DPI, "light").pages[0].convert("RGB")
    for name in ("hs-1", "hs-2"):
        (folder / name).mkdir()
    blurred = page.filter(ImageFilter.GaussianBlur(3))
    page.save(folder / "hs-1" / "a.tif", save_all=True, append_images=[blurred], dpi=(DPI, DPI))
    columns = np.nonzero((np.asarray(page.convert("L")) < 110).sum(axis=0) > 3)[0]
    page.crop((int(columns[0]) + 30, 0, page.width, page.height)).save(folder / "hs-2" / "b.png", dpi=(200, 200))
    (folder / "hs-2" / "c.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


def test_every_page_gets_its_verdict_and_the_broken_file_its_problem(batch: Path):
    told: list[Event] = []
    with subscribed(told.append):
        outcome = check_paths([batch], workers=2)

    verdicts = {(file.file, page.page_number): page.quality.verdict for file, page in outcome.pages() if page.quality}
    assert verdicts == {("a.tif", 1): Verdict.WARN, ("a.tif", 2): Verdict.RESCAN, ("b.png", 1): Verdict.RESCAN}
    assert {file.file: file.problem.code for file in outcome.files if file.problem} == {"c.pdf": Code.SCAN_DAMAGED}
    assert not outcome.is_fit
    assert sum(event.count for event in told if isinstance(event, PagesFound)) == 3
    assert sum(isinstance(event, PageRead) for event in told) == 3


def test_the_clerk_reads_page_reason_and_side(batch: Path, capsys: pytest.CaptureFixture[str]):
    print_check(check_paths([batch], workers=1))
    shown = capsys.readouterr()

    assert "hs-1/a.tif, trang 2: cần quét lại: chữ bị nhòe" in shown.out
    assert "hs-2/b.png, trang 1: cần quét lại: chữ bị cắt ở mép trái" in shown.out
    assert shown.out.splitlines()[-1].startswith("3 tệp, 3 trang: 0 đạt, 1 nên xem lại, 2 cần quét lại; 1 tệp không mở")
    assert "c.pdf" in shown.err and "[scan_damaged]" in shown.err


def test_a_page_that_cannot_be_decoded_is_named_and_the_others_go_on(tmp_path: Path):
    good = draw_paper("cong-van", 4, 200, "light").pages[0].convert("L")
    good.save(tmp_path / "a.png", dpi=(200, 200))
    Image.new("L", (40, 40), 255).save(tmp_path / "b.png")
    outcome = check_paths([tmp_path], workers=1)

    [(_, first), (_, second)] = outcome.pages()
    assert first.quality is not None and first.quality.verdict is Verdict.ACCEPT
    assert second.quality is None
    assert [(found.code, found.file, found.page_number) for found in second.problems] == [
        (Code.PAGE_TOO_SMALL, "b.png", 1)
    ]
    assert not outcome.is_fit


def test_nothing_to_check_is_not_fit(tmp_path: Path):
    assert not check_paths([tmp_path], workers=1).is_fit
    assert [problem.code for problem in check_paths([tmp_path / "không có"], workers=1).problems] == [
        Code.PATH_NOT_FOUND
    ]


def test_the_command_tells_programs_and_leaves_no_home(sohoa: Run, batch: Path, tmp_path: Path):
    done = sohoa("check", batch, "--json", "--home", tmp_path / "home")
    answer = json.loads(done.stdout)

    assert (done.returncode, done.stderr, answer["is_fit"]) == (1, "", False)
    [reason] = [
        reason
        for file in answer["files"]
        for page in file["pages"]
        for reason in page["quality"]["reasons"]
        if reason["code"] == "text_cut_off"
    ]
    assert (reason["side"], reason["verdict"]) == ("left", "rescan")
    assert not (tmp_path / "home").exists()


def test_good_pages_end_with_zero(sohoa: Run, tmp_path: Path):
    draw_paper("quyet-dinh", 2, 200, "light").pages[0].convert("L").save(tmp_path / "a.png", dpi=(200, 200))
    done = sohoa("check", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 tệp, 1 trang: 1 đạt, 0 nên xem lại, 0 cần quét lại.\n"
