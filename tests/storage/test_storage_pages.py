"""Stored page texts."""

import logging
from collections.abc import Callable

import pytest

from ocr.page import PageText
from ocr.problem import Code, Problem, SohoaError
from storage.folder_store import FolderStore
from storage.pages import load_page, page_key_of, save_page

MakePage = Callable[..., PageText]


def test_saved_and_loaded(store: FolderStore, make_page: MakePage) -> None:
    page = make_page()
    assert load_page(store, page_key_of(page)) is None
    assert save_page(store, page)
    assert load_page(store, page_key_of(page)) == page


def test_what_may_go_better_next_time_is_not_kept(store: FolderStore, make_page: MakePage) -> None:
    late = Problem(code=Code.PAGE_TIMEOUT, page_number=1, retryable=True)
    lasting = Problem(code=Code.PAGE_TOO_SMALL, page_number=1)
    assert not save_page(store, make_page(problems=(lasting, late)))
    assert list(store.list("")) == []
    assert save_page(store, make_page(problems=(lasting,)))


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b'{"schema": "sohoa.page/1"}', b"null", b"other page"])
def test_a_damaged_text_counts_as_absent(
    store: FolderStore, make_page: MakePage, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    page = make_page()
    key = page_key_of(page)
    store.put(key, make_page(page_number=2).to_json() if damage == b"other page" else damage)
    with caplog.at_level(logging.WARNING):
        assert load_page(store, key) is None
    assert [record.getMessage().endswith(key) for record in caplog.records] == [True]
    assert save_page(store, page)
    assert load_page(store, key) == page


def test_a_store_that_cannot_be_used_is_an_error(
    store: FolderStore, make_page: MakePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise SohoaError(Code.STORE_UNWRITABLE)

    monkeypatch.setattr(FolderStore, "get", refuse)
    with pytest.raises(SohoaError):
        load_page(store, page_key_of(make_page()))
