"""Bulk export: a table that opens in Excel, and Parquet; each portion written down before it leaves."""

import csv
import io
from collections.abc import Callable
from typing import Any

import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from ocr.problem import Code, SohoaError
from service.roles import Role
from service.v1 import exports
from service.v1.tables import csv_pieces, parquet_pieces
from storage.read_log.entry import ReadKind
from storage.read_log.log import ReadLog
from tests.service.api_world import CHILD, OTHER_AGENCY, PURPOSE, logged, person, system
from tests.service.review_world import keep
from tests.services.office import AGENCY, Desk
from tests.storage.deciding import read

BIRTH = {"paper_type": "giay-khai-sinh"}


def export(client: Any, kind: str = "csv", headers: Any = PURPOSE, **params: Any) -> Any:
    return client.get(f"/v1/exports/records.{kind}", params={**BIRTH, **params}, headers=headers)


def rows_of(answer: Any, delimiter: str = ",") -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_a_table_opens_in_excel(desk: Desk) -> None:
    record = keep(desk, doubtful=(), agency=AGENCY)
    answer = export(system(desk))
    assert answer.content.startswith(b"\xef\xbb\xbfrecord_id,revision,state,")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="giay-khai-sinh-')
    (row,) = rows_of(answer)
    assert (
        row
        | {
            "record_id": record.record_id,
            "revision": "1",
            "agency": AGENCY,
            "full_name": "Trần Thị Thử",
            "personal_id": CHILD,
            "father_name": "",
        }
        == row
    )
    assert rows_of(export(system(desk), delimiter="semicolon"), ";") == [row]
    entries = logged(desk)
    assert [(entry.kind, entry.records[0].record_id) for entry in entries] == [(ReadKind.EXPORT, record.record_id)] * 2


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+84", "-1", "@a", "＝1", "\t=1"])
def test_what_would_be_a_formula_is_a_text(desk: Desk, text: str) -> None:
    keep(desk, doubtful=(), agency=AGENCY, fields={"place_of_birth": read(text)})
    (row,) = rows_of(export(system(desk)))
    assert row["place_of_birth"] == f"'{text}"
    table = parquet.read_table(io.BytesIO(export(system(desk), "parquet").content))
    assert table.column("place_of_birth").to_pylist() == [text]


def test_parquet_holds_values_as_they_are(desk: Desk) -> None:
    records = [keep(desk, doubtful=(), agency=AGENCY) for _ in range(3)]
    answer = export(system(desk), "parquet")
    table = parquet.read_table(io.BytesIO(answer.content))
    assert sorted(table.column("record_id").to_pylist()) == sorted(record.record_id for record in records)
    assert table.schema.field("revision").type == pa.int32()
    assert set(table.column("personal_id").to_pylist()) == {CHILD}
    assert list(rows_of(export(system(desk)))[0]) == table.column_names


def test_lists_stay_lists_and_cells_join_them() -> None:
    rows = [[{"revision": 1, "components": ["Tờ khai", "Giấy khai sinh"]}, {"revision": 2, "components": None}], []]
    data = b"".join(parquet_pieces(("revision", "components"), frozenset({"components"}), rows))
    assert parquet.read_table(io.BytesIO(data)).to_pylist() == rows[0]
    text = b"".join(csv_pieces(("revision", "components"), rows, ",")).decode("utf-8-sig")
    assert text.splitlines() == ["revision,components", "1,Tờ khai; Giấy khai sinh", "2,"]


def test_no_record_gives_a_table_all_the_same(desk: Desk) -> None:
    assert rows_of(export(system(desk))) == []
    assert parquet.read_table(io.BytesIO(export(system(desk), "parquet").content)).num_rows == 0
    assert logged(desk) == []


def test_only_what_is_released_and_ones_own_is_handed_over(desk: Desk) -> None:
    record, waiting = keep(desk, doubtful=(), agency=AGENCY), keep(desk, doubtful=("full_name",), agency=AGENCY)
    keep(desk, doubtful=(), agency=OTHER_AGENCY)
    assert [row["record_id"] for row in rows_of(export(system(desk)))] == [record.record_id]
    (row,) = rows_of(export(system(desk), state="needs_review"))
    assert (row["record_id"], row["full_name"], row["number"]) == (waiting.record_id, "", "12/2019")
    assert export(system(desk), agency=OTHER_AGENCY).status_code == 403


def test_people_get_masked_identifiers(desk: Desk) -> None:
    keep(desk, doubtful=(), agency=AGENCY)
    answer = export(person(desk, "nga", Role.SUPERVISOR))
    assert rows_of(answer)[0]["personal_id"] == "001******345"
    assert CHILD not in answer.text


def test_portions_are_logged_before_they_leave(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        keep(desk, doubtful=(), agency=AGENCY)
    monkeypatch.setattr(exports, "_PORTION", 2)
    assert len(rows_of(export(system(desk)))) == 5
    assert [len(entry.records) for entry in logged(desk)] == [2, 2, 1]


def test_a_table_that_ends_early_is_not_taken_for_a_whole_one(
    desk: Desk, serve: Callable[[Desk], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        keep(desk, doubtful=(), agency=AGENCY)
    monkeypatch.setattr(exports, "_PORTION", 2)
    append, told = ReadLog.append, []

    def once(log: ReadLog, *entries: Any) -> str:
        if told:
            raise SohoaError(Code.READ_LOG_FAILED)
        told.append(entries)
        return append(log, *entries)

    client = system(desk)
    headers = {**PURPOSE, "Authorization": client.headers["Authorization"]}
    monkeypatch.setattr(ReadLog, "append", once)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{serve(desk)}/v1/exports/records.csv", params=BIRTH, headers=headers, timeout=120)
    refused = export(client)
    assert (refused.status_code, refused.json()["code"]) == (503, "read_log_failed")


@pytest.mark.parametrize(
    ("params", "headers", "code"),
    [
        ({}, {}, "purpose_missing"),
        ({"paper_type": "khong-co"}, PURPOSE, "request_invalid"),
        ({"delimiter": "tab"}, PURPOSE, "request_invalid"),
        ({"state": "xong"}, PURPOSE, "request_invalid"),
        ({"updated_since": "0001-01-01T00:00:00+07:00"}, PURPOSE, "request_invalid"),
    ],
)
def test_what_cannot_be_asked(desk: Desk, params: dict[str, str], headers: dict[str, str], code: str) -> None:
    answer = export(system(desk), headers=headers, **params)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_roles(desk: Desk) -> None:
    assert export(person(desk, "lan", Role.CLERK)).status_code == 403
    assert export(person(desk, "hoa", Role.STEWARD)).status_code == 403
