"""Finding printed labels: spaCy's PhraseMatcher on folded words, then a bounded search for misread ones."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein
from spacy.matcher import PhraseMatcher
from spacy.tokens import Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from extractors.paper_text import PaperText, fold_same_length, to_doc

# A label may be misread by one letter in so many; shorter labels must match exactly, they are too alike.
_LETTERS_PER_EDIT = 8
# The mark of an item, alone between the beginning of its line and a label: `2.`, `II.`, `đ)`, `- `, `+`, `* `.
_ITEM = re.compile(r"[\W_]*(?:\d{1,2}|[IVXl]{1,4}|[a-zđ])?[\W_]*")
# What belongs to a label behind its words: a footnote mark before or after the colon (`(1)`, read as `(9`, `1)` or
# `©`) and a note of the form (`(ghi bằng chữ in hoa):`). Source: domain §7.
_AFTER = re.compile(
    r"(?:\s*\(\d{1,2}\))?(?:\s*\([^()\n]{3,60}\)(?=\s*:))?[:;.…,\s]*"
    r"(?:(?:\(\s*\d[\d ]{0,2}(?:\)|(?<=\s))|[\dÖ©®°]{1,2}\)|[©®°])[:;.…,\s]*)?"
)
# Words that lost the blanks between them are told by their letters alone, if there are so many.
_MIN_SQUEEZED = 8
# A label that is found elsewhere on the paper may be misread by one letter in so many.
_LONG = 12


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where a label stands in `PaperText.text`.

    `start` is before the mark of its item (`2.`, `c)`, `+`), which ends the value above it; `end` is after its colon
    and footnote mark.
    """

    label: str
    start: int
    end: int


class LabelFinder:
    """Finds the labels of one paper type. Built once, used for every paper of the type."""

    def __init__(self, labels: Iterable[str]) -> None:
        """Prepare patterns.

        Args:
            labels: As printed, with accents and punctuation; both are ignored in matching, but a label that ends in a
                colon counts only where one follows it.
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
            norms = [token.norm_ for token in doc]
            exact = []
            for span in filter_spans(span for span in spans if self._is_word_itself(paper, span, starts, ends)):
                longer = self._lengthened(span.label_, span.start, span.end, norms)
                # `Họ và tên: CÀ THỊ HƯƠNG` is no `Họ và tên cha`: a label ends at its colon.
                goes_on = ":" not in paper.text[starts[longer[1]] : starts[longer[2] - 1]]
                exact.append(longer if goes_on else (span.label_, span.start, span.end))
            places = [_place(paper, label, starts[first], ends[last - 1]) for label, first, last in exact]
            taken = {i for _, first, last in exact for i in range(first, last)}
            missing = set(self._labels) - {label for label, _, _ in exact}
            for label, first, last in self._misread(norms, taken):
                edits = Levenshtein.distance(" ".join(norms[first:last]), self._keys[label])
                # One that stands elsewhere on the paper must be nearly right to stand here too.
                is_wanted = label in missing or edits <= len(self._keys[label]) // _LONG
                if is_wanted and _on_one_line(paper, starts, first, last):
                    places.append(_place(paper, label, starts[first], ends[last - 1]))
        places += self._squeezed(paper, places)
        places += self._in_one_word(paper, places)
        with_colon = (place for place in places if not place.label.endswith(":") or ":" in _behind(paper, place))
        return tuple(sorted(with_colon, key=lambda place: place.start))

    def _is_word_itself(self, paper: PaperText, span: Span, starts: list[int], ends: list[int]) -> bool:
        """True unless a label of one word is another word but for its accents: `HẰNG` in a name is no `Hạng`.

        With a colon behind it, it is a label that lost its accents.
        """
        if " " in self._keys[span.label_]:
            return True
        start, end = starts[span.start], ends[span.end - 1]
        word = paper.text[start:end].casefold()
        return word == span.label_.casefold() or paper.text[end : end + 1] == ":"

    def _lengthened(self, label: str, first: int, last: int, norms: list[str]) -> tuple[str, int, int]:
        """Return the longest label that begins with this one and is nearly read here; `cấp GƠN` ends `Số vào sổ …`."""
        best = (label, first, last)
        for longer, key in self._keys.items():
            size = len(key.split())
            if not key.startswith(f"{self._keys[label]} ") or size <= best[2] - first:
                continue
            distance = Levenshtein.distance(" ".join(norms[first : first + size]), key)
            if distance <= len(key) // _LETTERS_PER_EDIT:
                best = (longer, first, first + size)
        return best

    def _squeezed(self, paper: PaperText, found: list[LabelPlace]) -> list[LabelPlace]:
        """Return labels whose words run together (`nămsinh:25/12/1991`), longest first, outside those `found`."""
        taken = [(place.start, place.end) for place in found]
        keys = {label: key.replace(" ", "") for label, key in self._keys.items()}
        places: list[LabelPlace] = []
        for line in re.finditer(r"[^\n\f]+", paper.folded):
            letters = [(match.group(), match.start()) for match in re.finditer(r"\w", line.group())]
            text = "".join(letter for letter, _ in letters)
            for label in sorted(keys, key=lambda label: -len(keys[label])):
                at = text.find(keys[label]) if len(keys[label]) >= _MIN_SQUEEZED else -1
                if at < 0:
                    continue
                start = line.start() + letters[at][1]
                end = line.start() + letters[at + len(keys[label]) - 1][1] + 1
                is_free = all(end <= first or start >= last for first, last in taken)
                if is_free and _stands_apart(paper.text, start, end):
                    places.append(_place(paper, label, start, end))
                    taken.append((start, end))
        return places

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

    def _in_one_word(self, paper: PaperText, found: list[LabelPlace]) -> list[LabelPlace]:
        """Return labels whose words became one nearly right word (`Giớitínhh`), outside those `found`."""
        taken = [(place.start, place.end) for place in found]
        keys = {label: key.replace(" ", "") for label, key in self._keys.items() if " " in key}
        places: list[LabelPlace] = []
        for word in re.finditer(r"\w{6,}", paper.folded):
            near = [
                label
                for label, key in keys.items()
                if len(key) >= 7 and Levenshtein.distance(word.group(), key, score_cutoff=1) <= 1
            ]
            if len({keys[label] for label in near}) == 1 and all(
                word.end() <= a or word.start() >= b for a, b in taken
            ):
                places.append(_place(paper, near[0], word.start(), word.end()))
        return places


def _behind(paper: PaperText, place: LabelPlace) -> str:
    return paper.text[place.start : place.end]


def _tokens_of(label: str) -> list[str]:
    return re.findall(r"\w+", fold_same_length(label))


def _on_one_line(paper: PaperText, starts: list[int], first: int, last: int) -> bool:
    return not any(mark in paper.text[starts[first] : starts[last - 1]] for mark in "\n\f:")


def _stands_apart(text: str, start: int, end: int) -> bool:
    """True when no word goes on before or after: a name in capitals may touch the label."""
    return not text[start - 1 : start].isalpha() and not text[end : end + 1].islower()


def _place(paper: PaperText, label: str, start: int, end: int) -> LabelPlace:
    after = _AFTER.match(paper.text, end)
    newline = paper.text.find("\n", end, after.end()) if after else -1
    end = newline if newline >= 0 else after.end() if after else end
    line_start = max(paper.text.rfind("\n", 0, start), paper.text.rfind("\f", 0, start)) + 1
    return LabelPlace(label, line_start if _ITEM.fullmatch(paper.text, line_start, start) else start, end)
