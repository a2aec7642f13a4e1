"""Help can be read by everybody, and every text that is listed is there."""

from service.pages.help import TITLES, written
from service.pages.rendering import TEMPLATES_FOLDER
from tests.services.office import Desk


def test_every_text_has_a_title_and_can_be_read(desk: Desk) -> None:
    files = {path.stem for path in (TEMPLATES_FOLDER / "help").glob("*.html")}
    assert files == set(written()) <= set(TITLES)
    client = desk.client()
    for name, title in written().items():
        answer = client.get(f"/help/{name}")
        assert answer.status_code == 200
        assert f"<h1>{title}</h1>" in answer.text


def test_there_is_no_help_for_what_is_not_there(desk: Desk) -> None:
    assert desk.client().get("/help/../base", headers={"accept": "application/json"}).status_code == 404
    assert desk.client().get("/help/khong-co").status_code == 404


def test_what_is_not_there_is_told_on_a_page_of_its_own(desk: Desk) -> None:
    """A fault without a field, told to a person: the page shows what there is to tell, and fails over nothing."""
    answer = desk.client("clerk").get("/help/khong-co", headers={"accept": "text/html"})
    assert answer.status_code == 404 and "Mã lỗi <code>nothing_here</code>" in answer.text
    answer = desk.client("supervisor").get("/board?days=5", headers={"accept": "text/html"})
    assert answer.status_code == 422 and "<strong>days</strong>" in answer.text
