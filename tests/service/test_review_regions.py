"""Reading a region again that a person marked, on a drawn page."""

import pytest

from service.review.regions import _MOST_BYTES, RegionReader
from tests.service.review_world import Steward, field_of
from tests.services.office import Desk


@pytest.fixture
def birth(filled_desk: Desk) -> tuple[Steward, dict]:
    """A steward with the drawn birth certificate open."""
    lan = Steward(filled_desk, "steward")
    for row in filled_desk.office.catalogue.records():
        if row.paper_type == "giay-khai-sinh":
            return lan, lan.view(row.record_id)
    raise AssertionError("not drawn")


def around(box: list[int], by: int = 8) -> list[int]:
    return [box[0] - by, box[1] - by, box[2] + by, box[3] + by]


def test_a_region_is_read_by_the_readers_that_the_field_needs(birth: tuple[Steward, dict]) -> None:
    lan, view = birth
    field = field_of(view, "date_of_birth")
    body = {"index": 0, "box": around(field["evidence"]["box"]), "field": "date_of_birth"}
    answer = lan.post(view["record_id"], "read-region", **body)
    assert answer.status_code == 200, answer.text
    found = answer.json()["proposals"]
    assert field["value"] in [each["value"] for each in found]
    assert all(each["reader"] and each["text"] for each in found)
    assert [each["shown"] for each in found if each["value"] == field["value"]] == [field["shown"]]


def test_rows_of_an_address_are_read_one_by_one(birth: tuple[Steward, dict]) -> None:
    lan, view = birth
    name, place = (field_of(view, each)["evidence"]["box"] for each in ("full_name", "date_of_birth"))
    both = [min(name[0], place[0]) - 8, name[1] - 8, max(name[2], place[2]) + 8, place[3] + 8]
    found = lan.post(view["record_id"], "read-region", index=0, box=both, field="registration_place").json()[
        "proposals"
    ]
    # The page reader's own words of the region come last.
    assert all(field_of(view, "full_name")["raw"].split()[0] in each["text"] for each in found)
    assert len(found) >= 1


def test_a_box_off_the_page_or_too_small_is_refused(birth: tuple[Steward, dict]) -> None:
    lan, view = birth
    for box in ([0, 0, 3, 3], [90_000, 90_000, 90_100, 90_100]):
        answer = lan.post(view["record_id"], "read-region", index=0, box=box, field="number")
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    body = {"index": 7, "box": [0, 0, 100, 100], "field": "number"}
    assert lan.post(view["record_id"], "read-region", **body).status_code == 404


def test_opened_pages_are_kept_within_bounds(filled_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = RegionReader(filled_desk.office.store)
    dossier = next(iter(filled_desk.office.catalogue.dossiers()))
    from storage.dossiers import load_dossier_by_segment  # noqa: PLC0415
    from storage.keys import page_key  # noqa: PLC0415
    from storage.pages import read_page  # noqa: PLC0415

    found = load_dossier_by_segment(filled_desk.office.store, dossier.dossier_segment)
    assert found is not None and found.recipe is not None
    pages = [
        read_page(filled_desk.office.store, page_key(place.sha256, place.page_number, found.recipe))
        for place in found.page_places()
    ]
    monkeypatch.setattr("service.review.regions._MOST_BYTES", 30_000_000)
    for page in pages:
        reader._image_of(page)
        assert sum(image.pixels.nbytes for image in reader._images.values()) <= 30_000_000 or len(reader._images) == 1
    assert _MOST_BYTES < 300_000_000
