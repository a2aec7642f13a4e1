"""Finding printed labels: spaCy's PhraseMatcher on folded words, then a bounded search for misread ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans
from spacy.vocab import Vocab

from extractors.paper_text import PaperText, fold_same_length, to_doc

# A label may be misread by one letter in so many; shorter labels must match exactly, they are too alike.
_LETTERS_PER_EDIT = 8
# Footnote marks after a label, as `(1)`. Source: domain §7.
_FOOTNOTE = re.compile(r"\s*\(\d{1,2}\)")


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where a label stands in `PaperText.text`; `end` is after its colon and footnote mark."""

    label: str
    start: int
    end: int


class LabelFinder:
    """Finds the labels of one paper type. Built once, used for every paper of the type."""

    def __init__(self, labels: Iterable[str]) -> None:
        """Prepare patterns.

        Args:
            labels: As printed, with accents and punctuation; both are ignored in matching.
        """
        self._labels = tuple(dict.fromkeys(labels))
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab, attr="NORM")
        self._keys = {label: " ".join(_tokens_of(label)) for label in self._labels}
        for label in self._labels:
            pattern, _, _ = to_doc(self._vocab, label, fold_same_length(label))
            self._matcher.add(label, [pattern])

    def find(self, paper: PaperText) -> tuple[LabelPlace, ...]:
        """Return all labels of `paper`, longest first where they overlap, in order of place."""
        if not self._labels:
            return ()
        # Words of papers are personal data: they leave the vocabulary with the zone.
        with self._vocab.memory_zone():
            doc, starts, ends = to_doc(self._vocab, paper.text, paper.folded)
            spans = [
                span for span in self._matcher(doc, as_spans=True) if _on_one_line(paper, starts, span.start, span.end)
            ]
            exact = filter_spans(spans)
            places = [_place(paper, span.label_, starts[span.start], ends[span.end - 1]) for span in exact]
            taken = {i for span in exact for i in range(span.start, span.end)}
            missing = [label for label in self._labels if not any(span.label_ == label for span in exact)]
            norms = [token.norm_ for token in doc]
            for label, first, last in self._misread(norms, taken, missing):
                if _on_one_line(paper, starts, first, last):
                    places.append(_place(paper, label, starts[first], ends[last - 1]))
        return tuple(sorted(places, key=lambda place: place.start))

    def _misread(self, norms: list[str], taken: set[int], labels: list[str]) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = []
        for label in labels:
            key = self._keys[label]
            budget = len(key) // _LETTERS_PER_EDIT
            size = len(key.split())
            if budget == 0:
                continue
            for first in range(len(norms) - size + 1):
                if any(i in taken for i in range(first, first + size)):
                    continue
                window = " ".join(norms[first : first + size])
                if Levenshtein.distance(window, key, score_cutoff=budget) <= budget:
                    found.append((label, first, first + size))
                    taken.update(range(first, first + size))
        return found


def _tokens_of(label: str) -> list[str]:
    return re.findall(r"\w+", fold_same_length(label))


def _on_one_line(paper: PaperText, starts: list[int], first: int, last: int) -> bool:
    return (
        "\n" not in paper.text[starts[first] : starts[last - 1]]
        and "\f" not in paper.text[starts[first] : starts[last - 1]]
    )


def _place(paper: PaperText, label: str, start: int, end: int) -> LabelPlace:
    footnote = _FOOTNOTE.match(paper.text, end)
    if footnote:
        end = footnote.end()
    while end < len(paper.text) and paper.text[end] in ":;.…, ":
        end += 1
    return LabelPlace(label, start, end)
