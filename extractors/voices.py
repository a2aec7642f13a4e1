"""Where readers differ, word by word: what most of them say, or what makes a known compound with its neighbour.

Only a proposal comes out, put together from what several readers saw: a person decides on it. Two readers of different
make outweigh the third; the page reader and the other net are relatives that make the same mistakes (`chuân hóa`), so
a compound that only one reading makes (`chuẩn hóa`) outweighs them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from extractors.kinds.parsed import Repair
from extractors.lexicon.compounds import is_compound, marked_for_compound
from ocr.syllables import is_syllable
from ocr.vietnamese import fold, strip_accents

MAJORITY, COMPOUNDS, SYLLABLES, OTHER = "readers:majority", "lexicon:compounds", "lexicon:syllables", "readers:other"
# Two readings of one word share at least half of their letters, accents apart, and have nearly as many.
_LEAST_ALIKE = 0.5
_LONGER_BY = 1


class Voices(NamedTuple):
    """What the readers say of one field, None for one that says nothing.

    Attributes:
        own: The page reader.
        other: The reader of another make.
        third: The arbiter, a relative of the page reader.
    """

    own: str | None
    other: str | None
    third: str | None


class Settled(NamedTuple):
    """A text put together of what readers said, and the words that are not the page reader's."""

    text: str
    repairs: tuple[Repair, ...]


class _Choice(NamedTuple):
    word: str
    source: str


class _Place(NamedTuple):
    """One word of the text as each reader saw it, and the words beside it in whichever reading."""

    own: str | None
    other: str | None
    third: str | None
    before: tuple[str, ...]
    behind: tuple[str, ...]

    def seen_by(self, reader: int) -> str | None:
        """The word as the page reader (0) or the other (1) saw it."""
        return (self.own, self.other)[reader]

    @property
    def words(self) -> tuple[str, ...]:
        """The different readings of the word."""
        return tuple(dict.fromkeys(word for word in (self.own, self.other, self.third) if word is not None))


def settle_words(frame: str, voices: Voices, *, by_compounds: bool) -> Settled:
    """Return `frame` with the words in which the readers differ chosen one by one; it loses no word and gains none.

    Args:
        frame: The text that would be proposed as a whole.
        voices: What each reader says.
        by_compounds: True for running text; in names of persons and places any two syllables may stand together.

    Raises:
        SohoaError: `reader_missing` when the list of compounds is needed and not installed.
    """
    words = frame.split()
    places = list(_places(words, voices))
    choices = [_choice(place, by_compounds=by_compounds) if len(place.words) > 1 else None for place in places]
    better = _better(places, choices)
    chosen, repairs = [], []
    for word, place, decided in zip(words, places, choices, strict=True):
        believed = place.seen_by(better) if better is not None and len(place.words) > 1 else None
        choice = decided or _Choice(believed or word, OTHER)
        chosen.append(choice.word)
        if place.own is not None and place.own != choice.word:
            repairs.append(Repair(read=place.own, repaired=choice.word, source=choice.source))
    return Settled(" ".join(chosen), tuple(repairs))


def _places(words: list[str], voices: Voices) -> Iterator[_Place]:
    own, other, third = (_aligned(words, voice.split() if voice else []) for voice in voices)
    seen = [
        tuple(dict.fromkeys(word for word in readings if word is not None))
        for readings in zip(own, other, third, strict=True)
    ]
    for at, readings in enumerate(zip(own, other, third, strict=True)):
        before = tuple(word for word in (seen[at - 1] if at else ()) if word[-1].isalpha())
        behind = tuple(map(_core, seen[at + 1])) if at + 1 < len(words) else ()
        yield _Place(*readings, before, behind)


def _aligned(words: list[str], spoken: list[str]) -> list[str | None]:
    """Return for each of `words` the spoken word that stands for it, None where none does."""
    found: list[str | None] = [None] * len(words)
    for step in Levenshtein.opcodes(words, spoken):
        if step.tag in {"equal", "replace"}:
            for at, word in zip(
                range(step.src_start, step.src_end), spoken[step.dest_start : step.dest_end], strict=True
            ):
                found[at] = word if _is_reading_of(words[at], word) else None
    return found


def _is_reading_of(first: str, second: str) -> bool:
    alike = Levenshtein.normalized_similarity(fold(first), fold(second))
    return alike >= _LEAST_ALIKE and abs(len(first) - len(second)) <= _LONGER_BY


def _choice(place: _Place, *, by_compounds: bool) -> _Choice | None:
    """Return the word to propose and what says so, None where nothing does."""
    if place.other is not None and place.other in {place.own, place.third}:
        return None if _lost_marks(place.other, place.words) else _Choice(place.other, MAJORITY)
    is_running = by_compounds and all(word[0].islower() for word in place.words)
    if is_running:
        known = [word for word in place.words if _makes_compound(word, place)]
        if len(known) == 1:
            return _Choice(known[0], COMPOUNDS)
    if place.own is not None and place.own == place.third:
        return _Choice(place.own, MAJORITY)
    return _by_lists(place) if is_running and not known else None


def _lost_marks(word: str, words: Sequence[str]) -> bool:
    """True for `CONG` where one reader saw `CÔNG`: in capitals most readers lose marks, none invents all of them."""
    is_bare = word[0].isupper() and strip_accents(word) == word
    return is_bare and any(other != word and fold(other) == fold(word) for other in words)


def _by_lists(place: _Place) -> _Choice | None:
    """Return what no reader need have seen: all lost the same mark, or only one saw a syllable that can be."""
    possible = [word for word in place.words if is_syllable(word)]
    if len(possible) == 1:
        return _Choice(possible[0], SYLLABLES)
    cores = [_core(word) for word in place.words]
    if len({fold(core) for core in cores}) > 1 or not all(core.isalpha() for core in cores):
        return None
    before, behind = (side[0] if len(side) == 1 else None for side in (place.before, place.behind))
    behind = behind if place.words[0] == cores[0] else None
    marked = marked_for_compound(cores[0], before, behind)
    return _Choice(place.words[0].replace(cores[0], marked), COMPOUNDS) if marked else None


def _makes_compound(word: str, place: _Place) -> bool:
    core = _core(word)
    ends_in_sign = not word[-1].isalpha()
    return any(is_compound(before, core) for before in place.before) or (
        not ends_in_sign and any(is_compound(core, behind) for behind in place.behind)
    )


def _core(word: str) -> str:
    """Return a word without the signs behind it; one with a sign before it makes no compound."""
    return word.rstrip(".,:;!?)")


def _better(places: Sequence[_Place], choices: Sequence[_Choice | None]) -> int | None:
    """Return which of the page reader (0) and the other (1) was right more often where that was decided, else None."""
    won = Counter(
        reader
        for place, choice in zip(places, choices, strict=True)
        for reader in (0, 1)
        if choice is not None and place.seen_by(reader) == choice.word
    )
    return None if won[0] == won[1] else max((0, 1), key=won.__getitem__)
