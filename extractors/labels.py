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
            norms = [token.norm_ for token in doc]
            missing = {label for label in self._labels if not any(span.label_ == label for span in exact)}
            for label, first, last in self._misread(norms, taken):
                if label in missing and _on_one_line(paper, starts, first, last):
                    places.append(_place(paper, label, starts[first], ends[last - 1]))
        return tuple(sorted(places, key=lambda place: place.start))

    def _misread(self, norms: list[str], taken: set[int]) -> list[tuple[str, int, int]]:
        """Return labels nearly read outside `taken`, longest first; one as near to two labels is neither."""
        found: list[tuple[str, int, int]] = []
        for size in sorted({len(key.split()) for key in self._keys.values()}, reverse=True):
            for first in range(len(norms) - size + 1):
                if taken.isdisjoint(range(first, first + size)):
                    label = self._nearest(" ".join(norms[first : first + size]), size)
                    if label is not None:
                        found.append((label, first, first + size))
                        taken.update(range(first, first + size))
        return found

    def _nearest(self, window: str, size: int) -> str | None:
        """Return the label within its budget of `window` that is nearer than every other label, or None."""
        distances = {label: Levenshtein.distance(window, key) for label, key in self._keys.items() if key}
        nearest = min(distances.values())
        labels = [label for label, distance in distances.items() if distance == nearest]
        keys = {self._keys[label] for label in labels}
        fits = nearest <= len(self._keys[labels[0]]) // _LETTERS_PER_EDIT and len(self._keys[labels[0]].split()) == size
        return labels[0] if len(keys) == 1 and fits and nearest > 0 else None


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
