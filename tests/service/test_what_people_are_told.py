"""Words in place of codes, and states that do not lie: what a person without the documents sees on the pages."""

import re
from datetime import UTC, datetime

from extractors.paper_type import UNKNOWN_PAPER_TYPE
from service.pages.board_charts import chart
from service.pages.board_view import view_of
from service.roles import Principal, Role
from storage.desk.accounts import Account
from storage.dossier import Dossier, DossierState
from storage.dossiers import save_dossier
from storage.upkeep import check_up
from tests.service.review_world import keep_unknown
from tests.service.test_feed import draft
from tests.services.office import AGENCY, Desk

PAGE = {"accept": "text/html"}
NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
HEAD = Principal("truong", "Trưởng", frozenset({Role.SUPERVISOR}), None)


def test_who_asks_for_a_page_that_is_not_there_stays_signed_in(desk: Desk) -> None:
    missing = desk.client("clerk").get("/khong-co-trang-nay", headers=PAGE)
    assert missing.status_code == 404
    assert "Nạp hồ sơ" in missing.text and "Đăng xuất" in missing.text
    stranger = desk.client(None).get("/khong-co-trang-nay", headers=PAGE)
    assert stranger.status_code == 404 and "Đăng xuất" not in stranger.text


def test_the_board_names_what_the_machine_did_not_recognise(desk: Desk) -> None:
    keep_unknown(desk)
    board = desk.client("supervisor").get("/board", headers=PAGE).text
    assert "Không rõ loại" in board and UNKNOWN_PAPER_TYPE not in board


def test_charts_of_few_papers_have_whole_numbers_once(desk: Desk) -> None:
    draft(desk, 1, agency=AGENCY, doubtful=("sex",))
    drawn = chart("tuoi", view_of(desk.office, HEAD, 7), dark=False).decode()
    marks = re.findall(r'<text[^>]*class="[^"]*"[^>]*>(\d+)</text>', drawn)
    assert sorted(marks) == ["0", "1"]


def test_dossiers_are_called_by_their_codes_and_never_by_a_pseudonym(desk: Desk) -> None:
    for dossier_id in ("hs-001", "hồ sơ của bà Thử"):
        dossier = Dossier(dossier_id=dossier_id, revision=1, state=DossierState.FAILED, agency=AGENCY, created_at=NOON)
        desk.office.catalogue.project_dossier(save_dossier(desk.office.store, dossier))
    shown = desk.client("steward").get("/dossiers", headers=PAGE).text
    assert ">hs-001</a>" in shown and ">hồ sơ có tên riêng</a>" in shown
    assert "bà Thử" not in shown and ">n-" not in shown


def test_the_queue_tells_of_which_dossier_a_paper_is(desk: Desk) -> None:
    row = draft(desk, 1, agency=AGENCY, doubtful=("sex",))
    assert f">{row.dossier_id}</a>" in desk.client("steward").get("/tasks", headers=PAGE).text


def test_a_read_log_that_was_never_checked_does_not_look_sound(desk: Desk) -> None:
    before = desk.client("auditor").get("/reads", headers=PAGE).text
    assert 'class="chain unsure"' in before and "nhờ người quản trị máy chủ chạy" in before
    check_up(desk.office.settings)
    assert 'class="chain"' in desk.client("auditor").get("/reads", headers=PAGE).text


def test_who_changed_an_account_at_the_server_is_told_in_words(desk: Desk) -> None:
    new = Account("moi", "Người mới", frozenset({Role.CLERK}), AGENCY, is_local=False)
    desk.office.accounts.add(new, None, by="os:quantri")
    shown = desk.client("admin").get("/accounts/moi", headers=PAGE).text
    assert "quantri" in shown and "ở máy chủ" in shown and "os:" not in shown
