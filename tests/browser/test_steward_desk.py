"""A steward settles papers by keyboard alone, in a real browser, on drawn papers that the machine read."""

import re
import time

import pytest

from extractors.record import RecordState
from tests.browser.steward_world import (
    BIRTH,
    DECREE,
    doubt,
    doubt_papers,
    drawn,
    focus_of,
    label,
    open_task,
    opened,
    paper_of,
    press,
    ready,
    record_of,
    row,
    said,
    saved,
    value,
)
from tests.services.office import Desk
from tests.services.pages import OpenPage


@pytest.fixture
def birth(filled_desk: Desk) -> str:
    """A birth certificate with five doubtful fields; the oldest in the queue, and the only one."""
    return doubt_papers(filled_desk)


def test_the_queue_is_emptied_by_keyboard_alone(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    doubt(filled_desk, paper_of(filled_desk, "thong-bao"), ("place", "signer_name"))
    page = open_page(filled_desk, "/tasks", "steward")
    page.locator("#begin:focus").wait_for()
    press(page, "Enter")
    page.wait_for_url("**/tasks/r*")
    ready(page)
    papers = fields = 0
    while papers < 10:
        papers += 1
        while page.locator("#finish.ready").count() == 0:
            before = label(page)
            press(page, "Enter")
            fields += 1
            page.locator(".open-head label", has_text=re.compile(f"^{re.escape(before)}$")).wait_for(state="detached")
        assert focus_of(page) == "approve"
        paper = page.url
        with page.expect_response(re.compile("/settle")) as settled:
            press(page, "Enter")
        assert settled.value.json()["state"] == "approved"
        page.wait_for_url(lambda url: url != paper)  # noqa: B023  until then the page shows what was settled
        page.locator("#review:not(.loading)").or_(page.locator(".empty")).wait_for()
        if page.locator(".empty").count():
            break
    assert (papers, fields) == (3, len(BIRTH) + len(DECREE) + 2)
    assert filled_desk.office.catalogue.waiting() == ()
    for row_of in filled_desk.office.catalogue.records():
        record = record_of(filled_desk, row_of.record_id)
        assert record.state is RecordState.APPROVED
        assert record.decision is not None and record.decision.by == "steward"


def test_a_field_shows_why_it_waits_where_it_stands_and_what_readers_saw(
    filled_desk: Desk, birth: str, open_page: OpenPage
) -> None:
    page = open_task(open_page, filled_desk, birth)
    opened(page, "Số")
    assert page.locator("#doubt").inner_text() == "Các bộ đọc không khớp."
    assert page.locator(".crop").bounding_box()["height"] > 30
    assert page.locator(".box.current").count() == 1
    press(page, "Enter", "Enter")
    opened(page, "Ngày, tháng, năm sinh")
    assert "tháng" in page.locator("#understood").inner_text()
    press(page, "Enter", "Enter")
    opened(page, "Nơi sinh")
    proposals = page.locator(".proposal")
    assert proposals.count() >= 2
    assert proposals.first.locator("mark").count() >= 1
    drawn(page)
    seen = page.locator(".stage").bounding_box()
    current = page.locator(".box.current").bounding_box()
    assert seen["y"] < current["y"] < seen["y"] + seen["height"]


def test_the_whole_desk_stands_on_one_screen(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    for _ in range(len(BIRTH)):
        drawn(page)
        heights = page.evaluate("() => [document.scrollingElement.scrollHeight, document.scrollingElement.scrollWidth]")
        assert heights == [614, 1093]
        box = page.locator(".fields-box").bounding_box()
        card = page.locator(".open-field").bounding_box()
        assert box["y"] <= card["y"] and card["y"] + card["height"] <= box["y"] + box["height"]
        press(page, "Enter")


def test_digits_pick_proposals_and_zero_says_the_paper_has_none(
    filled_desk: Desk, birth: str, open_page: OpenPage
) -> None:
    page = open_task(open_page, filled_desk, birth)
    # Places may begin with a digit: it is typed, and Enter takes it for the proposal.
    press(page, "Tab", "Tab", "Tab", "Tab")
    opened(page, "Nơi sinh")
    held, other = (page.locator(".proposed").nth(at).inner_text() for at in (0, 1))
    assert value(page) == held
    press(page, "2", "Enter")
    saved(page)
    assert row(page, "place_of_birth") == f"✓ {other}"
    # Names never do: the digit picks at once.
    opened(page, "Số")
    press(page, "Tab")
    opened(page, "Họ, chữ đệm, tên")
    press(page, "0")
    assert (value(page), page.locator(".blank").get_attribute("aria-pressed")) == ("", "true")
    press(page, "1")
    assert value(page) == "Trần Đình Vỹ"
    press(page, "Alt+0", "Enter")
    assert row(page, "full_name") == "✓ giấy không ghi"


def test_what_is_typed_is_understood_or_refused(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Enter", "Enter")
    opened(page, "Ngày, tháng, năm sinh")
    page.keyboard.type("06/05/2019")
    page.locator("#understood", has_text="thứ Hai, ngày 6 tháng 5 năm 2019").wait_for()
    press(page, "Control+a")
    page.keyboard.type("31/02/2019")
    page.locator("#understood.bad", has_text="Ngày không có thật").wait_for()
    assert page.locator("#value").get_attribute("aria-invalid") == "true"
    press(page, "Enter")
    opened(page, "Ngày, tháng, năm sinh")
    # Faster than the check: the field comes back by itself.
    press(page, "Control+a")
    page.keyboard.type("45/13/2019")
    press(page, "Enter")
    page.locator("#understood.bad").wait_for()
    assert (label(page), value(page)) == ("Ngày, tháng, năm sinh", "45/13/2019")
    press(page, "Escape", "Enter")
    opened(page, "Giới tính")


def test_an_empty_input_is_no_answer(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Delete", "Enter")
    page.locator("#understood.bad", has_text="bấm 0").wait_for()
    assert label(page) == "Số"


def test_settled_fields_are_taken_back_one_by_one(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Enter")
    page.keyboard.type("Trần Thử Nghiệm")
    press(page, "Enter", "Enter")
    opened(page, "Giới tính")
    press(page, "Control+z")
    opened(page, "Ngày, tháng, năm sinh")
    press(page, "Control+z")
    opened(page, "Họ, chữ đệm, tên")
    assert value(page) == "Trần Đình Vỹ"
    press(page, "Control+z")
    opened(page, "Số")
    press(page, "Control+z")
    said(page, "Không còn gì để hoàn tác")
    assert page.locator(".standing").inner_text() == "Còn 5/5 trường."
    # While a value is typed, the browser's own undo works in it.
    page.keyboard.type("1")
    press(page, "Control+z")
    assert value(page) == "159/2019"


def test_leaving_a_field_keeps_what_is_typed(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    page.keyboard.type("160/20")
    press(page, "Tab")
    opened(page, "Họ, chữ đệm, tên")
    assert row(page, "number") == "✎ 160/20"
    press(page, "Escape")
    opened(page, "Số")
    assert value(page) == "160/20"
    page.keyboard.type("19")
    press(page, "Enter")
    assert row(page, "number") == "✓ 160/2019"


def test_an_accepted_field_is_looked_at_with_arrows_and_opened_on_purpose(
    filled_desk: Desk, birth: str, open_page: OpenPage
) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    page.locator(".field.current", has_text="Dân tộc").wait_for()
    assert "F2 để sửa" in page.locator("#doubt").inner_text()
    assert page.locator("#value").count() == 0
    page.keyboard.type("Mường")
    assert row(page, "ethnicity") == "· Kinh"
    press(page, "F2")
    opened(page, "Dân tộc")
    press(page, "Enter")
    page.locator(".open-head label", has_text="Nơi sinh").wait_for()
    assert row(page, "ethnicity") == "· Kinh"
    press(page, "ArrowUp", "ArrowUp", "F2")
    page.keyboard.type("Tày")
    press(page, "Enter")
    assert row(page, "ethnicity") == "✓ Tày"


def test_letters_that_are_being_composed_are_no_shortcuts(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Tab")
    opened(page, "Họ, chữ đệm, tên")
    session = page.context.new_cdp_session(page)
    for composed in ("T", "Tr", "Tra", "Trâ", "Trần"):
        session.send(
            "Input.imeSetComposition",
            {"text": composed, "selectionStart": len(composed), "selectionEnd": len(composed)},
        )
    # What the keyboard sends meanwhile has no meaning of its own, whatever the key says.
    for key in ("2", "Enter", "0", "?", "Escape"):
        page.locator("#value").dispatch_event(
            "keydown",
            {"key": key, "code": key, "keyCode": 229, "isComposing": True, "bubbles": True, "cancelable": True},
        )
    assert (label(page), value(page)) == ("Họ, chữ đệm, tên", "Trần")
    session.send("Input.insertText", {"text": "Trần"})
    page.keyboard.type(" Thị 1")
    assert value(page) == "Trần Thị 1"
    press(page, "Backspace", "Backspace", "Enter")
    assert row(page, "full_name") == "✓ Trần Thị"


def test_a_digit_that_is_a_value_too_is_asked_about(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    decree = paper_of(filled_desk, "quyet-dinh")
    doubt(filled_desk, decree, DECREE, {"code_number": "3997"})
    page = open_task(open_page, filled_desk, decree)
    opened(page, "Số")
    press(page, "2", "Enter")
    page.locator("#understood.warn", has_text="Alt + 2").wait_for()
    assert label(page) == "Số"
    press(page, "Alt+2")
    assert value(page) == "3997"
    press(page, "Enter")
    opened(page, "Trích yếu")


def test_a_region_is_read_again_into_the_field(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Alt+r")
    page.locator(".frame").wait_for()
    drawn(page)
    before = page.locator(".frame").bounding_box()
    press(page, "ArrowRight", "Shift+ArrowRight", "ArrowLeft", "Shift+ArrowLeft")
    drawn(page)
    assert page.locator(".frame").bounding_box() == pytest.approx(before, abs=2)
    with page.expect_response(re.compile("/read-region")) as read:
        press(page, "Enter")
    assert read.value.ok
    page.wait_for_function("() => document.querySelector('#heard').textContent.startsWith('Đọc được')")
    assert "159/2019" in value(page)
    press(page, "Alt+r", "Escape")
    assert page.locator(".frame").count() == 0
    assert focus_of(page) == "value"


def test_a_region_is_drawn_with_the_mouse(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Tab")
    opened(page, "Họ, chữ đệm, tên")
    drawn(page)
    box = page.locator(".box.current").bounding_box()
    page.get_by_label("Chọn vùng đọc lại").click()
    page.mouse.move(box["x"] - 4, box["y"] - 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 4, box["y"] + box["height"] + 4, steps=4)
    page.mouse.up()
    read = "() => document.querySelector('#value').value.toLocaleLowerCase('vi') === 'trần đình vỹ'"
    page.wait_for_function(f"{read} && document.querySelector('#heard').textContent.startsWith('Đọc được')")


def test_the_picture_is_zoomed_moved_turned_and_paged(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, paper_of(filled_desk, "quyet-dinh"))
    sheet = page.locator(".sheet")
    drawn(page)
    fitted = sheet.bounding_box()
    press(page, "Alt+=")
    drawn(page)
    assert sheet.bounding_box()["width"] == pytest.approx(fitted["width"] * 1.25, abs=2)
    press(page, "F6", "0")
    drawn(page)
    assert sheet.bounding_box()["width"] == pytest.approx(fitted["width"], abs=2)
    press(page, "+", "+")
    drawn(page)
    before = sheet.bounding_box()
    press(page, "ArrowRight")
    drawn(page)
    assert sheet.bounding_box()["x"] < before["x"]
    press(page, "0", "x")
    drawn(page)
    turned = sheet.bounding_box()
    assert turned["width"] == pytest.approx(fitted["width"], abs=2)
    assert turned["height"] == pytest.approx(fitted["width"] ** 2 / fitted["height"], abs=3)
    press(page, "PageDown")
    page.locator('.strip button[aria-current="page"]', has_text="2").wait_for()
    press(page, "Escape")
    assert focus_of(page) == "value"
    press(page, "PageUp")
    page.locator('.strip button[aria-current="page"]', has_text="1").wait_for()
    box = page.locator(".stage").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.wheel(0, -200)
    drawn(page)
    assert focus_of(page) == "value"


def test_a_box_on_the_picture_opens_its_field(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    page.locator('.box[data-field="sex"]').click()
    opened(page, "Giới tính")


def test_seconds_of_each_field_are_measured_and_sent(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    began = time.monotonic()
    page = open_task(open_page, filled_desk, birth)
    page.wait_for_function("begun => performance.now() - begun > 400", arg=page.evaluate("performance.now()"))
    press(page, "Enter")
    saved(page)
    draft = filled_desk.office.drafts.find(birth, "steward")
    assert draft is not None and 0.3 <= draft.fields["number"].seconds <= time.monotonic() - began
    assert draft.fields["number"].page == 0


def test_the_table_of_keys_is_one_key_away(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "?")
    page.get_by_role("dialog", name="Phím tắt").wait_for()
    press(page, "Escape")
    opened(page, "Số")
    page.keyboard.type("1?")
    assert value(page) == "1?"


def test_a_paper_is_rejected_with_a_reason(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Alt+l")
    page.get_by_role("dialog", name="Loại bỏ giấy tờ này").wait_for()
    press(page, "Escape")
    opened(page, "Số")
    press(page, "Alt+l", "1", "Enter")
    page.locator("#paper-name", has_text="Quyết định").wait_for()
    record = record_of(filled_desk, birth)
    assert (record.state, record.decision.reason) == (RecordState.REJECTED, "quét nhầm giấy")


def test_a_wrong_split_leads_to_the_dossier(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Alt+s")
    page.wait_for_url(f"**/dossiers/hs-101?record={birth}")
    page.locator('[aria-current="true"][data-page$="/3"]').wait_for()


def test_control_enter_settles_the_field_and_signs_the_paper_off(
    filled_desk: Desk, birth: str, open_page: OpenPage
) -> None:
    page = open_task(open_page, filled_desk, birth)
    press(page, "Control+Enter")
    said(page, "Còn 4 trường")
    opened(page, "Họ, chữ đệm, tên")
    press(page, "Enter", "Enter", "Enter")
    opened(page, "Nơi sinh")
    press(page, "Control+Enter")
    page.locator("#paper-name", has_text="Quyết định").wait_for()
    assert record_of(filled_desk, birth).state is RecordState.APPROVED
    assert page.url.endswith(paper_of(filled_desk, "quyet-dinh"))


def test_who_hears_the_page_hears_field_doubt_and_result(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth)
    field = page.get_by_role("textbox", name="Số", exact=True)
    described = field.get_attribute("aria-describedby").split()
    assert "Các bộ đọc không khớp." in [page.locator(f"#{name}").inner_text() for name in described]
    press(page, "Enter")
    heard = page.locator("#heard")
    assert heard.inner_text() == "Số: 159/2019. Còn 4 trường cần xem."
    assert heard.get_attribute("aria-live") == "polite"
