"""Several stewards and one paper: who holds it, whose word counts, who keys again. In browsers of their own."""

import re
from typing import TYPE_CHECKING

import pytest

from extractors.record import RecordState
from service.roles import Role
from tests.browser.steward_world import (
    confirm_all,
    doubt_papers,
    expect,
    given_back,
    merge_view,
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
from tests.service.review_world import let_end
from tests.service.sending import until
from tests.services.office import Desk
from tests.services.pages import OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAKEN, BANNER = "409", "#banner:not([hidden])"


@pytest.fixture
def office(filled_desk: Desk) -> Desk:
    for name in ("lan", "hoa"):
        filled_desk.account(name, Role.STEWARD)
    doubt_papers(filled_desk)
    return filled_desk


@pytest.fixture
def birth(office: Desk) -> str:
    return paper_of(office, "giay-khai-sinh")


def banner(page: "Page") -> str:
    return page.locator(f"{BANNER} .words").inner_text()


def to_summary(page: "Page") -> None:
    confirm_all(page)
    page.locator('[data-do="approve"]:focus').wait_for()


def test_of_two_who_open_a_paper_one_holds_it_and_nobody_is_overwritten(
    office: Desk, birth: str, open_page: OpenPage
) -> None:
    people = {name: open_page(office, "/tasks", name) for name in ("lan", "hoa")}
    for page in people.values():
        page.evaluate("path => { setTimeout(() => location.assign(path)); }", f"/tasks/{birth}")
    for page in people.values():
        page.wait_for_url(f"**/tasks/{birth}")
        ready(page)
    (late,) = [name for name, page in people.items() if page.locator(BANNER).count()]
    (early,) = set(people) - {late}
    holding, waiting = people[early], people[late]
    assert re.fullmatch(rf"Thử {early} đang giữ giấy tờ này, đến \d\d:\d\d\. Bạn chỉ xem được\.", banner(waiting))
    waiting.keyboard.type("160/2019")
    assert waiting.locator("#value").count() == 0
    # What is doubtful is not shown as accepted to who only looks.
    assert row(waiting, "full_name").startswith("● ")
    waiting.locator('[data-name="full_name"] .field-line').click()
    assert waiting.locator("#doubt").inner_text() == "Các bộ đọc không khớp."
    waiting.locator(f'{BANNER} [data-choice="skip"]').focus()

    # A laptop is closed: no heartbeat comes, and the lease ends.
    holding.context.set_offline(True)
    let_end(office)
    press(waiting, "Shift+Tab", "Enter")
    opened(waiting, "Số")
    press(waiting, "Enter")
    opened(waiting, "Họ, chữ đệm, tên")
    waiting.keyboard.type("Trần Thử Sau")
    press(waiting, "Enter")
    saved(waiting)

    # Opened again, it goes on where it was; what it sends is too late.
    opened(holding, "Số")
    press(holding, "Enter")
    holding.keyboard.type("Trần Thử Trước")
    press(holding, "Enter")
    holding.locator("#saved.waiting").wait_for()
    holding.context.set_offline(False)
    holding.locator(BANNER).wait_for()
    assert banner(holding).startswith(f"Thử {late} đang giữ") and banner(holding).endswith(
        "Phần bạn nhập vẫn được giữ."
    )
    kept = until(lambda: office.office.drafts.find(birth, early))
    assert kept.fields["full_name"].value == "Trần Thử Trước"
    assert record_of(office, birth).revision == 2

    to_summary(waiting)
    press(waiting, "Enter")
    said(waiting, "Đã duyệt")
    holding.locator(f'{BANNER} [data-choice="retry"]:focus').wait_for()
    press(holding, "Enter")
    holding.locator(".standing", has_text="Đã duyệt.").wait_for()
    assert row(holding, "full_name") == "· Trần Thử Sau"
    settled = record_of(office, birth)
    assert (settled.state, settled.fields["full_name"].decided_by) == (RecordState.APPROVED, f"steward:{late}")
    expect(open_page, TAKEN)
    expect(open_page, "ERR_INTERNET_DISCONNECTED")


def test_the_same_person_in_another_tab_is_told_so(office: Desk, birth: str, open_page: OpenPage) -> None:
    open_task(open_page, office, birth, "lan")
    second = open_page(office, f"/tasks/{birth}", "lan")
    ready(second)
    told = r"Bạn đang mở giấy tờ này ở thẻ hay máy khác, chỗ ấy giữ đến \d\d:\d\d\. Bạn chỉ xem được\."
    assert re.fullmatch(told, banner(second))
    expect(open_page, TAKEN)


def test_who_passes_papers_over_is_not_led_back_to_them(office: Desk, birth: str, open_page: OpenPage) -> None:
    decree, leases = paper_of(office, "quyet-dinh"), office.office.leases
    assert leases.take(birth, "hoa", "trang-cua-hoa")
    page = open_page(office, f"/tasks/{birth}", "lan")
    ready(page)
    page.locator(f'{BANNER} [data-choice="skip"]:focus').wait_for()
    press(page, "Enter")
    page.wait_for_url(f"**/tasks/{decree}")
    ready(page)
    # The first is free again; the second is lost to the same colleague.
    leases.release(birth, "hoa", "trang-cua-hoa")
    let_end(office)
    assert leases.take(decree, "hoa", "trang-cua-hoa")
    press(page, "Enter")
    page.locator(f'{BANNER} [data-choice="skip"]').focus()
    press(page, "Enter")
    page.wait_for_url("**/tasks")
    # From the queue, all that waits is come to again.
    page.locator("#begin:focus").wait_for()
    press(page, "Enter")
    page.wait_for_url(f"**/tasks/{birth}")
    expect(open_page, TAKEN)


def test_a_tab_that_is_closed_gives_its_paper_back(office: Desk, birth: str, open_page: OpenPage) -> None:
    lan = open_task(open_page, office, birth, "lan")
    press(lan, "Enter")
    saved(lan)
    hoa = open_page(office, "/tasks", "hoa")
    assert hoa.locator("tr", has_text="Giấy khai sinh").locator("td", has_text="Thử lan").count() == 1
    lan.close(run_before_unload=True)
    given_back(office, birth)
    hoa.locator("#begin:focus").wait_for()
    press(hoa, "Enter")
    hoa.wait_for_url(f"**/tasks/{birth}")
    opened(hoa, "Số")


def test_a_save_on_what_changed_meanwhile_is_merged_by_keyboard(office: Desk, birth: str, open_page: OpenPage) -> None:
    lan = open_task(open_page, office, birth, "lan")
    elsewhere = {"full_name": "Trần Thử Hai", "sex": "Nữ"}
    merge = merge_view(lan, office, birth, elsewhere)
    sets = merge.locator("fieldset")
    assert [sets.nth(at).locator("legend").inner_text() for at in range(sets.count())] == [
        "Họ, chữ đệm, tên",
        "Giới tính",
    ]
    assert sets.first.locator("strong").all_inner_texts() == ["Trần Thử Một", "Trần Thử Hai"]
    sets.last.locator("canvas:not([hidden])").wait_for()
    press(lan, "1", "2", "Enter")
    merge.wait_for(state="hidden")
    said(lan, "phần của bạn đã được gộp")
    assert (row(lan, "full_name"), row(lan, "sex")) == ("✓ Trần Thử Một", "· Nữ")
    assert record_of(office, birth).revision == 3
    lan.locator('[data-do="approve"]:focus').wait_for()
    press(lan, "Enter")
    said(lan, "Đã duyệt")
    settled = record_of(office, birth)
    assert settled.state is RecordState.APPROVED
    assert {name: settled.fields[name].value for name in elsewhere} == {"full_name": "Trần Thử Một", "sex": "Nữ"}
    expect(open_page, TAKEN)


def test_a_number_that_was_typed_is_keyed_blind_by_another_and_settled_by_a_third(
    office: Desk, birth: str, open_page: OpenPage
) -> None:
    lan = open_task(open_page, office, birth, "lan")
    lan.keyboard.type("158/2019")
    press(lan, "Enter")
    to_summary(lan)
    press(lan, "Enter")
    said(lan, "chờ người khác nhập lần hai")
    lan.locator("#paper-name", has_text="Quyết định").wait_for()
    assert record_of(office, birth).state is RecordState.NEEDS_REVIEW
    lan.goto(re.sub("/tasks/.*", f"/tasks/{birth}", lan.url))
    lan.locator(".standing", has_text="Chờ người khác nhập lần hai.").wait_for()
    assert lan.locator("#value").count() == 0

    hoa = open_task(open_page, office, birth, "hoa")
    opened(hoa, "Số")
    assert (value(hoa), hoa.locator(".proposal").count()) == ("", 0)
    assert "158" not in hoa.locator("#review").inner_text()
    press(hoa, "Alt+r")
    said(hoa, "không nhờ máy đọc")
    hoa.keyboard.type("159/2019")
    press(hoa, "Enter")
    hoa.locator("#finish.ready").wait_for()
    press(hoa, "Enter")
    said(hoa, "chờ phụ trách phân xử")
    assert record_of(office, birth).state is RecordState.NEEDS_REVIEW

    queue = open_page(office, "/tasks", "supervisor")
    assert queue.locator("tr", has_text="Giấy khai sinh").locator(".badge").inner_text() == "chờ phân xử"
    third = open_task(open_page, office, birth, "supervisor")
    opened(third, "Số")
    assert third.locator(".proposed").all_inner_texts() == ["158/2019", "159/2019"]
    assert "lan" not in third.locator(".open-field").inner_text()
    press(third, "Alt+2", "Enter")
    third.locator("#finish.ready").wait_for()
    with third.expect_response(re.compile("/settle")):
        press(third, "Enter")
    settled = record_of(office, birth)
    assert (settled.state, settled.fields["number"].value) == (RecordState.APPROVED, "159/2019")
