"""Drawn pages of running text, and readers compared on them."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import page_readers
from benchmarks.drawing.act_texts import SENTENCES
from benchmarks.drawing.sheets import Margins, Run, Sheets
from benchmarks.drawing.text_pages import Damage, TextPage, draw_text_page
from benchmarks.drawing.wear import Strength
from benchmarks.page_readers import LineByLine, PageReading, drawn_pages, read_with_all, readers_of
from ocr.page import Box
from ocr.readers.reader import ReadWord

_DPI = 100


def _ink(page: TextPage) -> float:
    return float((np.asarray(page.picture.convert("L")) < 100).mean())


@pytest.mark.parametrize("damage", Damage)
def test_equal_arguments_give_equal_pages(damage: Damage) -> None:
    page, again = (draw_text_page(3, Strength.MEDIUM, damage, _DPI) for _ in range(2))
    assert page.text == again.text
    assert page.picture.mode == again.picture.mode
    assert page.picture.tobytes() == again.picture.tobytes()
    assert page.picture.size == (round(210 / 25.4 * _DPI), round(297 / 25.4 * _DPI))


def test_words_do_not_depend_on_the_damage() -> None:
    pages = [draw_text_page(4, strength, damage, _DPI) for strength in Strength for damage in Damage]
    assert len({page.text for page in pages}) == 1
    assert len(pages[0].text) > 800
    assert "  " not in pages[0].text
    assert all(_ink(page) > 0.005 for page in pages)
    clean = [page.picture.tobytes() for page in pages if page.strength is Strength.CLEAN]
    assert len(set(clean)) == 1
    assert len({page.picture.tobytes() for page in pages}) == 1 + 3 * len(Damage)


def test_pages_of_two_seeds_differ() -> None:
    assert (
        draw_text_page(1, Strength.CLEAN, Damage.FAX, _DPI).text
        != draw_text_page(2, Strength.CLEAN, Damage.FAX, _DPI).text
    )


def test_every_strength_has_every_damage() -> None:
    pages = list(drawn_pages(1, 1, [Strength.CLEAN]))
    assert [page.damage for page in pages] == list(Damage)


def test_long_lines_are_parted_between_words() -> None:
    line = [ReadWord("dài", Box(100 * i, 0, 100 * i + 90, 20), 0.9, 0) for i in range(12)]
    parts = page_readers._parts(line)
    assert [word for part in parts for word in part] == line
    assert all(Box.around(word.box for word in part).width <= 28 * 20 for part in parts)
    assert len(parts) == 3


def test_every_reader_reads_a_clean_page() -> None:
    readers = readers_of({})
    sheets = Sheets(150, Margins())
    for sentence in SENTENCES[:3]:
        sheets.paragraph([Run(sentence)], 14)
    page = TextPage(sheets.pages[0], " ".join(sheets.written[0]), Damage.SCANNER, Strength.CLEAN, 150)
    reading = read_with_all(page, readers)
    assert {"vie", "asternet", page_readers.MERGED} <= set(reading.texts)
    assert isinstance(readers["asternet"], LineByLine)
    for name in readers:
        assert reading.errors(name).cer < 0.05, name
        assert reading.cpu_s[name] > 0


def test_tables_and_figures() -> None:
    texts = {"vie": "Uy ban xã", "asternet": "Uy ban xá", page_readers.MERGED: "Ủy ban xã"}
    pages = [PageReading(Strength.HEAVY, Damage.FAX, "Ủy ban xã", texts, dict.fromkeys(texts, 0.5))]
    tables = page_readers._as_tables(pages, list(texts))
    assert "11.11%" in tables
    assert "heavy" in tables
    assert "clean" not in tables
    agreement = next(line for line in tables.splitlines() if line.startswith("vie và asternet")).split()
    assert agreement[-3:] == ["66.67%", "50.00%", "33.33%"]
    figures = json.loads(page_readers._as_json(pages, list(texts)))
    assert figures["cer"]["heavy"][page_readers.MERGED] == 0
    assert figures["axes"]["asternet"] == {"tone": 2}


def test_a_model_has_to_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        page_readers.main(["--model", f"x={tmp_path / 'không-có.traineddata'}"])
