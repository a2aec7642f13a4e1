"""How well the printed labels of a page fit each paper type: labels that few types print tell them apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.paper_text import fold_same_length
from extractors.paper_type import PaperType
from extractors.sheet import labels_of

# A label of so many letters is words of its own; a shorter one (`Số`, `Ngày`) stands on every paper.
_FULL_LETTERS, _LEAST_LETTERS = 14, 6
_WORD = re.compile(r"\w+")
# What parts a label from its value, or from its English: a colon, dots to write on, a bar, a footnote mark.
_MARK = re.compile(r"[:/…(]|\.\.")
# What may stand before a label at the beginning of a line: `1.`, `a)`, `đ)`.
_NUMBERING = re.compile(r" (?:\w{1,3} )?")


@dataclass(frozen=True, slots=True)
class Support:
    """What the labels of a page say for one paper type.

    Attributes:
        weight: Sum over the labels that were seen, each the less the more types print it; one rare long label is 1.
        seen: How many different labels were seen.
        known: How many the type has.
    """

    weight: float
    seen: int
    known: int


def label_support(text: str, paper_types: Sequence[PaperType]) -> dict[str, Support]:
    """Return what the labels in `text` say for each type that prints labels, by type id.

    Args:
        text: Text of a page or paper, lines parted by newlines.
        paper_types: The types to tell apart.
    """
    lines = [_Line.of(line) for line in text.splitlines()]
    page = "\n".join(line.words for line in lines)
    found: dict[str, Support] = {}
    for type_id, labels in _label_weights(paper_types):
        near = [label for label in labels if f" {label} " in page]
        seen = [label for label in near if any(line.prints(label) for line in lines)]
        # A label that is part of a longer one of the same type must not count beside it.
        counted = [
            label for label in seen if not any(label != other and f" {label} " in f" {other} " for other in seen)
        ]
        if labels:
            found[type_id] = Support(sum(labels[label] for label in counted), len(counted), len(labels))
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: its folded words between blanks, and where in them something is marked off behind a word."""

    words: str
    marked: frozenset[int]

    @classmethod
    def of(cls, line: str) -> "_Line":
        folded = fold_same_length(line)
        words, marked, end = " ", set(), 0
        for match in _WORD.finditer(folded):
            if _MARK.search(folded, end, match.start()):
                marked.add(len(words) - 1)
            words += f"{match.group()} "
            end = match.end()
        if _MARK.search(folded, end):
            marked.add(len(words) - 1)
        return cls(words, frozenset(marked))

    def prints(self, label: str) -> bool:
        """True when `label` stands here as labels do: at the beginning, or with a colon or dots behind it.

        The same words inside a sentence are no label.
        """
        place = self.words.find(f" {label} ")
        while place >= 0:
            if _NUMBERING.fullmatch(self.words, 0, place + 1) or place + 1 + len(label) in self.marked:
                return True
            place = self.words.find(f" {label} ", place + 1)
        return False


def _label_weights(paper_types: Sequence[PaperType]) -> tuple[tuple[str, dict[str, float]], ...]:
    key = tuple((one.id, one.family or one.id, labels_of(one)) for one in paper_types)
    return _weights(key)


@lru_cache(maxsize=8)
def _weights(declared: tuple[tuple[str, str, tuple[str, ...]], ...]) -> tuple[tuple[str, dict[str, float]], ...]:
    families: dict[str, set[str]] = {}
    for _, family, labels in declared:
        for label in labels:
            families.setdefault(_key(label), set()).add(family)
    return tuple(
        (
            type_id,
            {
                key: min(1.0, len(key) / _FULL_LETTERS) / len(families[key])
                for key in dict.fromkeys(map(_key, labels))
                if len(key) >= _LEAST_LETTERS
            },
        )
        for type_id, _, labels in declared
    )


def _key(text: str) -> str:
    return " ".join(_WORD.findall(fold_same_length(text)))
