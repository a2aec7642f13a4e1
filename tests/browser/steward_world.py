"""What stewards' pages are tested with: records with doubtful fields, and a person at the keyboard. All is invented."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from extractors.record import Record, RecordState
from ocr.page import Said
from storage.acts import Act
from storage.decisions import correct
from storage.records import load_record, save_draft
from tests.service.sending import until
from tests.services.office import Desk
from tests.services.pages import OpenPage, heard

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

BIRTH = ("number", "full_name", "date_of_birth", "sex", "place_of_birth")
DECREE = ("code_number", "subject", "signer_name")
FOCUS = """() => {
  const found = document.activeElement;
  return found.id || found.dataset.do || found.className || found.tagName;
}"""


def record_of(desk: Desk, record_id: str) -> Record:
    """Return the latest revision of a record."""
    found = load_record(desk.office.store, record_id)
    assert found is not None
    return found


def paper_of(desk: Desk, paper_type: str) -> str:
    """Return the record of the one paper of a type that the office holds."""
    return next(row.record_id for row in desk.office.catalogue.records() if row.paper_type == paper_type)


def doubt(desk: Desk, record_id: str, names: Iterable[str], readings: Mapping[str, str] | None = None) -> Record:
    """Let fields of a machine's record wait for a person, and no others; `readings`: what another reader saw in them."""
    record = record_of(desk, record_id)
    doubtful, others = set(names), readings or {}
    fields = {
        name: field.model_copy(
            update={"accepted": False, "decided_by": None, "reasons": ("readers-differ",), "sampled": False}
            if name in doubtful
            else {"accepted": True, "decided_by": "two-readers", "reasons": (), "sampled": False}
        )
        for name, field in record.fields.items()
    }
    for name, text in others.items():
        fields[name] = fields[name].model_copy(update={"said": (Said(reader="bộ đọc dòng", text=text),)})
    draft = record.model_copy(update={"fields": fields, "state": RecordState.NEEDS_REVIEW})
    kept = save_draft(desk.office.store, draft)
    desk.office.catalogue.project_record(kept)
    return kept


def doubt_papers(desk: Desk, readings: Mapping[str, str] | None = None) -> str:
    """Let a birth certificate and a decree wait for a person; return the certificate, the first in the queue."""
    birth = paper_of(desk, "giay-khai-sinh")
    doubt(desk, birth, BIRTH, readings)
    doubt(desk, paper_of(desk, "quyet-dinh"), DECREE)
    return birth


def press(page: "Page", *keys: str) -> None:
    """Press keys, one after another."""
    for key in keys:
        page.keyboard.press(key)


def label(page: "Page") -> str:
    """Return the label of the field that is open."""
    return page.locator(".open-head label").inner_text()


def opened(page: "Page", words: str) -> None:
    """Wait until the field with this label is open and has the focus."""
    page.locator(".open-head label", has_text=words).wait_for()
    page.locator("#value:focus").wait_for()


def ready(page: "Page") -> None:
    """Wait until a paper lies on the desk, with its picture and the enlarged piece of it."""
    page.locator("#review:not(.loading)").wait_for()
    page.locator(".viewer img:not([hidden])").wait_for()


def said(page: "Page", words: str) -> None:
    """Wait for a sentence shown for a moment."""
    heard(page, words)


def given_back(desk: Desk, record_id: str) -> None:
    """Wait until nobody holds a paper: a page that is left gives its papers back behind it."""
    until(lambda: desk.office.leases.holder(record_id) is None)


def saved(page: "Page") -> None:
    """Wait until the draft lies at the service."""
    page.locator("#saved.saved", has_text="đã lưu nháp").wait_for()


def focus_of(page: "Page") -> str:
    """Return what has the focus."""
    return page.evaluate(FOCUS)


def open_task(open_page: OpenPage, desk: Desk, record_id: str, account: str = "steward", **options: object) -> "Page":
    """Open the desk with a paper, as an account."""
    page = open_page(desk, f"/tasks/{record_id}", account, **options)
    ready(page)
    return page


def value(page: "Page") -> str:
    """Return what stands in the input of the open field."""
    return page.locator("#value").input_value()


def row(page: "Page", name: str) -> "str":
    """Return what the list shows of a field: mark and value."""
    field = page.locator(f'li[data-name="{name}"]')
    return f"{field.locator('.mark').text_content()} {field.locator('.value').text_content()}"


def confirm_all(page: "Page") -> None:
    """Confirm every field that waits, with Enter, up to the summary."""
    while not all_settled(page):
        before = page.locator(".open-head .place").inner_text()
        press(page, "Enter")
        page.wait_for_function(
            "before => document.querySelector('.open-head .place')?.textContent !== before", arg=before
        )


def merge_view(page: "Page", desk: Desk, record_id: str, values: Mapping[str, str]) -> "Locator":
    """Name the child Trần Thử Một at a ready desk; return what is then asked, as a command on the server was first."""
    press(page, "Enter")
    for words, text in (("Họ, chữ đệm, tên", "Trần Thử Một"), ("Ngày", ""), ("Giới tính", ""), ("Nơi sinh", "")):
        opened(page, words)
        page.keyboard.type(text)
        press(page, "Enter")
    page.locator("#finish.ready").wait_for()
    office, act = desk.office, Act("quantri", "đối chiếu với sổ gốc")
    correct(office.store, office.catalogue, record_id, 2, act, office.paper_types, values)
    press(page, "Enter")
    merge = page.get_by_role("dialog", name="Người khác vừa lưu giấy tờ này")
    merge.wait_for()
    return merge


def all_settled(page: "Page") -> bool:
    """True where nothing is left but to sign the paper off."""
    return page.locator("#finish.ready").count() == 1


def expect(open_page: OpenPage, words: str) -> None:
    """Take complaints of the browser with these words as expected: it complains of every refusal and of a cut line."""
    assert any(words in complaint for complaint in open_page.complaints)
    open_page.complaints[:] = [complaint for complaint in open_page.complaints if words not in complaint]


def drawn(page: "Page") -> None:
    """Wait until the browser has drawn what the last key changed."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
