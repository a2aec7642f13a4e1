"""What was entered survives: a page loaded again, a cut line, another person at the same browser."""

import re

import pytest

from extractors.record import RecordState
from service.roles import Role
from tests.browser.steward_world import (
    confirm_all,
    doubt_papers,
    expect,
    given_back,
    open_task,
    opened,
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

CUT = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def birth(filled_desk: Desk) -> str:
    filled_desk.account("lan", Role.STEWARD)
    return doubt_papers(filled_desk)


def test_a_page_that_is_loaded_again_goes_on_where_it_was(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth, "lan")
    press(page, "Enter")
    opened(page, "Họ, chữ đệm, tên")
    page.keyboard.type("Trần Thử")
    press(page, "Tab")
    opened(page, "Ngày, tháng, năm sinh")
    saved(page)
    page.reload()
    ready(page)
    opened(page, "Họ, chữ đệm, tên")
    assert (row(page, "number"), value(page)) == ("✓ 159/2019", "Trần Thử")
    page.keyboard.type(" Nghiệm")
    press(page, "Enter")
    opened(page, "Ngày, tháng, năm sinh")
    saved(page)
    # From another machine the settled fields are there too.
    elsewhere = open_task(open_page, filled_desk, birth, "steward")
    assert elsewhere.locator("#banner:not([hidden])").count() == 1
    page.goto(re.sub("/tasks/.*", "/tasks", page.url))
    given_back(filled_desk, birth)
    other = open_task(open_page, filled_desk, birth, "lan")
    opened(other, "Ngày, tháng, năm sinh")
    assert (row(other, "number"), row(other, "full_name")) == ("✓ 159/2019", "✓ Trần Thử Nghiệm")
    expect(open_page, "409")


def test_a_line_that_is_cut_loses_nothing(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth, "lan")
    page.context.set_offline(True)
    press(page, "Enter")
    opened(page, "Họ, chữ đệm, tên")
    page.keyboard.type("Trần Thử Nghiệm")
    press(page, "Enter")
    page.locator("#saved.waiting", has_text="mất mạng").wait_for()
    assert filled_desk.office.drafts.find(birth, "lan") is None
    page.context.set_offline(False)
    saved(page)
    kept = filled_desk.office.drafts.find(birth, "lan")
    assert kept is not None and kept.fields["full_name"].value == "Trần Thử Nghiệm"

    # Cut off at the last key: the approval waits for the line, and is sent once.
    confirm_all(page)
    page.context.set_offline(True)
    press(page, "Enter")
    page.locator(".standing", has_text="sẽ gửi ngay khi có mạng").wait_for()
    assert record_of(filled_desk, birth).revision == 2
    page.context.set_offline(False)
    said(page, "Đã duyệt: Giấy khai sinh.")
    settled = record_of(filled_desk, birth)
    assert (settled.state, settled.revision) == (RecordState.APPROVED, 4)
    assert settled.fields["full_name"].value == "Trần Thử Nghiệm"
    expect(open_page, CUT)


def test_who_signs_in_next_finds_nothing_of_who_was_here(filled_desk: Desk, birth: str, open_page: OpenPage) -> None:
    page = open_task(open_page, filled_desk, birth, "lan")
    page.keyboard.type("158/20")
    press(page, "Tab")
    opened(page, "Họ, chữ đệm, tên")
    # The session ends, and another person signs in at the same tab.
    token, _ = filled_desk.session("steward")
    page.goto(re.sub("/tasks/.*", "/tasks", page.url))
    given_back(filled_desk, birth)
    (cookie,) = page.context.cookies()
    page.context.add_cookies([{**cookie, "value": token}])
    page.goto(re.sub("/tasks.*", f"/tasks/{birth}", page.url))
    ready(page)
    opened(page, "Số")
    assert value(page) == "159/2019"
