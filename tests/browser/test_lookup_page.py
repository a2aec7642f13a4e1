"""The once-only question at the counter, by keyboard, by scanner, without scripts; and the slip for the citizen."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.clerk_world import faults_of
from tests.lookup_papers import HUSBAND, MARRIAGE, WIFE, hold_papers
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

PURPOSE = "Tiếp nhận hồ sơ một cửa"
# What a scanner types of the code on a card.
CARD = f"{WIFE}|012345678|Trần Thị Thử|06051990|Nữ|Hà Nội|01072024"


@pytest.fixture
def asking(desk: Desk) -> Desk:
    hold_papers(desk.office.store, desk.office.catalogue)
    return desk


def choose_marriage(page: "Page") -> None:
    page.keyboard.insert_text("ket hon")  # at once: between two keys there may be time for an answer to the first
    page.locator("#procedure-list li", has_text=MARRIAGE).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def purposes(desk: Desk) -> int:
    """How often the read log says what for."""
    spooled = (desk.office.settings.home / "read-log").glob("*.jsonl")
    return sum(piece.read_text("utf-8").count(PURPOSE) for piece in spooled)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_question_is_asked_by_keyboard(asking: Desk, open_page: OpenPage, scheme: str) -> None:
    page = open_page(asking, "/lookup", "clerk", color_scheme=scheme)
    page.locator("#subject:focus").wait_for()
    page.keyboard.type(WIFE)
    page.keyboard.press("Tab")
    choose_marriage(page)
    assert page.evaluate("document.activeElement.id") == "purpose"
    # Without a purpose there is no answer.
    page.keyboard.press("Enter")
    page.locator("#purpose-wrong", has_text="Nêu mục đích tra cứu").wait_for()
    assert page.evaluate("document.activeElement.id") == "purpose"
    assert faults_of(page) == [] and purposes(asking) == 0
    page.keyboard.type(PURPOSE)
    # The procedure asks about the other person too: that part has opened.
    page.fill("#other_husband", HUSBAND)
    page.keyboard.press("Enter")
    page.locator(".lines.held li").nth(1).wait_for()
    assert page.locator(".lines.held .paper strong").all_inner_texts() == ["Thẻ căn cước"] * 2
    assert "có giá trị đến 01/07/2099" in page.locator(".lines.held").inner_text()
    assert "cấp để dùng vào việc khác" in page.locator(".lines.missing").inner_text()
    assert "Giấy xác nhận tình trạng hôn nhân" in page.locator(".lines.refused .paper").inner_text()
    assert "001******345" in page.locator(".about").inner_text()
    assert page.evaluate("document.activeElement.id") == "answer-heading"
    assert purposes(asking) > 0
    assert WIFE not in page.url and faults_of(page) == []
    open_page.complaints.clear()  # 422


def test_a_scanner_fills_in_the_card(asking: Desk, open_page: OpenPage) -> None:
    page = open_page(asking, "/lookup", "clerk")
    page.locator("#subject:focus").wait_for()
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "procedure"
    assert [page.input_value(f"#{name}") for name in ("subject", "name", "birth")] == [
        WIFE,
        "Trần Thị Thử",
        "06/05/1990",
    ]


def test_the_slip_says_what_need_not_be_brought_and_nothing_for_the_office_alone(
    asking: Desk, open_page: OpenPage
) -> None:
    page = open_page(asking, "/lookup", "clerk")
    page.fill("#subject", WIFE)
    page.fill("#procedure", MARRIAGE)
    page.fill("#purpose", PURPOSE)
    page.locator("#purpose").press("Enter")
    page.locator(".lines.held").wait_for()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="In phiếu cho người dân").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.locator(".slip-title").inner_text() == "PHIẾU GIẤY TỜ KHÔNG PHẢI NỘP LẠI"
    assert page.locator(".lines.held").is_visible() and page.locator(".lines.missing").is_visible()
    assert "Thử clerk" in page.locator(".slip-hand").inner_text()
    assert "nhật ký đọc" in page.locator(".slip-foot").inner_text()
    for hidden in (".top", "h1", "#asking", ".tally", ".lines.refused", ".go-on", ".lines .badge"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert WIFE not in page.locator("main").inner_text()
    # One sheet of paper.
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Quét và nạp giấy tờ còn lại").click()
    page.locator("#drop").wait_for()
    assert page.input_value("#procedure").startswith(MARRIAGE)


def test_the_page_works_without_scripts(asking: Desk, open_page: OpenPage) -> None:
    page = open_page(asking, "/lookup", "clerk", java_script_enabled=False)
    page.fill("#subject", "12345")
    page.fill("#procedure", MARRIAGE)
    with page.expect_navigation():
        page.locator("#asking button.primary").click()
    assert page.locator(".wrong:visible").count() == 2
    page.fill("#subject", WIFE)
    page.fill("#purpose", PURPOSE)
    with page.expect_navigation():
        page.locator("#asking button.primary").click()
    assert page.locator(".lines.held .paper strong").first.inner_text() == "Thẻ căn cước"
    assert page.input_value("#subject") == WIFE
    open_page.complaints.clear()  # 422


def test_separator_sheets_are_made_by_keyboard(desk: Desk, open_page: OpenPage) -> None:
    page = open_page(desk, "/separators", "clerk")
    page.locator("#count:focus").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.locator("#count-wrong", has_text="Số tờ từ 1 đến 100.").wait_for()
    assert faults_of(page) == []
    page.fill("#count", "3")
    page.select_option("#paper_type", label="Giấy khai sinh")
    page.fill("#dossier_code", "H05.12-251112-0012")
    # The browser need not show the file: what it asks for is asked for below.
    page.route("**/separators", lambda route: route.fulfill(status=204))
    with page.expect_request("**/separators") as asked:
        page.locator("#dossier_code").press("Enter")
    assert "251112" not in asked.value.url
    answer = desk.client("clerk").post("/separators", data=dict(asked.value.post_data_json))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.count(b"/Type /Page\n") == 3
    open_page.complaints.clear()  # 422
