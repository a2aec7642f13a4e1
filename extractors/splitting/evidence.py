"""What speaks for and against a new paper beginning on a page. Pure: marks in, named weights out.

Weights are on the scale of log odds, set by what papers look like and checked on drawn bundles: 4 is as good as sure,
2 is strong, 1 is a hint. Positive speaks for a cut, negative for going on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.label_support import Support, label_support
from extractors.paper_type import PaperType
from extractors.splitting.page_marks import PageMarks

# Types of cards: two sides, the back without any heading. Source: domain §7.11.
CARDS = frozenset({"can-cuoc", "can-cuoc-cong-dan", "giay-phep-lai-xe"})
_SAME_SIZE, _SAME_TEXT, _SAME_LEFT_MM = 0.08, 0.12, 6.0
_OTHER_TEXT = 0.3
# Labels that weigh so much are those of one type.
_MUCH_SUPPORT, _SOME_SUPPORT = 2.0, 0.9


@dataclass(frozen=True, slots=True)
class Evidence:
    """One mark: its name (kept for the steward) and its weight, positive for a cut."""

    reason: str
    weight: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies between a page and the one before it: blank pages, or the end of a file."""

    blanks: int = 0
    is_new_file: bool = False
    files_of_one_page: bool = False


def evidence_between(
    run: Sequence[PageMarks], page: PageMarks, around: Surroundings, expected: frozenset[str] = frozenset()
) -> list[Evidence]:
    """Return what tells whether `page` begins a paper or goes on with the paper of `run`.

    Args:
        run: The pages of the paper before, in order; at least one.
        page: The page in question.
        around: What lies between the two.
        expected: Types that the dossier's receipt lists.
    """
    found = [
        *_headings(run, page, expected),
        *_files(around),
        *_page_numbers(run, page),
        *_numbering(run, page),
        *_running_text(run[-1], page),
        *_labels(run, page),
        *_cards(run, page),
        *_layouts(run[-1], page),
    ]
    return [one for one in found if one.weight]


def type_of_run(run: Sequence[PageMarks]) -> PaperType | None:
    """Return the type that the first page's title names."""
    title = run[0].title_like
    return title.paper_type if title else None


def _headings(run: Sequence[PageMarks], page: PageMarks, expected: frozenset[str]) -> Iterator[Evidence]:
    title = page.title or page.title_like
    is_act = title is not None and title.paper_type.layout == "act"
    if page.has_header:
        yield Evidence("national-header", 4.0)
    if title is not None and (not is_act or page.has_header):
        exact = page.title is not None and page.title.edits == 0
        yield Evidence("title", 3.5 if exact else 2.5 if page.title else 1.5)
        if title.paper_type.id in expected:
            yield Evidence("title-on-receipt", 1.0)
    elif title is not None:
        # A plan or a report without a national header is mostly the annex of the act before it.
        yield Evidence("title-of-act-without-header", 1.0)
    if not page.has_header and title is None:
        yield Evidence("no-heading", -2.0)
    if page.is_annex:
        yield Evidence("annex", -4.0)
    if run[-1].is_closed:
        yield Evidence("closed-before", 1.0)


def _files(around: Surroundings) -> Iterator[Evidence]:
    if around.is_new_file:
        # Who takes a picture of each page has a file for each page; any other file begins with a paper.
        yield Evidence("new-file", 4.5 if around.files_of_one_page else 6.0)
    elif around.blanks:
        # The back of a sheet may be left blank within a paper that is printed on one side.
        yield Evidence("blank-before", 0.5)


def _page_numbers(run: Sequence[PageMarks], page: PageMarks) -> Iterator[Evidence]:
    before, now = run[-1].number, page.number
    if before and before[1] and before[0] == before[1]:
        yield Evidence("last-page-before", 3.0)
    if now is None:
        if before and before[0] >= 2:
            yield Evidence("page-numbers-end", 0.7)
        return
    number, total = now
    expected = before[0] + 1 if before else len(run) + 1
    if number == 1:
        yield Evidence("page-number-one", 3.0)
    elif number == expected and (total is None or before is None or before[1] in {None, total}):
        yield Evidence("page-number-goes-on", -5.0 if total else -4.0)
    else:
        yield Evidence("page-number-of-later-page", -1.0)


def _numbering(run: Sequence[PageMarks], page: PageMarks) -> Iterator[Evidence]:
    names = ("articles", "sections", "items")
    for name, weight in zip(names, (-3.0, -2.5, -2.0), strict=True):
        before = next((getattr(marks, name) for marks in reversed(run) if getattr(marks, name)), ())
        now = getattr(page, name)
        if not before or not now:
            continue
        goes_on = now[0] > 1 and (now[0] - 1 in before if name == "sections" else now[0] - 1 == max(before))
        if goes_on:
            yield Evidence(f"{name}-go-on", weight)
        elif now[0] == 1 and name == "articles":
            yield Evidence("articles-begin-anew", 0.7)


def _running_text(before: PageMarks, page: PageMarks) -> Iterator[Evidence]:
    if page.begins_within_sentence and not page.has_header:
        yield Evidence("text-runs-on", -3.0 if before.ends_within_sentence else -1.5)


def _labels(run: Sequence[PageMarks], page: PageMarks) -> Iterator[Evidence]:
    """The labels that the page prints: those of the paper before, or those of another type."""
    if page.has_header and page.title is not None:
        return
    own = type_of_run(run)
    support = label_support(page.text.text, page.paper_types)
    nothing = Support(0.0, 0, 0)
    of_own = support.get(own.id, nothing).weight if own else 0.0
    of_others = max((one.weight for type_id, one in support.items() if own is None or type_id != own.id), default=0.0)
    if own is not None and of_own >= _SOME_SUPPORT and of_own >= of_others:
        seen_before = label_support("\n".join(marks.text.text for marks in run), page.paper_types)
        # The same labels once more are another paper of the type, other ones are its next page.
        again = seen_before.get(own.id, nothing).seen >= support[own.id].seen >= 5
        yield Evidence("labels-again", 0.7) if again else Evidence("labels-of-paper-before", -2.0)
    elif of_others >= _MUCH_SUPPORT and of_own < of_others / 2:
        yield Evidence("labels-of-other-type", 2.5)


def _cards(run: Sequence[PageMarks], page: PageMarks) -> Iterator[Evidence]:
    own = type_of_run(run)
    is_card = (own is not None and own.id in CARDS) or any(marks.page.mrz or marks.is_card_front for marks in run)
    has_back = any(marks.is_card_back for marks in run)
    if page.is_card_back and is_card:
        ids = frozenset[str]().union(*(marks.personal_ids for marks in run))
        if ids and page.personal_ids:
            same = bool(ids & page.personal_ids)
            yield Evidence("same-personal-number", -6.0) if same else Evidence("other-personal-number", 5.0)
        yield Evidence("second-card-back", 3.0) if has_back else Evidence("card-back", -3.0)
    elif page.is_card_back:
        yield Evidence("card-begins", 4.0)
    elif is_card:
        yield Evidence("card-ends", 2.5)


def _layouts(before: PageMarks, page: PageMarks) -> Iterator[Evidence]:
    one, other = before.layout, page.layout
    if one is None or other is None:
        return
    turned = _alike(one.width_mm, other.height_mm, _SAME_SIZE) and _alike(one.height_mm, other.width_mm, _SAME_SIZE)
    same = _alike(one.width_mm, other.width_mm, _SAME_SIZE) and _alike(one.height_mm, other.height_mm, _SAME_SIZE)
    if turned and not same:
        yield Evidence("page-turned", 0.5)
    elif not same:
        yield Evidence("other-page-size", 1.2)
    if not _alike(one.text_mm, other.text_mm, _OTHER_TEXT):
        yield Evidence("other-text-size", 0.5)
    elif same and _alike(one.text_mm, other.text_mm, _SAME_TEXT) and abs(one.left_mm - other.left_mm) < _SAME_LEFT_MM:
        yield Evidence("same-layout", -0.5)


def _alike(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(one, other)
