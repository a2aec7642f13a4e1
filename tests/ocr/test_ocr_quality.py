"""The quality gate: good pages pass, each kind of damage is named, and nothing in a picture makes it fail."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from benchmarks.drawing.paper import draw_paper
from ocr.code_writer import qr_picture
from ocr.image import PageImage
from ocr.messages import quality_words
from ocr.page_quality import PageQuality, QualityReason, Side, Verdict
from ocr.problem import Code
from ocr.quality import assess, assess_unread, looks_blank

Pixels = NDArray[np.uint8]
DPI = 200


def page_image(pixels: NDArray, dpi: int = DPI) -> PageImage:
    return PageImage(np.ascontiguousarray(pixels.clip(0, 255), dtype=np.uint8), dpi, 1)


@pytest.fixture(scope="module")
def act() -> Pixels:
    """A drawn page of an act, 200 dpi, as it comes from a good scanner."""
    return np.asarray(draw_paper("quyet-dinh", 3, DPI, "light").pages[0].convert("RGB"))


@pytest.fixture(scope="module")
def text(act: Pixels) -> Pixels:
    """The same without the white border: text up to every side but for a millimetre."""
    dark = cv2.dilate((act[..., 1] < 110).astype(np.uint8), np.ones((9, 9), np.uint8))
    rows, columns = np.nonzero(dark)
    return act[rows.min() : rows.max(), columns.min() : columns.max()]


def codes(quality: PageQuality) -> set[tuple[Code, Verdict]]:
    return {(reason.code, reason.verdict) for reason in quality.reasons}


@pytest.mark.parametrize("paper", ["quyet-dinh", "cong-van", "giay-khai-sinh", "trich-luc-khai-sinh"])
@pytest.mark.parametrize("strength", ["clean", "light", "medium"])
def test_pages_that_read_well_pass(paper: str, strength: str) -> None:
    for seed in (1, 2):
        page = draw_paper(paper, seed, DPI, strength).pages[0]
        quality = assess(page_image(np.asarray(page.convert("L" if page.mode == "1" else page.mode))))
        assert quality.verdict is not Verdict.RESCAN, (seed, quality)
        assert strength == "medium" or quality.verdict is Verdict.ACCEPT, (seed, quality)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_is_as_good(act: Pixels, turns: int) -> None:
    assert assess(page_image(np.rot90(act, turns))).verdict is Verdict.ACCEPT


@pytest.mark.parametrize("sigma", [3.0, 4.0])
def test_a_blurred_page(act: Pixels, sigma: float) -> None:
    quality = assess(page_image(cv2.GaussianBlur(act, (0, 0), sigma)))
    assert (Code.PAGE_BLURRED, Verdict.RESCAN) in codes(quality)


def test_a_page_blurred_by_a_moving_hand(act: Pixels) -> None:
    way = np.diag(np.full(11, 1 / 11, np.float32))
    assert (Code.PAGE_BLURRED, Verdict.RESCAN) in codes(assess(page_image(cv2.filter2D(act, -1, way))))


def test_a_small_picture_blown_up_is_as_blurred_as_it_was_small(act: Pixels) -> None:
    small = cv2.resize(act, None, fx=1 / 6, fy=1 / 6, interpolation=cv2.INTER_AREA)
    blown_up = cv2.resize(small, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    assert (Code.PAGE_BLURRED, Verdict.RESCAN) in codes(assess(page_image(blown_up)))


@pytest.mark.parametrize(("dpi", "verdict"), [(72, Verdict.WARN), (45, Verdict.RESCAN)])
def test_letters_that_are_too_small(act: Pixels, dpi: int, verdict: Verdict) -> None:
    small = cv2.resize(act, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=cv2.INTER_AREA)
    quality = assess(page_image(small, dpi))
    assert quality.verdict is verdict
    assert (Code.RESOLUTION_LOW, Verdict.WARN) in codes(quality)


def test_without_a_stated_resolution_that_of_a4_counts(act: Pixels) -> None:
    assert assess(page_image(act, 0)).dpi == pytest.approx(DPI, abs=2)
    assert assess(page_image(act[: act.shape[1]], 0)).dpi is None


@pytest.mark.parametrize(("depth", "is_pale"), [(0.11, False), (0.05, True)])
def test_pale_print(act: Pixels, depth: float, is_pale: bool) -> None:
    quality = assess(page_image(240 - (255 - act.astype(np.float32)) * depth))
    assert (Code.PAGE_FAINT, Verdict.WARN) in codes(quality)
    assert quality.is_pale is is_pale


def test_a_picture_taken_in_the_dark(act: Pixels) -> None:
    assert (Code.PAGE_TOO_DARK, Verdict.WARN) in codes(assess(page_image(act * 0.1 + 3)))


def test_letters_that_lost_their_thin_strokes(act: Pixels) -> None:
    soft = cv2.GaussianBlur(act[..., 1], (0, 0), 0.9)
    one_bit = np.where(soft > 70, 255, 0)
    assert Code.STROKES_BROKEN in {code for code, _ in codes(assess(page_image(one_bit)))}


def test_letters_that_run_into_each_other(act: Pixels) -> None:
    soft = cv2.GaussianBlur(act[..., 1], (0, 0), 1.8)
    one_bit = np.where(soft > 230, 255, 0)
    assert Code.STROKES_MERGED in {code for code, _ in codes(assess(page_image(one_bit)))}


def test_grain(act: Pixels) -> None:
    grain = np.random.default_rng(1).normal(0, 70, act.shape[:2])[..., None]
    assert (Code.PAGE_NOISY, Verdict.RESCAN) in codes(assess(page_image(act * 0.6 + 60 + grain)))


@pytest.mark.parametrize("angle", [-20.0, 20.0])
def test_a_page_thrown_onto_the_glass(act: Pixels, angle: float) -> None:
    height, width = act.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turned = cv2.warpAffine(act, turn, (width, height), borderValue=(255, 255, 255))
    assert (Code.PAGE_SKEWED, Verdict.RESCAN) in codes(assess(page_image(turned)))


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_lines_cut_at_a_side(text: Pixels, side: Side) -> None:
    cut = text[:, 40:] if side is Side.LEFT else text[:, :-40]
    [reason] = assess(page_image(cut)).reasons
    assert (reason.code, reason.side, reason.verdict) == (Code.TEXT_CUT_OFF, side, Verdict.RESCAN)


@pytest.mark.parametrize("side", [Side.TOP, Side.BOTTOM])
def test_a_line_cut_along_its_length(text: Pixels, side: Side) -> None:
    inked = (text[..., 1] < 110).sum(axis=1)
    row = int(np.argmax(inked[600:1200])) + 600  # the middle of a full line
    cut = text[row:] if side is Side.TOP else text[:row]
    reasons = [(reason.code, reason.side) for reason in assess(page_image(cut)).reasons]
    assert (Code.TEXT_CUT_OFF, side) in reasons


def test_a_dark_edge_of_the_scanner_cuts_no_text(act: Pixels) -> None:
    edged = act.copy()
    edged[:, :25] = 10
    edged[-30:] = 12
    assert assess(page_image(edged)).verdict is Verdict.ACCEPT


def test_an_empty_page_is_not_judged() -> None:
    assert assess(page_image(np.full((2339, 1654), 250))) == PageQuality(dpi=DPI)


def test_show_through_alone_is_at_most_for_a_look(act: Pixels) -> None:
    mirrored = cv2.GaussianBlur(act[:, ::-1], (0, 0), 3).astype(np.float32)
    back = page_image(250 - (255 - mirrored) * 0.2)
    assert assess(back).verdict is Verdict.RESCAN
    assert assess_unread(back).verdict is Verdict.WARN


def blank(image: PageImage) -> bool:
    return looks_blank(image, assess_unread(image))


def test_only_a_page_without_a_mark_of_its_own_looks_blank(act: Pixels) -> None:
    paper = np.full((2339, 1654, 3), 246, np.uint8)
    assert blank(page_image(paper))
    assert not blank(page_image(act))
    written = paper.copy()
    cv2.putText(written, "12/2024", (700, 1100), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2.0, (40, 40, 120), 4)
    assert not blank(page_image(written))
    code = paper.copy()
    code[900:1100, 700:900] = np.kron(qr_picture("H05.12-260102-0001")[..., None], np.ones((9, 9, 1), np.uint8))[
        :200, :200
    ]
    assert not blank(page_image(code))
    # What shows through a back may be a pale front: a person looks at it, and is not told that nothing is there.
    mirrored = cv2.GaussianBlur(act[:, ::-1], (0, 0), 3).astype(np.float32)
    assert not blank(page_image(250 - (255 - mirrored) * 0.2))


def test_words_for_people() -> None:
    reasons = (
        QualityReason(code=Code.TEXT_CUT_OFF, verdict=Verdict.RESCAN, side=Side.LEFT, measured=5),
        QualityReason(code=Code.PAGE_BLURRED, verdict=Verdict.WARN, measured=4),
    )
    quality = PageQuality(verdict=Verdict.RESCAN, reasons=reasons)
    assert quality_words(quality) == "cần quét lại: chữ bị cắt ở mép trái, chữ bị nhòe"
    assert quality_words(PageQuality()) == "đạt"
    assert PageQuality.model_validate_json(quality.model_dump_json()) == quality


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.uint8,
        st.one_of(
            arrays.array_shapes(min_dims=2, max_dims=2, min_side=100, max_side=260),
            st.tuples(st.integers(100, 260), st.integers(100, 260), st.just(3)),
        ),
        elements=st.integers(0, 255),
        fill=st.integers(0, 255),
    ),
    st.sampled_from([0, 100, 300]),
)
def test_any_picture_is_judged(pixels: Pixels, dpi: int) -> None:
    assert assess(PageImage(pixels, dpi, 1)).verdict in Verdict


@pytest.mark.parametrize("seed", range(4))
def test_pictures_of_noise_are_judged(seed: int) -> None:
    generator = np.random.default_rng(seed)
    shape = tuple(int(side) for side in generator.integers(100, 900, 2))
    assert assess_unread(page_image(generator.integers(0, 256, shape), 0)).verdict in Verdict
