"""Paper types of an office: beside the shipped ones, tried on their samples, and told apart from them."""

import re
from pathlib import Path

import pytest

from extractors.paper_type_loader import PaperTypesInvalid, paper_types_with, shipped_paper_types
from flows.paper_types_view import paper_type_rows, print_paper_types

DOCUMENT = (Path(__file__).parents[2] / "docs" / "loai-giay-to.md").read_text("utf-8")
DECLARATION, SAMPLE = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "paper-types"
    (folder / "giay-xac-nhan-cu-tru" / "samples").mkdir(parents=True)
    (folder / "giay-xac-nhan-cu-tru" / "paper-type.yaml").write_text(DECLARATION, "utf-8")
    (folder / "giay-xac-nhan-cu-tru" / "samples" / "1.yaml").write_text(SAMPLE, "utf-8")
    return folder


def test_a_type_of_the_office_stands_beside_the_shipped_ones_and_reads_its_sample(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    types = paper_types_with(own)
    assert {one.id for one in shipped_paper_types()} < {one.id for one in types}
    (row,) = [row for row in paper_type_rows(types, check=False) if row.is_own]
    assert row.paper_type.id == "giay-xac-nhan-cu-tru"
    (checked,) = paper_type_rows((row.paper_type,), check=True)
    assert checked.faults == {}
    print_paper_types((checked,), checked=True)
    printed = capsys.readouterr().out
    assert "1/1 đúng" in printed and "cơ quan" in printed


def test_a_sample_that_comes_out_otherwise_is_named(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = own / "giay-xac-nhan-cu-tru" / "samples" / "1.yaml"
    sample.write_text(SAMPLE.replace("sex: Nữ", "sex: Nam"), "utf-8")
    (row,) = [row for row in paper_type_rows(paper_types_with(own), check=False) if row.is_own]
    rows = paper_type_rows((row.paper_type,), check=True)
    print_paper_types(rows, checked=True)
    assert "sex: ra 'Nữ', phải là 'Nam'" in capsys.readouterr().out
    assert rows[0].as_json()["faults"]


def test_an_id_that_ships_already_is_refused(own: Path) -> None:
    declaration = own / "giay-xac-nhan-cu-tru" / "paper-type.yaml"
    declaration.write_text(DECLARATION.replace("id: giay-xac-nhan-cu-tru", "id: giay-khai-sinh"), "utf-8")
    with pytest.raises(PaperTypesInvalid, match="giay-khai-sinh"):
        paper_types_with(own)


def test_without_a_folder_of_its_own_the_office_has_the_shipped_types(tmp_path: Path) -> None:
    assert paper_types_with(tmp_path / "paper-types") == shipped_paper_types()
