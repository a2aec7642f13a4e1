"""Procedures in the store: revisions, whose table holds, and import of files good and bad."""

import json
import os

import pytest

from extractors.paper_type_loader import shipped_paper_types
from extractors.procedures.procedure import CodeBasis, Component, ComponentKind, Procedure, ProcedureSource
from ocr.problem import Code, SohoaError
from storage.folder_store import FolderStore
from storage.key_parsing import parse_procedure_key
from storage.keys import procedure_key
from storage.procedure_import import import_procedures
from storage.procedures import (
    imported_from_national_list,
    list_procedures,
    load_procedure,
    read_procedure,
    save_procedure,
    withdraw_agency_table,
)

TYPES = shipped_paper_types()
BIRTH_REGISTRATION = "1.001193"
UNKNOWN = "1.009999"


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "store")


def a_procedure(source=ProcedureSource.NATIONAL_LIST, code=UNKNOWN, **values) -> Procedure:
    component = Component(name="Giấy thử", kind=ComponentKind.OTHER_PAPER)
    given = {"code": code, "name": "Thủ tục thử", "source": source, "components": (component,), "text": "Giấy thử"}
    return Procedure.model_validate(given | values)


def published(code=UNKNOWN, text="Đơn đề nghị1 bản chính", **values) -> str:
    return json.dumps({"ma_thu_tuc": code, "ten_thu_tuc": "Thủ tục thử", "thanh_phan_ho_so": text} | values)


def test_an_unknown_code_is_none(store) -> None:
    assert load_procedure(store, UNKNOWN) is None
    assert load_procedure(store, "không phải mã") is None
    assert load_procedure(store, "../1.001193") is None


def test_the_built_in_table_needs_no_import_and_answers_to_the_long_code(store) -> None:
    procedure = load_procedure(store, "1.001193.000.00.00.H48")
    assert procedure is not None and procedure.source is ProcedureSource.BUILT_IN
    assert list(store.list("procedures/")) == []


def test_an_import_is_stored_once_and_a_change_is_a_new_revision(store) -> None:
    first = save_procedure(store, a_procedure())
    assert (first.revision, save_procedure(store, a_procedure()).revision) == (1, 1)
    assert save_procedure(store, a_procedure(name="Tên mới")).revision == 2
    assert load_procedure(store, UNKNOWN).name == "Tên mới"
    assert read_procedure(store, procedure_key(UNKNOWN, 1)) == first


def test_the_checked_table_holds_over_the_national_list_and_shows_its_text(store) -> None:
    own = load_procedure(store, BIRTH_REGISTRATION)
    save_procedure(store, a_procedure(code=BIRTH_REGISTRATION, decision="9/QĐ-THU", name="Tên công bố"))
    found = load_procedure(store, BIRTH_REGISTRATION)
    assert (found.source, found.components) == (ProcedureSource.BUILT_IN, own.components)
    assert (found.text, found.decision, found.name) == ("Giấy thử", "9/QĐ-THU", "Tên công bố")


def test_a_code_is_confirmed_once_the_national_list_has_it(store) -> None:
    assert load_procedure(store, "1.000894").code_basis is CodeBasis.UNCONFIRMED
    save_procedure(store, a_procedure(code="1.000894"))
    assert load_procedure(store, "1.000894").code_basis is CodeBasis.NATIONAL_LIST


def test_an_agencys_table_holds_over_both_until_it_is_given_up(store) -> None:
    save_procedure(store, a_procedure(ProcedureSource.AGENCY, BIRTH_REGISTRATION))
    save_procedure(store, a_procedure(code=BIRTH_REGISTRATION, name="Tên công bố"))
    assert load_procedure(store, BIRTH_REGISTRATION).source is ProcedureSource.AGENCY
    assert withdraw_agency_table(store, BIRTH_REGISTRATION).source is ProcedureSource.BUILT_IN
    assert withdraw_agency_table(store, BIRTH_REGISTRATION).source is ProcedureSource.BUILT_IN
    save_procedure(store, a_procedure(ProcedureSource.AGENCY, BIRTH_REGISTRATION))
    assert load_procedure(store, BIRTH_REGISTRATION).source is ProcedureSource.AGENCY
    assert withdraw_agency_table(store, UNKNOWN) is None


def test_a_table_may_be_kept_under_a_code_of_our_own(store) -> None:
    own = a_procedure(ProcedureSource.AGENCY, "sohoa.viec-rieng", code_basis=CodeBasis.OWN)
    save_procedure(store, own)
    assert load_procedure(store, "sohoa.viec-rieng") == own
    assert parse_procedure_key("procedures/sohoa.viec-rieng/r1.json") == ("sohoa.viec-rieng", 1)


def test_the_built_in_table_is_not_stored(store) -> None:
    with pytest.raises(ValueError, match="built-in"):
        save_procedure(store, load_procedure(store, BIRTH_REGISTRATION))


def test_the_list_holds_every_code_once(store) -> None:
    save_procedure(store, a_procedure())
    save_procedure(store, a_procedure(code=BIRTH_REGISTRATION))
    codes = [procedure.code for procedure in list_procedures(store)]
    assert codes == sorted(set(codes)) and UNKNOWN in codes
    assert [procedure.code for procedure in imported_from_national_list(store)] == [BIRTH_REGISTRATION, UNKNOWN]


def test_a_damaged_revision_is_told_and_nothing_older_stands_in(store) -> None:
    save_procedure(store, a_procedure())
    store.put(procedure_key(UNKNOWN, 2), b"{}")
    with pytest.raises(SohoaError) as caught:
        load_procedure(store, UNKNOWN)
    assert caught.value.code is Code.OBJECT_DAMAGED


def test_a_folder_is_imported_and_bad_files_do_not_stop_the_rest(store, tmp_path) -> None:
    folder = tmp_path / "danh-muc"
    (folder / "con").mkdir(parents=True)
    (folder / "a.json").write_text(published(ma_thu_tuc=None), "utf-8")
    (folder / "b.json").write_text("không phải JSON", "utf-8")
    (folder / "con" / "c.json").write_text(published(), "utf-8")
    (folder / "d.yaml").write_text("procedures: [{code: '1.009998', name: Thử, components: [{name: A}]}]", "utf-8")
    (folder / "e.yaml").write_text("procedures: [{code: '1.009997'}]", "utf-8")
    (folder / "f.yaml").write_bytes(b"\xff")
    (folder / "doc.txt").write_text("không nạp", "utf-8")
    outcome = import_procedures(store, [folder, tmp_path / "khong-co"], TYPES)
    assert {one.code for one in outcome.procedures} == {UNKNOWN, "1.009998"}
    faults = [(problem.code, problem.file, problem.field) for problem in outcome.problems]
    assert faults == [
        (Code.PROCEDURE_INVALID, "a.json", "ma_thu_tuc"),
        (Code.PROCEDURE_INVALID, "b.json", None),
        (Code.PROCEDURE_INVALID, "e.yaml", "1.009997.name"),
        (Code.PROCEDURE_INVALID, "f.yaml", None),
        (Code.PATH_UNREADABLE, "khong-co", None),
    ]
    assert load_procedure(store, UNKNOWN).components[0].kind is ComponentKind.FORM
    assert load_procedure(store, "1.009998").source is ProcedureSource.AGENCY


def test_what_is_no_file_is_told(store, tmp_path) -> None:
    os.mkfifo(tmp_path / "a.json")
    (problem,) = import_procedures(store, [tmp_path / "a.json"], TYPES).problems
    assert (problem.code, problem.file) == (Code.PATH_UNREADABLE, "a.json")
