"""The names of the signals of a field: of everything that speaks for its value or against it.

They are stored with the field, so that calibration learns from stored records and nothing is read again. A name says
which way it can only speak, so that more support never lowers a probability:

| name | says |
|---|---|
| `support:<rule>` | something independent bears the value out: `two-readers`, `date-in-words`, `register` … |
| `against:<rule>` | a rule contradicts it |
| `readers-differ` | independent readers were asked and do not agree |
| `third-agrees`, `third-differs` | where two readers differ, the third sees what the page reader saw, or not |
| `single-reading` | nothing supports it |
| `partial` | the value is sound but incomplete |
| `repaired` | marks were put right from a lexicon |
| `of-code` | the value was taken from a code on the page, not from print |
| `other-reader` | the value is what another reader saw |
| `doubt:<reason>` | what its kind says of it, as `doubt:surname-uncertain` |
| `odd:<shape>` | `syllable`: a word that no Vietnamese word can be; `marks`: one that must carry marks and does not |
| `claimed:<n>` | the page reader claims at least n %; `claimed:none`: it says nothing |
| `page:warn`, `page:rescan` | the page was scanned less than well, or badly |
| `kind:<kind>` | how the value is read |

`support:register` is kept for the lookup of a value in a register, which no rule does yet.
"""

from collections.abc import Iterable, Sequence

SUPPORT = "support:"
AGAINST = "against:"
DOUBT = "doubt:"
ODD = "odd:"
CLAIMED = "claimed:"
KIND = "kind:"
PAGE = "page:"

TWO_READERS = "two-readers"
REGISTER = "register"
READERS_DIFFER = "readers-differ"
SINGLE_READING = "single-reading"
THIRD_AGREES = "third-agrees"
THIRD_DIFFERS = "third-differs"
PARTIAL = "partial"
REPAIRED = "repaired"
OTHER_READER = "other-reader"
OF_CODE = "of-code"

# Percent that a reader may claim at least; measured, its claims differ little below the first.
CLAIMED_STEPS = (70, 80, 85, 90, 95)


def supports_in(signals: Iterable[str]) -> tuple[str, ...]:
    """Return the names of what supports a value."""
    return tuple(signal.removeprefix(SUPPORT) for signal in signals if signal.startswith(SUPPORT))


def may_be_accepted(signals: Sequence[str]) -> bool:
    """True when something independent supports the value, nothing contradicts it, and it was read whole."""
    contradicted = any(signal.startswith(AGAINST) for signal in signals)
    return bool(supports_in(signals)) and not contradicted and PARTIAL not in signals
