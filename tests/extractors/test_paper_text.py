"""The string over a paper: every stretch of it leads back to the words it covers."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.paper_text import PaperText, fold_same_length
from extractors.sample import page_from_text

LINES = st.lists(
    st.lists(st.text("abcđễÀ./:", min_size=1, max_size=6), min_size=1, max_size=5).map(" ".join), max_size=5
)
PAPERS = st.lists(LINES.map("\n".join), min_size=1, max_size=3).map(
    lambda texts: PaperText(tuple(page_from_text(text, number) for number, text in enumerate(texts, 1)))
)


@given(PAPERS)
def test_words_stand_where_they_say(paper: PaperText) -> None:
    for word in paper.words:
        assert paper.text[word.start : word.end] == word.word.text
        assert paper.word_at(word.start) == word
    assert paper.folded == fold_same_length(paper.text)
    assert sum(len(line) for line in paper.lines) == len(paper.words)
    assert paper.text.count("\f") == len(paper.pages) - 1


@given(PAPERS, st.data())
def test_any_piece_leads_back_to_its_words(paper: PaperText, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(paper.text)))
    end = data.draw(st.integers(start, len(paper.text)))
    wanted = [word for word in paper.words if word.start < end and word.end > start]
    assert list(paper.words_between(start, end)) == wanted
    stretch = paper.stretch(start, end)
    if stretch is None:
        assert not paper.text[start:end].strip()
        return
    assert {word.page_index for word in stretch.words} == {stretch.page_index}
    assert stretch.text.replace(" ", "") in paper.text.replace("\n", "").replace("\f", "").replace(" ", "")
    assert stretch.box.width > 0


def test_nothing_gives_nothing() -> None:
    paper = PaperText((page_from_text(""),))
    assert paper.text == ""
    assert paper.stretch(0, 10) is None
    assert paper.words_between(0, 10) == ()
