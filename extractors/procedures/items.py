"""What a phrase of the national list names, item by item: papers of ours, other papers, forms.

An item is counted only where its name begins at the start, or right behind a comma, semicolon, slash, `hoặc` or `và`:
`giấy chứng nhận đăng ký đầu tư` and `đơn đề nghị cấp giấy khai sinh` name no paper of ours.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from extractors.paper_names import with_either_card
from extractors.procedures.phrase import Phrase
from extractors.procedures.words import OurNames, leads, starts_with, words


class ItemKind(StrEnum):
    """What an item names."""

    OURS = "ours"
    OTHER = "other"
    FORM = "form"


class Link(StrEnum):
    """How an item is joined to the one before it."""

    FIRST = "first"
    OR = "or"
    COMMA = "comma"
    AND = "and"


@dataclass(frozen=True, slots=True)
class Item:
    """A named paper.

    Attributes:
        kind: What it is.
        link: How it follows the item before.
        begin: Index of its first word, the lead included.
        name: Index of the first word of its name.
        end: Index of the word behind its name.
        tail_end: Index of the word behind all that is said of it.
        paper_types: Of ours that it means; for `OURS` alone.
        or_another: True where `hoặc` and another paper follow in what is said of it.
    """

    kind: ItemKind
    link: Link
    begin: int
    name: int
    end: int
    tail_end: int
    paper_types: tuple[str, ...] = ()
    or_another: bool = False


@dataclass(frozen=True, slots=True)
class _Named:
    kind: ItemKind
    name: int
    end: int
    paper_types: tuple[str, ...] = ()


def read_items(phrase: Phrase, begin: int, names: OurNames, *, is_list: bool) -> tuple[Item, ...]:
    """Return the items of a phrase from the word `begin` on; empty where no item begins there.

    Args:
        phrase: The text.
        begin: Where the first item must begin.
        names: What our papers are called.
        is_list: True behind `gồm:`, where every comma begins a paper of its own.
    """
    first = _named_at(phrase, begin, names)
    if first is None:
        return ()
    items = [Item(first.kind, Link.FIRST, begin, first.name, first.end, first.end, first.paper_types)]
    index = first.end
    while index < len(phrase.words):
        link = _link_before(phrase, index)
        named = _named_at(phrase, index, names) if link and phrase.words[index].depth == 0 else None
        if _is_closed(phrase, index) or (named is None and _begins_anew(phrase, index)):
            index = _next_beginning(phrase, index + 1)
            continue
        if link is None or named is None or not _is_asked_for(phrase, items, named, link, index, is_list=is_list):
            if link is Link.OR and named is not None:
                items[-1] = replace(items[-1], or_another=True)
            index += 1
            continue
        items[-1] = replace(items[-1], tail_end=index)
        items.append(Item(named.kind, link, index, named.name, named.end, named.end, named.paper_types))
        index = named.end
    items[-1] = replace(items[-1], tail_end=len(phrase.words))
    return tuple(items)


def names_an_item(phrase: Phrase, index: int, names: OurNames) -> bool:
    """True when an item begins at the word `index`."""
    return _named_at(phrase, index, names) is not None


def _named_at(phrase: Phrase, begin: int, names: OurNames) -> _Named | None:
    index = phrase.match(leads(), begin)
    for start in (index, begin):
        if start >= len(phrase.words):
            continue
        form = phrase.match(starts_with("forms"), start)
        if form > start:
            return _Named(ItemKind.FORM, start, form)
        ours = _ours_at(phrase, start, names)
        if ours is not None:
            return ours
        other = phrase.match(starts_with("papers"), start)
        # `Các tài liệu này …` speaks of papers named before.
        if other > start and not (other < len(phrase.words) and phrase.words[other].key == "này"):
            return _Named(ItemKind.OTHER, start, other)
    return None


def _ours_at(phrase: Phrase, start: int, names: OurNames) -> _Named | None:
    end = phrase.match(names.pattern, start)
    if end == start:
        return None
    name = phrase.said(start, end)
    if name not in names.paper_types or not _is_whole_name(phrase, end, is_vague=name in names.vague):
        return None
    if starts_with("not_ours").search(phrase.said(end, _next_beginning(phrase, end))):
        return None
    return _Named(ItemKind.OURS, start, end, with_either_card(names.paper_types[name]))


def _is_whole_name(phrase: Phrase, end: int, *, is_vague: bool) -> bool:
    """True when the name ends at `end`: behind any but a few words it would be longer, and another paper's."""
    if end >= len(phrase.words) or phrase.words[end].before.strip():
        return True
    if is_vague:
        return phrase.words[end].key == "của"
    return phrase.match(starts_with("after_name"), end) > end or phrase.words[end].key.isdigit()


def _link_before(phrase: Phrase, index: int) -> Link | None:
    """Return how the word `index` is joined to what stands before it; None within a phrase."""
    before = phrase.words[index].before
    previous = phrase.words[index - 1].key
    if previous == "hoặc" or "/" in before:
        return Link.OR
    if previous == "và" or _begins_anew(phrase, index):
        return Link.AND
    return Link.COMMA if "," in before or ":" in before else None


def _is_closed(phrase: Phrase, index: int) -> bool:
    """True where a clause about when and what for begins: papers named in it are not asked for."""
    return phrase.words[index].depth == 0 and phrase.match(starts_with("clauses"), index) > index


def _begins_anew(phrase: Phrase, index: int) -> bool:
    """True behind a semicolon or a full stop."""
    return ";" in phrase.words[index].before or phrase.begins_sentence(index)


def _next_beginning(phrase: Phrase, index: int) -> int:
    while index < len(phrase.words) and not (phrase.words[index].depth == 0 and _begins_anew(phrase, index)):
        index += 1
    return index


def _is_asked_for(phrase: Phrase, items: list[Item], named: _Named, link: Link, index: int, *, is_list: bool) -> bool:
    """True when the name at `index` is an item of its own, and not part of what is said of the one before."""
    is_explicit = bool(starts_with("copies").search(phrase.said(index, named.name)))
    said = phrase.said(items[-1].end, index)
    is_about = items[-1].kind is not ItemKind.OURS and bool(starts_with("content").search(said))
    # A form may be about several papers: `đơn yêu cầu cấp bản sao giấy khai sinh, bản sao trích lục`.
    is_of_form = items[-1].kind is ItemKind.FORM and is_about
    if _begins_anew(phrase, index) or (is_explicit and not is_of_form):
        return True
    if named.kind is ItemKind.OURS:
        return not is_about
    if named.kind is ItemKind.FORM or link is Link.OR:
        return False
    if is_list and link is Link.COMMA:
        return True
    return phrase.is_capital(index) and not is_about


def grouped(
    items: tuple[Item, ...], *, is_choice: bool = False, is_one_of: bool = False
) -> tuple[tuple[Item, ...], ...]:
    """Put items together that are asked for in place of each other.

    Args:
        items: As read.
        is_choice: True behind `như`: commas part what may be chosen from.
        is_one_of: True behind `một trong`: so does everything else.
    """
    identity = set(words("identity"))
    groups: list[list[Item]] = []
    for index, item in enumerate(items):
        both_cards = bool(groups) and bool(identity & set(item.paper_types)) and identity & _types_of(groups[-1])
        by_comma = item.link is Link.COMMA and (is_choice or bool(both_cards) or _ends_in_or(items, index))
        if groups and (is_one_of or item.link is Link.OR or by_comma):
            groups[-1].append(item)
        else:
            groups.append([item])
    return tuple(tuple(group) for group in groups)


def _types_of(group: list[Item]) -> set[str]:
    return {one for item in group for one in item.paper_types}


def _ends_in_or(items: tuple[Item, ...], index: int) -> bool:
    """True when the commas from `index` on end in `hoặc`: `A, B hoặc C`."""
    for item, following in zip(items[index:], (*items[index + 1 :], None), strict=True):
        if item.or_another:
            return True
        if following is None or following.link is not Link.COMMA:
            return following is not None and following.link is Link.OR
    return False
