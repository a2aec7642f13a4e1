"""PDFs through Poppler: how pages are drawn, and every way in which a file or the machine can fail."""

import os
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.scan_files import corners, encrypted_pdf, pdf_of, saved, written_pdf
from ocr import pdf_pages, poppler
from ocr.poppler import draw, tell
from ocr.problem import Code, Problem, SohoaError
from ocr.scan import ScanKind, inspect_scan, open_page

PLAIN = saved(corners(), "PDF", resolution=100)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(PLAIN)
    return path


def written(folder: Path, data: bytes) -> Path:
    path = folder / "written.pdf"
    path.write_bytes(data)
    return path


def counting_problem(path: Path) -> Problem:
    with pytest.raises(SohoaError) as caught:
        inspect_scan(path)
    return caught.value.problem


def drawing_problem(path: Path) -> Problem:
    with pytest.raises(SohoaError) as caught:
        open_page(path, ScanKind.PDF, 1)
    assert caught.value.problem.page_number == 1
    return caught.value.problem


def set_limits(folder: Path, monkeypatch: pytest.MonkeyPatch, *, memory_bytes: int, cpu_s: int) -> None:
    """Bound Poppler more tightly, both under pdf2image and when it is started by us."""
    scripts = shutil.copytree(pdf_pages.LIMITED_POPPLER, folder / "limited")
    text = (scripts / "limits").read_text()
    text = text.replace(f"ulimit -v {poppler.MEMORY_LIMIT_BYTES // 1024}", f"ulimit -v {memory_bytes // 1024}")
    text = text.replace(f"ulimit -t {poppler.CPU_LIMIT_S}", f"ulimit -t {cpu_s}")
    (scripts / "limits").write_text(text)
    monkeypatch.setattr(pdf_pages, "LIMITED_POPPLER", scripts)
    monkeypatch.setattr(poppler, "MEMORY_LIMIT_BYTES", memory_bytes)
    monkeypatch.setattr(poppler, "CPU_LIMIT_S", cpu_s)


class DrawnAgainError(Exception):
    """The page was drawn a second time."""


@pytest.fixture
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse the second, careful drawing."""

    def refuse(command: list[str], timeout_s: float, max_pixels: int) -> None:
        raise DrawnAgainError

    monkeypatch.setattr(pdf_pages, "draw", refuse)


@pytest.mark.parametrize("mode", ["RGB", "1"])
def test_clean_page_is_drawn_once_and_as_the_careful_way_draws_it(
    tmp_path: Path, mode: str, drawn_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, saved(corners(mode), "PDF", resolution=100))
    page = open_page(path, ScanKind.PDF, 1)
    monkeypatch.setattr(pdf_pages, "draw", draw)
    monkeypatch.setattr(pdf_pages, "LIMITED_POPPLER", tmp_path)  # pdf2image finds no programs here
    careful = open_page(path, ScanKind.PDF, 1)
    assert page.problems == careful.problems == ()
    assert np.array_equal(page.pixels, careful.pixels)
    assert page.pixels.flags.c_contiguous and page.pixels.flags.writeable


@pytest.mark.parametrize("program", ["pdfinfo", "pdftoppm"])
def test_programs_of_pdf2image_run_within_the_limits(tmp_path: Path, program: str) -> None:
    real = tmp_path / program
    real.write_text('#!/bin/sh\necho "$(ulimit -v) $(ulimit -t) $(ulimit -c) $LD_LIBRARY_PATH. $*"\n')
    real.chmod(0o755)
    folder = pdf_pages.LIMITED_POPPLER
    # As pdf2image starts them.
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LD_LIBRARY_PATH": f"{folder}:/opt/lib"}
    done = subprocess.run([folder / program, "a b", "c"], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == f"{poppler.MEMORY_LIMIT_BYTES // 1024} {poppler.CPU_LIMIT_S} 0 /opt/lib. a b c\n"


def test_own_programs_run_within_the_limits_from_their_start() -> None:
    printed, _ = tell(["sh", "-c", "ulimit -v; ulimit -t; ulimit -c"], 20)
    assert printed.split() == [str(poppler.MEMORY_LIMIT_BYTES // 1024), str(poppler.CPU_LIMIT_S), "0"]


def program_in_place_of(name: str, folder: Path, script: str) -> dict[str, str]:
    """Put a shell script where Poppler's program of that name is found first; return the environment for it."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_program_of_pdf2image_ends_with_the_script_that_started_it(tmp_path: Path) -> None:
    env = program_in_place_of("pdftoppm", tmp_path, "echo begun; exec sleep 3600")
    pipe = subprocess.PIPE
    with subprocess.Popen([pdf_pages.LIMITED_POPPLER / "pdftoppm"], env=env, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None and process.stdout.readline() == b"begun\n"
        process.kill()
        assert process.communicate(timeout=120) == (b"", b"")


def test_messages_of_the_renderer_are_bounded_under_pdf2image(tmp_path: Path) -> None:
    path = written(tmp_path, written_pdf(b"zz " * 200_000))
    command = [pdf_pages.LIMITED_POPPLER / "pdftoppm", "-r", "10", path]
    assert len(subprocess.run(command, capture_output=True, check=False).stderr) <= 64_000
    assert [problem.code for problem in open_page(path, ScanKind.PDF, 1).problems] == [Code.PAGE_DAMAGED]


@pytest.mark.parametrize("word", ["Syntax", "Internal"])
def test_damage_is_told_by_either_word(tmp_path: Path, word: str) -> None:
    env = program_in_place_of("pdftoppm", tmp_path, f"echo '{word} Error: xref num 2 not found' >&2")
    done = subprocess.run([pdf_pages.LIMITED_POPPLER / "pdftoppm"], env=env, capture_output=True, check=True)
    assert b"Syntax Error" in done.stderr  # what pdf2image looks for


def test_page_is_drawn_at_300_dpi(pdf: Path) -> None:
    page = open_page(pdf, ScanKind.PDF, 1)
    assert (page.dpi, page.width_px, page.height_px, page.problems) == (300, 1200, 900, ())
    assert tuple(page.pixels[20, 20]) == (200, 0, 0)


def test_page_without_colour_is_grey(tmp_path: Path) -> None:
    path = written(tmp_path, saved(corners("1"), "PDF", resolution=100))
    assert open_page(path, ScanKind.PDF, 1).pixels.shape == (900, 1200)


def test_large_sheet_is_rendered_coarser(tmp_path: Path) -> None:
    path = written(tmp_path, saved(Image.new("1", (840, 1188), 1), "PDF", resolution=25.4))  # A0
    page = open_page(path, ScanKind.PDF, 1)
    assert page.dpi < 300
    assert page.width_px * page.height_px <= pdf_pages.MAX_RENDER_PIXELS * 1.01


def test_sheet_larger_than_any_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, written_pdf(b"", page_entries=b"/MediaBox[0 0 14400 14400]"))
    assert drawing_problem(path).code is Code.PAGE_TOO_LARGE


def test_crop_box_is_what_is_seen(tmp_path: Path) -> None:
    boxes = b"/MediaBox[0 0 20000 20000]/CropBox[100 100 300 400]"
    path = written(tmp_path, written_pdf(b"1 0 0 rg 100 390 10 10 re f", page_entries=boxes))
    page = open_page(path, ScanKind.PDF, 1)
    assert (page.width_px, page.height_px) == (834, 1250)
    assert tuple(page.pixels[10, 10]) == (255, 0, 0)


def test_turned_page_is_drawn_turned(tmp_path: Path) -> None:
    path = written(tmp_path, written_pdf(b"", page_entries=b"/MediaBox[0 0 200 400]/Rotate 90"))
    page = open_page(path, ScanKind.PDF, 1)
    assert page.width_px > page.height_px


def test_pdf_that_needs_a_password(tmp_path: Path) -> None:
    path = written(tmp_path, encrypted_pdf(PLAIN, owner="owner", user="user"))
    assert counting_problem(path).code is Code.SCAN_ENCRYPTED


def test_pdf_that_only_forbids_changes_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, encrypted_pdf(PLAIN, owner="owner", user=""))
    assert inspect_scan(path).page_count == 1
    assert tuple(open_page(path, ScanKind.PDF, 1).pixels[20, 20]) == (200, 0, 0)


def test_pdf_without_pages(tmp_path: Path) -> None:
    path = written(tmp_path, pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]))
    assert counting_problem(path).code is Code.SCAN_NO_PAGES


def test_truncated_pdf_is_damaged(tmp_path: Path) -> None:
    assert counting_problem(written(tmp_path, PLAIN[:60])).code is Code.SCAN_DAMAGED


def test_page_drawn_in_part_is_kept_with_its_problem(tmp_path: Path) -> None:
    path = written(tmp_path, written_pdf(b"1 0 0 rg 0 200 200 100 re f (unfinished"))
    page = open_page(path, ScanKind.PDF, 1)
    assert [problem.code for problem in page.problems] == [Code.PAGE_DAMAGED]
    assert tuple(page.pixels[20, 20]) == (255, 0, 0)


def picture_page(width: int, height: int, stream: bytes, coding: bytes) -> bytes:
    picture = b"<</Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8/Width %d/Height %d/Filter/%b"
    content = b"q 595 0 0 842 0 0 cm /I Do Q"
    return pdf_of([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        (picture % (width, height, coding)) + b"/Length %d>>stream\n%b\nendstream" % (len(stream), stream),
    ])  # fmt: skip


def test_decompression_bomb_stays_within_memory_and_time(tmp_path: Path) -> None:
    stream = zlib.compress(bytes(30_000_000), 9)
    path = written(tmp_path, picture_page(20_000, 20_000, zlib.compress(stream, 9), b"FlateDecode"))
    page = open_page(path, ScanKind.PDF, 1)  # a picture that is drawn as far as it goes
    assert page.width_px * page.height_px < 10_000_000


def test_memory_of_the_renderer_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_limits(tmp_path, monkeypatch, memory_bytes=60_000_000, cpu_s=20)
    path = written(tmp_path, written_pdf(b"", page_entries=b"/MediaBox[0 0 1400 1400]"))
    problem = drawing_problem(path)
    assert problem.code is Code.PAGE_TOO_LARGE and not problem.retryable


STROKES = b"0 0 m 300 200 400 0 400 300 c S 0 300 m 400 0 l S " * 400_000


def test_page_that_costs_too_much_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_limits(tmp_path, monkeypatch, memory_bytes=poppler.MEMORY_LIMIT_BYTES, cpu_s=1)
    problem = drawing_problem(written(tmp_path, written_pdf(STROKES)))
    assert problem.code is Code.PAGE_TIMEOUT and not problem.retryable


def renderer_in_place(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Run a shell script before whatever is drawn; the question for the version is left alone."""
    whole = f'case " $* " in *" -cropbox "*) {script} ;; esac\nexec {shutil.which("pdftoppm")} "$@"'
    monkeypatch.setenv("PATH", program_in_place_of("pdftoppm", folder, whole)["PATH"])


def test_busy_machine_is_no_fault_of_the_file(pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", program_in_place_of("pdfinfo", tmp_path, "exec sleep 60")["PATH"])
    monkeypatch.setattr(pdf_pages, "POPPLER_TIMEOUT_S", 0.5)
    problem = counting_problem(pdf)
    assert problem.code is Code.PAGE_TIMEOUT and problem.retryable


def test_busy_machine_is_no_fault_of_the_page(pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer_in_place(tmp_path, monkeypatch, "exec sleep 60")
    monkeypatch.setattr(pdf_pages, "POPPLER_TIMEOUT_S", 3)
    problem = drawing_problem(pdf)
    assert problem.code is Code.PAGE_TIMEOUT and problem.retryable


def kill_renderers(folder: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> Path:
    """Have so many renderers killed in the middle of a picture, as the machine does while memory is short.

    Returns:
        The file with a line for each that was started.
    """
    started = folder / "started"
    die = "{ printf 'P6\\n1200 900\\n255\\nabc'; kill -KILL $$; }"
    count = f"echo drawing >> {started}; [ $(wc -l < {started}) -gt {most} ] || {die}"
    renderer_in_place(folder, monkeypatch, count)
    return started


def test_renderer_killed_from_outside_may_be_tried_again(
    pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = kill_renderers(tmp_path, monkeypatch, most=10)
    problem = drawing_problem(pdf)
    assert problem.code is Code.READER_FAILED and problem.retryable
    assert started.read_text() == "drawing\n" * 2


def test_renderer_killed_once_is_started_again(pdf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = kill_renderers(tmp_path, monkeypatch, most=1)
    page = open_page(pdf, ScanKind.PDF, 1)
    assert page.problems == () and page.pixels.min() == 0
    assert started.read_text() == "drawing\n" * 2


def test_missing_program(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert counting_problem(pdf).code is Code.READER_MISSING


def test_messages_without_end_are_not_kept() -> None:
    printed, run = tell(["sh", "-c", "head -c 9000000 /dev/zero >&2; echo done"], 20)
    assert printed == "done\n"
    assert len(run.messages) <= 64_000


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "P5\\n2 2\\n255\\n....",
        "P6\\n2 x\\n255\\n",
        "P6\\n2 2\\n255\\n123",
        "P6\\n-2 2\\n255\\n",
        "P6\\n90 90\\n255\\n",
    ],
)
def test_what_is_no_whole_picture_is_none(printed: str) -> None:
    pixels, run = draw(["printf", printed], 20, 100)
    assert pixels is None
    assert run.status <= 0 and not run.timed_out


def test_picture_is_read_as_it_was_printed() -> None:
    pixels, run = draw(["printf", "P6\\n2 1\\n255\\nabcdef"], 20, 100)
    assert pixels is not None and pixels.tolist() == [[[97, 98, 99], [100, 101, 102]]]
    assert run.status == 0
