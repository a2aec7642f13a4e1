"""Papers set in two columns: the words between the heads and what follows below are put one column after the other.

A page reader goes line by line and mixes `Họ tên vợ: … Họ tên chồng: …`; a value that runs over two lines of its column
would be torn apart by the other column's.
"""

from extractors.labels import LabelFinder, LabelPlace
from extractors.layout import rows_of
from extractors.paper_text import PaperText, PaperWord
from extractors.paper_type import Columns


def in_columns(paper: PaperText, columns: Columns, finder: LabelFinder) -> PaperText:
    """Return `paper` with its two columns one after the other; as it is where both heads are not on one page.

    Args:
        paper: The paper as the reader ordered it.
        columns: Labels of the heads and of what is below.
        finder: Finds at least those labels.
    """
    places = finder.find(paper)
    heads = [_first(paper, places, labels) for labels in columns.heads]
    if heads[0] is None or heads[1] is None or heads[0].page_index != heads[1].page_index:
        return paper
    left, right = sorted((heads[0], heads[1]), key=lambda word: word.word.upright_box.left)
    page_index, height = left.page_index, left.word.upright_box.height
    if right.word.upright_box.left - left.word.upright_box.left < 4 * height:
        return paper  # one under the other: no columns
    top = min(head.word.upright_box.center_y for head in (left, right)) - height
    ends = [_top(paper, place) for place in places if place.label in columns.below]
    bottom = min((y for index, y in ends if index == page_index and y > top), default=float("inf"))
    split = right.word.upright_box.left - height / 2
    on_page = [word for word in paper.words if word.page_index == page_index]
    parts: tuple[list[PaperWord], ...] = ([], [], [], [])
    for word in on_page:
        box = word.word.upright_box
        if not top < box.center_y < bottom - height / 2:
            parts[0 if box.center_y <= top else 3].append(word)
        else:
            parts[1 if box.center_x < split else 2].append(word)
    lines = [*_reader_lines(parts[0]), *rows_of(parts[1]), *rows_of(parts[2]), *_reader_lines(parts[3])]
    words = [word.word.model_copy(update={"line": number}) for number, line in enumerate(lines) for word in line]
    page = paper.pages[page_index].model_copy(update={"words": tuple(words)})
    return PaperText((*paper.pages[:page_index], page, *paper.pages[page_index + 1 :]))


def _first(paper: PaperText, places: tuple[LabelPlace, ...], labels: tuple[str, ...]) -> PaperWord | None:
    return next((paper.word_at(place.start) for place in places if place.label in labels), None)


def _top(paper: PaperText, place: LabelPlace) -> tuple[int, float]:
    word = paper.word_at(place.start)
    return word.page_index, word.word.upright_box.center_y


def _reader_lines(words: list[PaperWord]) -> list[list[PaperWord]]:
    lines: dict[int, list[PaperWord]] = {}
    for word in words:
        lines.setdefault(word.word.line, []).append(word)
    return list(lines.values())
