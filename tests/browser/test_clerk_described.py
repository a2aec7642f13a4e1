"""What is asked once for a batch, from where it is filled in, and the question to the store before scanning."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.clerk_world import batch_of, choose_folder, good_scan, wait_words, write_folder
from tests.lookup_papers import HUSBAND, MARRIAGE, WIFE, hold_papers
from tests.service.sending import until
from tests.services.office import Desk
from tests.services.pages import OpenPage, heard

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

CODE = "H05.12.3-251112-0012"
QR = f"{CODE}|{MARRIAGE}.000.00.00.H05|{WIFE}"


def described(desk: Desk, page: "Page") -> tuple[str | None, str | None, str | None]:
    row = desk.office.batches.find(batch_of(page))
    assert row is not None
    return row.dossier_code, row.procedure_code, row.agency


def folder_with(path: Path, **scans: bytes) -> Path:
    return write_folder(path, {f"dot/hs-001/{name}.tif": data for name, data in scans.items()}) / "dot"


def test_the_code_of_a_receipt_fills_in_what_it_says(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    page.fill("#agency", "H05.12")
    choose_folder(page, folder_with(tmp_path, bien_nhan=good_scan(4, qr=QR)))
    page.locator("#send").click()
    page.locator("#dossier-code-hint", has_text="Lấy từ mã trên tệp bien_nhan.tif.").wait_for()
    heard(page, f"mã hồ sơ {CODE}, thủ tục {MARRIAGE}")
    # The clerk named the agency: what the receipt says of it changes nothing.
    until(lambda: described(desk, page) == (CODE, MARRIAGE, "H05.12"))
    assert page.input_value("#procedure") == f"{MARRIAGE} · Thủ tục đăng ký kết hôn"


def test_a_unit_of_the_clerks_agency_is_filled_in_and_another_agency_is_not(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    # A hand-held scanner types what the code says, and Enter.
    page.locator("#dossier_code").focus()
    page.keyboard.type(QR)
    page.keyboard.press("Enter")
    page.locator("#procedure").and_(page.locator("[aria-expanded=false]")).wait_for()
    until(lambda: page.input_value("#procedure").startswith(MARRIAGE))
    assert (page.input_value("#dossier_code"), page.input_value("#agency")) == (CODE, "H05.12.3")
    choose_folder(page, folder_with(tmp_path, a=good_scan(4, qr="H17-251112-0001")))
    page.locator("#send").click()
    wait_words(page, "Trang nào cũng dùng được")
    page.reload()
    page.locator(".dossier").wait_for()
    assert described(desk, page) == (CODE, MARRIAGE, "H05.12.3")


def test_a_code_that_the_clerk_typed_stays(desk: Desk, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    page.fill("#dossier_code", "H05.12-251112-0099")
    choose_folder(page, folder_with(tmp_path, bien_nhan=good_scan(4, qr=QR)))
    page.locator("#send").click()
    assert "mã hồ sơ" not in heard(page, f"thủ tục {MARRIAGE}")
    until(lambda: described(desk, page) == ("H05.12-251112-0099", MARRIAGE, "H05.12.3"))
    page.reload()
    page.locator(".dossier .badge", has_text="đạt").wait_for()
    assert page.input_value("#dossier_code") == "H05.12-251112-0099"


def test_what_the_service_will_not_take_is_said_beside_its_input(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    page.fill("#dossier_code", "ho so 12")
    choose_folder(page, folder_with(tmp_path, a=good_scan(4)))
    page.locator("#dossier_code-wrong:visible").wait_for()
    assert page.evaluate("document.activeElement.id") == "dossier_code"
    page.keyboard.press("Control+a")
    page.keyboard.type("H05.12-251112-0099")
    page.locator("#send").click()
    wait_words(page, "Trang nào cũng dùng được")
    assert described(desk, page)[0] == "H05.12-251112-0099"
    assert page.locator("#dossier_code-wrong:visible").count() == 0
    open_page.complaints.clear()  # 422


def test_a_code_that_is_mended_while_the_batch_is_being_opened_is_what_it_is_opened_with(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(desk, "/batches/new", "clerk")
    openings: list[Route] = []

    def hold_first(route: "Route") -> None:
        openings.append(route)
        if len(openings) > 1:
            route.continue_()

    page.route(re.compile("/v1/batches$"), hold_first)
    page.fill("#dossier_code", "ho so 12")
    choose_folder(page, folder_with(tmp_path, a=good_scan(4)))
    until(lambda: page.evaluate("true") and openings)
    page.fill("#dossier_code", "H05.12-251112-0099")
    page.locator("#send").click()
    openings[0].continue_()
    wait_words(page, "Trang nào cũng dùng được")
    assert described(desk, page)[0] == "H05.12-251112-0099"
    assert page.locator("#dossier_code-wrong:visible").count() == 0
    open_page.complaints.clear()  # 422


def test_the_store_is_asked_before_scanning_and_the_slip_is_printed_alone(
    desk: Desk, open_page: OpenPage, tmp_path: Path
) -> None:
    hold_papers(desk.office.store, desk.office.catalogue)
    page = open_page(desk, f"/batches/new?procedure={MARRIAGE}", "clerk")
    assert page.input_value("#procedure") == f"{MARRIAGE} · Thủ tục đăng ký kết hôn"
    page.locator("#subject").focus()
    page.keyboard.type(WIFE)
    page.keyboard.press("Enter")
    page.locator("#held .lines.held", has_text="Thẻ căn cước").wait_for()
    assert page.evaluate("document.activeElement.id") == "answer-heading"
    assert WIFE not in page.locator("#held").inner_text() and HUSBAND not in page.locator("#held").inner_text()
    choose_folder(page, folder_with(tmp_path, a=good_scan(4)))
    assert not page.locator("#held .lines.held").is_visible()  # folded: the files are what matters now
    page.locator("#held > summary").click()
    page.evaluate("window.print = () => { window.printed = document.body.className; }")
    page.get_by_role("button", name="In phiếu cho người dân").click()
    assert page.evaluate("window.printed") == "prints-slip"
    page.emulate_media(media="print")
    assert page.locator(".slip-title").is_visible() and page.locator(".lines.missing").is_visible()
    for hidden in ("h1", "#drop", "#dossiers-section", "#deed", "#described", "#held > summary", ".top"):
        assert not page.locator(hidden).is_visible(), hidden
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#dossiers-section").is_visible()
