"""Which written syllables Vietnamese can have: an onset, a rime, a tone that the rime allows.

Not a word list: names, dialect and rare words obey the same rules. A reading that breaks them (`QUYỂT`, `nhủc`) was
misread, or is an abbreviation, a figure, or a word of another language; it is never refused for that alone.
"""

import unicodedata
from functools import lru_cache

from ocr.vietnamese import strip_accents

_WRITTEN_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_WRITTEN_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong
op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
uy uya uych uyên uyêt uyn uynh uyp uyt uyu
ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu ynh yt ych
"""
_ONSETS = frozenset(_WRITTEN_ONSETS.split()) | {""}
_RIMES = frozenset(_WRITTEN_RIMES.split())
# Before a stop the voice is cut short: only the tones sắc and nặng can be heard.
_STOPS = ("c", "ch", "p", "t")
_SHORT_TONES = frozenset({"\u0301", "\u0323"})
_TONES = frozenset({"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"})


_BARE_RIMES = frozenset(strip_accents(rime) for rime in _RIMES)
_BARE_ONSETS = frozenset(strip_accents(onset) for onset in _ONSETS)
_SIGNS = ".,;:!?()[]{}\"'“”‘’-–…/"


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Return True when `word`, without signs at its ends, could be one Vietnamese syllable; case does not count."""
    letters = unicodedata.normalize("NFD", word.strip(_SIGNS).lower())
    tones = [mark for mark in letters if mark in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES))
    splits = ((bare[:cut], bare[cut:]) for cut in range(min(3, len(bare)) + 1))
    return any(onset in _ONSETS and _fits(rime, tones) for onset, rime in splits) or bare == "gi"


@lru_cache(maxsize=8192)
def lacks_marks(word: str) -> bool:
    """Return True when `word` is no possible syllable but would be with other marks: `TICH` for `TỊCH`.

    Abbreviations (`UBND`) and words of other languages (`Lắk`) are not of that kind.
    """
    bare = strip_accents(word.strip(_SIGNS)).lower()
    splits = ((bare[:cut], bare[cut:]) for cut in range(min(3, len(bare)) + 1))
    return not is_syllable(word) and any(onset in _BARE_ONSETS and rime in _BARE_RIMES for onset, rime in splits)


def _fits(rime: str, tones: list[str]) -> bool:
    return rime in _RIMES and (not rime.endswith(_STOPS) or (bool(tones) and tones[0] in _SHORT_TONES))
