"""All procedures at hand for searching by name or code, so that typing does not wait for the store."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from extractors.procedures.procedure import Procedure
from ocr.vietnamese import fold

# An import shows up after a minute.
_KEPT_S = 60.0


@dataclass(frozen=True, slots=True)
class ListedProcedure:
    """What a list shows of a procedure.

    Attributes:
        code: Short code of the national list, or one of our own.
        name: As the list prints it.
        field: Lĩnh vực, or None.
        roles: Whose papers beside the applicant's it asks for, in the order of its components.
    """

    code: str
    name: str
    field: str | None
    roles: tuple[str, ...]


@dataclass(slots=True)
class ProcedureList:
    """The procedures of an office, fetched at most once a minute; for many threads.

    Attributes:
        load: Fetches all of them, by code.
    """

    load: Callable[[], Sequence[Procedure]]
    _kept: tuple[float, Sequence[tuple[str, ListedProcedure]]] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def search(self, words: str, limit: int) -> list[ListedProcedure]:
        """Return procedures whose code or name has all words of `words`, at most `limit`; accents do not matter.

        Those whose code or name begins with what was typed come first.

        Raises:
            SohoaError: See `storage.procedures.list_procedures`.
        """
        typed = fold(words)
        parts = typed.split()
        found = [(text, listed) for text, listed in self._all() if all(part in text for part in parts)]
        found.sort(key=lambda each: not (each[0].startswith(typed) or fold(each[1].name).startswith(typed)))
        return [listed for _, listed in found[:limit]]

    def _all(self) -> Sequence[tuple[str, ListedProcedure]]:
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > _KEPT_S:
                listed = [_listed(procedure) for procedure in self.load()]
                self._kept = (time.monotonic(), [(fold(f"{each.code} {each.name}"), each) for each in listed])
            return self._kept[1]


def _listed(procedure: Procedure) -> ListedProcedure:
    roles = dict.fromkeys(component.role for component in procedure.components if component.paper_types)
    asked = tuple(role for role in roles if role is not None)
    return ListedProcedure(procedure.code, procedure.name, procedure.field, asked)
