"""Choosing what to send: the page sees dossiers as `sohoa ingest` would, by keyboard, and stays quick with many."""

import io
import zipfile
from pathlib import Path

from flows.intake import take_in
from tests.browser.clerk_world import choose_files, choose_folder, drop_on, shown_tree, wait_words, write_folder
from tests.service.sending import pdf
from tests.services.office import Desk
from tests.services.pages import OpenPage, heard

FILES = {
    "dot-1/hs-010/trang 10.pdf": pdf(1),
    "dot-1/hs-010/trang 2.pdf": pdf(2),
    "dot-1/hs-002/don.PDF": pdf(3),
    "dot-1/hs-002/ghi-chu.txt": b"khong phai ban quet",
    "dot-1/hs-002/khong-duoi": b"\x89PNG\r\n\x1a\n" + b"0" * 40,
    "dot-1/le.tiff": b"II*\x00" + b"0" * 40,
    "dot-1/.an/bi-mat.pdf": pdf(4),
    "dot-1/Thumbs.db": b"x",
    "dot-1/nhom/hs-003/a.jpg": b"\xff\xd8\xff" + b"0" * 40,
}


def test_the_page_sees_dossiers_as_ingest_does(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, FILES) / "dot-1"
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, folder)
    intake = take_in([folder])
    assert shown_tree(page) == {
        dossier.dossier_id: [scan.name for scan in dossier.files]
        for dossier in sorted(
            intake.dossiers, key=lambda each: ["hs-002", "hs-003", "hs-010", "le"].index(each.dossier_id)
        )
    }
    left_out = page.locator("#left-out").inner_text()
    assert "dot-1/hs-002/ghi-chu.txt (không phải bản quét)" in left_out
    assert "Thumbs" not in left_out and "bi-mat" not in left_out
    assert "4 hồ sơ, 6 tệp" in page.locator("#dossiers-total").inner_text()
    wait_words(page, "6 tệp")


def test_a_dossier_gets_another_name_by_keyboard(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"dot/hs-001/a.pdf": pdf(1), "dot/hs-002/b.pdf": pdf(2)}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    choose_folder(page, folder)
    page.locator(".fold").first.focus()
    page.keyboard.press("F2")
    page.keyboard.type("hs-007")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="hs-007", exact=True).wait_for()
    assert page.evaluate("document.activeElement.className") == "fold"
    page.keyboard.press("F2")
    page.keyboard.type("hs-002")
    page.keyboard.press("Enter")
    heard(page, "đã có hồ sơ tên hs-002")
    assert set(shown_tree(page)) == {"hs-007", "hs-002"}


def test_loose_files_are_dossiers_of_their_own_or_one(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "le", {"trang 1.pdf": pdf(1), "trang 2.pdf": pdf(2), "trang 1.png": b"\x89PNG\r\n\x1a\n0"}
    )
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, *sorted(folder.iterdir()))
    assert shown_tree(page) == {
        "trang 1": ["trang 1.pdf"],
        "trang 1 (2)": ["trang 1.png"],
        "trang 2": ["trang 2.pdf"],
    }
    assert "trùng tên" in page.locator("#left-out").inner_text()
    page.get_by_role("button", name="Gộp 3 tệp lẻ thành một hồ sơ").click()
    page.locator(".dossier", has_text="trang 1 (2)").wait_for(state="detached")
    assert shown_tree(page) == {"trang 1": ["trang 1.pdf", "trang 1.png", "trang 2.pdf"]}
    page.get_by_role("button", name="Bỏ tệp trang 1.png").click()
    page.locator(".files .name", has_text="trang 1.png").wait_for(state="detached")
    assert shown_tree(page) == {"trang 1": ["trang 1.pdf", "trang 2.pdf"]}


def test_what_is_in_an_archive_is_told_before_it_is_sent(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("hs-001/đơn.pdf", "hs-001/tờ khai.pdf", "hs-002/a.pdf", "__MACOSX/x.pdf", "lẻ.pdf"):
            archive.writestr(name, pdf(len(name)))
    write_folder(tmp_path, {"dot.zip": written.getvalue(), "hong.zip": b"PK khong phai"})
    page = open_page(desk, "/batches/new", "clerk")
    choose_files(page, tmp_path / "dot.zip", tmp_path / "hong.zip")
    note = page.locator(".dossier", has_text="dot").locator(".note")
    note.filter(has_text="3 hồ sơ, 4 tệp (hs-001, hs-002, lẻ)").wait_for()
    page.locator(".state", has_text="chờ gửi").nth(1).wait_for()  # both were looked into
    assert page.locator(".dossier", has_text="hong").locator(".note").inner_text() == ""


def test_folders_and_files_can_be_dropped_anywhere(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    write_folder(tmp_path, {**FILES, "don.pdf": pdf(7), "rong.pdf": b""})
    page = open_page(desk, "/batches/new", "clerk")
    drop_on(page, tmp_path / "dot-1", tmp_path / "don.pdf", tmp_path / "rong.pdf")
    assert shown_tree(page) == {
        "don": ["don.pdf"],
        "hs-002": ["don.PDF", "khong-duoi"],
        "hs-003": ["a.jpg"],
        "hs-010": ["trang 2.pdf", "trang 10.pdf"],
        "le": ["le.tiff"],
    }
    assert "rong.pdf (tệp rỗng)" in page.locator("#left-out").inner_text()


def test_three_hundred_files_stay_quick(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {f"dot/hs-{number:03}/a.pdf": pdf(number) for number in range(300)}) / "dot"
    page = open_page(desk, "/batches/new", "clerk")
    # What is quick is told by what is changed on the page, which no neighbour on the machine adds to.
    page.evaluate(
        """() => {
        window.made = window.changed = 0;
        const watch = new MutationObserver((records) => {
            window.changed += records.length;
            for (const { addedNodes } of records) window.made += addedNodes.length;
        });
        watch.observe(document.getElementById("dossiers"), { subtree: true, childList: true, attributes: true });
    }"""
    )
    choose_folder(page, folder)
    wait_words(page, "300 tệp, 120 kB chưa gửi.")
    assert page.locator(".dossier").count() == 100
    # A row for each dossier that is shown, whose words change from being looked at to waiting: nothing is made anew.
    assert page.evaluate("window.made") <= 100 * 6
    assert page.evaluate("window.changed") <= 100 * 12
    for shown in (200, 300):
        page.locator("#dossiers + .more button").click()
        assert page.locator(".dossier").count() == shown
    before = page.evaluate("window.changed")
    page.locator(".fold").nth(299).click()
    assert page.locator(".files li").count() == 1  # files of closed dossiers are not made
    assert page.evaluate("window.changed") - before <= 12  # nor is any other dossier touched
