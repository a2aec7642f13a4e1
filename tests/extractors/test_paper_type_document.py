"""The document on adding a paper type: its example loads and reads its own sample, its tables name what there is."""

import re
from pathlib import Path

from extractors.kinds.registry import KINDS
from extractors.layout_names import LAYOUTS
from extractors.paper_type import FieldType, Finder, PaperType
from extractors.paper_type_loader import load_paper_types, shipped_paper_types
from extractors.papers import DossierPage, sort_pages
from extractors.payloads import PAYLOADS
from extractors.rules.names import RULE_PARAMETERS
from extractors.sample import pages_from_sample

DOCUMENT = (Path(__file__).parents[2] / "docs" / "loai-giay-to.md").read_text("utf-8")
EXAMPLE, SAMPLE = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
# Keys that speak for themselves, or that only the family of administrative acts needs.
PLAIN = {"id", "name", "version", "legal_source", "code", "abbreviation", "family", "fields", "fingerprint"}


def test_example_reads_its_own_sample() -> None:
    [added] = load_paper_types({"example/paper-type.yaml": EXAMPLE, "example/samples/1.yaml": SAMPLE})
    pages = [DossierPage("mau.pdf", page) for page in pages_from_sample(added.samples[0])]
    [paper] = sort_pages(pages, (*shipped_paper_types(), added)).papers
    assert paper.paper_type == added
    assert {name: field.value for name, field in paper.fields.items()} == added.samples[0].fields
    assert {name for name, field in paper.fields.items() if field.accepted} == {"sex"}


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_.]+)`", text))


def test_tables_name_every_kind_rule_layout_and_zone() -> None:
    for names in (KINDS, RULE_PARAMETERS, LAYOUTS, PAYLOADS, *LAYOUTS.values()):
        assert set(names) <= named(DOCUMENT)


def test_table_names_every_key() -> None:
    assert set(PaperType.model_fields) - PLAIN <= named(DOCUMENT)
    assert all(f"fields.<tên>.{key}`" in DOCUMENT for key in FieldType.model_fields)
    for key in set(Finder.model_fields) - {"labels", "zone"}:
        assert f"find[].{key}`" in DOCUMENT
