"""Every shipped paper type reads its own samples."""

import pytest

from extractors.paper_type import PaperType, Sample
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import DossierPage, Paper, sort_pages
from extractors.record import FieldStatus
from extractors.sample import pages_from_sample


def _cases() -> list[tuple[PaperType, Sample]]:
    return [(paper_type, sample) for paper_type in shipped_paper_types() for sample in paper_type.samples]


def read_sample(sample: Sample) -> Paper:
    pages = [DossierPage("mau.pdf", page) for page in pages_from_sample(sample)]
    sorting = sort_pages(pages, shipped_paper_types())
    assert len(sorting.papers) == 1
    return sorting.papers[0]


@pytest.mark.parametrize(("paper_type", "sample"), _cases(), ids=lambda case: getattr(case, "id", None) or case.name)
def test_sample_is_recognised_and_read(paper_type: PaperType, sample: Sample) -> None:
    paper = read_sample(sample)
    assert paper.paper_type is not None
    assert paper.paper_type.id == paper_type.id
    values = {name: paper.fields[name].value for name in sample.fields}
    assert values == sample.fields


@pytest.mark.parametrize(("paper_type", "sample"), _cases(), ids=lambda case: getattr(case, "id", None) or case.name)
def test_nothing_wrong_in_a_sample_is_accepted(paper_type: PaperType, sample: Sample) -> None:
    paper = read_sample(sample)
    for name, wanted in sample.fields.items():
        field = paper.fields[name]
        if wanted is None:
            assert field.status is FieldStatus.MISSING
            assert not field.accepted
        if field.accepted:
            assert field.decided_by


def test_a_family_has_a_sample_for_one_of_its_members() -> None:
    assert {case[0].family for case in _cases()} >= {paper_type.family for paper_type in shipped_paper_types()}


def test_a_label_of_one_part_of_the_paper_ends_no_value_in_another() -> None:
    # `Ngày` is a label after the place of registration, and an ordinary word in a date in words.
    sample, *_ = next(
        paper_type.samples for paper_type in shipped_paper_types() if paper_type.id == "trich-luc-khai-sinh"
    )
    field = read_sample(sample).fields["date_of_birth"]
    assert field.accepted
    assert field.decided_by == "date-in-words"


@pytest.mark.parametrize("printed", ["03/10/2031", "Không thời hạn."])
@pytest.mark.parametrize("name", ["can-cuoc-cong-dan", "can-cuoc"])
def test_the_expiry_date_of_a_card_takes_nothing_of_the_line_below(name: str, printed: str) -> None:
    samples = next(paper_type.samples for paper_type in shipped_paper_types() if paper_type.id == name)
    sample = next(sample for sample in samples if "cột phải" in sample.name or "cấp sau" in sample.name)
    text = sample.text.replace("03/10/2031", printed).replace("08/11/2041\n", f"{printed}\n  Thường Kiệt, Nghệ An\n")
    paper = read_sample(sample.model_copy(update={"text": text, "mrz": ()}))
    assert paper.fields["expiry_date"].raw == printed
