"""The nouns of procedures, the built-in table, equivalents and purposes. Every person and paper is invented."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from extractors.paper_type_loader import shipped_paper_types
from extractors.procedures.equivalents import data_instead_of, equivalents_of, papers_with_equivalents
from extractors.procedures.procedure import (
    CodeBasis,
    Component,
    ComponentKind,
    Procedure,
    ProcedureSource,
    normal_code,
)
from extractors.procedures.purposes import (
    OTHER,
    known_purposes,
    purpose_code,
    purpose_of_procedure,
    serves,
)
from extractors.procedures.table_loader import built_in_procedures, procedures_of_table, table_of
from ocr.problem import Code, SohoaError

TYPES = {paper_type.id for paper_type in shipped_paper_types()}
# Codes that stand in the 52 published samples.
READ_IN_THE_LIST = {"1.000689", "1.001193", "1.004873", "2.000635"}


def a_procedure(**values) -> Procedure:
    given = {"code": "1.009999", "name": "Thủ tục thử", "source": ProcedureSource.AGENCY} | values
    return Procedure.model_validate(given)


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("1.001193", "1.001193"),
        (" 1.001193 ", "1.001193"),
        ("1.001193.000.00.00.H48", "1.001193"),
        ("sohoa.cap-doi", "sohoa.cap-doi"),
        ("1.00119", None),
        ("0.001193", None),
        ("1.001193.000", None),
        ("../1.001193", None),
        ("", None),
    ],
)
def test_a_code_is_kept_in_its_short_form(code, short) -> None:
    assert normal_code(code) == short


def test_a_component_names_paper_types_exactly_when_it_is_a_paper() -> None:
    with pytest.raises(ValidationError):
        Component(name="Giấy khai sinh", kind=ComponentKind.PAPER)
    with pytest.raises(ValidationError):
        Component(name="Tờ khai", kind=ComponentKind.FORM, paper_types=("giay-khai-sinh",))


def test_an_own_code_cannot_be_taken_for_a_national_one() -> None:
    with pytest.raises(ValidationError):
        a_procedure(code_basis=CodeBasis.OWN)
    with pytest.raises(ValidationError):
        a_procedure(code="sohoa.thu", code_basis=CodeBasis.UNCONFIRMED)
    assert a_procedure(code="sohoa.thu", code_basis=CodeBasis.OWN).code == "sohoa.thu"


def test_a_procedure_survives_its_stored_form() -> None:
    one = a_procedure(components=[{"name": "Giấy A", "kind": "other_paper"}])
    assert Procedure.from_json(one.to_json()) == one
    assert one.same_content_as(one.model_copy(update={"revision": 7}))
    assert not one.same_content_as(one.model_copy(update={"name": "Khác"}))


def test_codes_of_the_built_in_table_that_were_not_read_in_the_national_list_are_marked() -> None:
    confirmed = {code for code, one in built_in_procedures().items() if one.code_basis is CodeBasis.NATIONAL_LIST}
    assert confirmed <= READ_IN_THE_LIST


def test_the_built_in_table_names_known_papers_purposes_and_law() -> None:
    procedures = built_in_procedures()
    assert len(procedures) >= 15
    for procedure in procedures.values():
        assert procedure.legal_source and procedure.field and procedure.level
        assert procedure.source is ProcedureSource.BUILT_IN
        assert any(component.kind is ComponentKind.FORM for component in procedure.components)
        for component in procedure.components:
            assert set(component.paper_types) <= TYPES
            assert component.scope is None or component.scope in known_purposes()
            # What is asked for in some case only says which.
            assert component.required or component.case


def test_marrying_asks_for_both_confirmations_for_marrying_alone() -> None:
    marriage = built_in_procedures()["1.000894"]
    confirmations = [one for one in marriage.components if "giay-xac-nhan-tinh-trang-hon-nhan" in one.paper_types]
    assert {(one.role, one.scope) for one in confirmations} == {("husband", "marriage"), ("wife", "marriage")}
    assert purpose_of_procedure(marriage) == "marriage"


def test_a_procedure_printed_as_a_table_reads_back_the_same() -> None:
    for procedure in built_in_procedures().values():
        (again,) = procedures_of_table(table_of(procedure), "x.yaml", ProcedureSource.BUILT_IN, TYPES)
        assert again == procedure


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("procedures: [", "x.yaml: "),
        ("[]", "x.yaml: procedures: "),
        ("procedures: 1", "x.yaml: procedures: "),
        ("thu-tuc: 1\nprocedures: []", "x.yaml: thu-tuc: unknown key"),
        ("procedures: [1]", "x.yaml: procedures: "),
        ('procedures: [{code: "1.00", name: A}]', "x.yaml: 1.00"),
        ('procedures: [{code: "1.009999"}]', "x.yaml: 1.009999.name"),
        ('procedures: [{code: "1.009999", name: A, source: agency}]', "x.yaml: 1.009999.source"),
        ('procedures: [{code: "1.009999", name: A, components: 1}]', "x.yaml: 1.009999.components"),
        (
            'procedures: [{code: "1.009999", name: A, components: [{name: B, paper_types: [khong-co]}]}]',
            "x.yaml: 1.009999.components.0.paper_types",
        ),
        (
            'procedures: [{code: "1.009999", name: A, components: [{name: B, scope: khong-co}]}]',
            "x.yaml: 1.009999.components.0.scope",
        ),
        ('procedures: [{code: "1.009999", name: A, purpose: khong-co}]', "x.yaml: 1.009999.purpose"),
        (
            'procedures: [{code: "1.009999", name: A, components: [{name: B, originals: -1}]}]',
            "x.yaml: 1.009999.components.0.originals",
        ),
    ],
)
def test_a_fault_in_a_table_is_told_by_file_and_field(table, fault) -> None:
    with pytest.raises(SohoaError) as caught:
        procedures_of_table(table, "x.yaml", ProcedureSource.AGENCY, TYPES)
    assert caught.value.code is Code.PROCEDURE_INVALID
    assert caught.value.problem.detail.startswith(fault)


def test_equivalents_name_known_papers_and_their_ground() -> None:
    for paper_type in papers_with_equivalents():
        assert paper_type in TYPES
        for one in equivalents_of(paper_type):
            assert one.paper_type in TYPES - {paper_type} and one.ground
        assert all(one.ground and one.source for one in data_instead_of(paper_type))
    assert "trich-luc-khai-sinh" in {one.paper_type for one in equivalents_of("giay-khai-sinh")}
    assert equivalents_of("khong-co") == () and data_instead_of("khong-co") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, None),
        ("  ", None),
        ("Đăng ký kết hôn với chị Trần Thị Thử", "marriage"),
        ("LÀM THỦ TỤC ĐĂNG KÝ KẾT HÔN", "marriage"),
        ("mua bán nhà đất; không có giá trị sử dụng để đăng ký kết hôn", "land"),
        ("Không có giá trị để đăng ký kết hôn.", OTHER),
        ("vay vốn ngân hàng", "loan"),
        ("bổ sung hồ sơ xin việc làm", "work"),
        ("nhận con nuôi", "adoption"),
        ("vay vốn và mua nhà", OTHER),
        ("việc riêng", OTHER),
    ],
)
def test_a_purpose_is_told_from_its_text(text, code) -> None:
    assert purpose_code(text) == code


def test_a_procedure_that_issues_a_paper_about_marriage_is_not_marrying() -> None:
    issuing = a_procedure(name="Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", field="Hộ tịch")
    assert purpose_of_procedure(issuing) is None
    assert purpose_of_procedure(a_procedure(name="Đăng ký lại kết hôn", field="Hộ tịch")) == "marriage"
    assert purpose_of_procedure(a_procedure(field="Đất đai")) == "land"
    assert purpose_of_procedure(a_procedure(purpose="loan", field="Đất đai")) == "loan"


def test_a_stated_purpose_serves_that_purpose_alone() -> None:
    assert serves(None, "marriage") and serves(None, None) and serves("marriage", "marriage")
    assert not serves("marriage", "land") and not serves("marriage", None)
    assert not serves(OTHER, OTHER) and not serves(OTHER, None)


def test_nouns_purposes_equivalents_and_the_table_load_nothing_heavy() -> None:
    heavy = ("spacy", "numpy", "cv2", "sqlalchemy", "prefect")
    modules = "extractors.procedures.table_loader, extractors.procedures.purposes, extractors.procedures.equivalents"
    code = f"import sys, {modules}; print([name for name in {heavy!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
