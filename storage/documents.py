"""Reading the JSON objects of a store: each says by itself which object it is, and is checked against its name."""

import logging
from collections.abc import Callable
from typing import TypeVar

from ocr.problem import Code, SohoaError
from storage.objects import ObjectStore

_log = logging.getLogger(__name__)
T = TypeVar("T")


def read_document(store: ObjectStore, key: str, parse: Callable[[bytes], T], key_of: Callable[[T], str]) -> T:
    """Return the parsed object named `key`.

    Args:
        store: Where it is kept.
        key: Its name.
        parse: Turns the bytes into the noun; raises ValueError (pydantic's included) when they are not one.
        key_of: The name under which the noun belongs.

    Raises:
        SohoaError: `OBJECT_MISSING` when there is none; `OBJECT_DAMAGED` when it cannot be parsed or belongs
            under another name.
    """
    return parsed_document(key, store.get(key), parse, key_of)


def parsed_document(key: str, data: bytes, parse: Callable[[bytes], T], key_of: Callable[[T], str]) -> T:
    """Return what `data`, stored as `key`, says; see `read_document`.

    Raises:
        SohoaError: `OBJECT_DAMAGED` when it cannot be parsed or belongs under another name.
    """
    document = _parsed(data, parse)
    # Raised here and not while handling pydantic's error: that one quotes the document, which is about people.
    if document is None:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: cannot be parsed")
    if _named(document, key_of) != key:
        raise SohoaError(Code.OBJECT_DAMAGED, detail=f"{key}: the content belongs under another name")
    return document


def _parsed(data: bytes, parse: Callable[[bytes], T]) -> T | None:
    try:
        return parse(data)
    except ValueError:
        return None


def _named(document: T, key_of: Callable[[T], str]) -> str | None:
    try:
        return key_of(document)
    except ValueError:
        return None


def load_or_none(key: str, read: Callable[[], T]) -> T | None:
    """Return what `read` gives, or None when the object is absent or damaged: it can be made again from the scan.

    Raises:
        SohoaError: The store cannot be used.
    """
    try:
        return read()
    except SohoaError as error:
        if error.code is Code.OBJECT_DAMAGED:
            _log.warning("stored object is damaged and will be written again: %s", key)
            return None
        if error.code is Code.OBJECT_MISSING:
            return None
        raise
