"""Guesses the dictionary forms of a word by its endings; knows five languages a little, no meanings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# Each rule is (ending, what may stand in its place). Longer endings come first.
_ENGLISH = (
    ("iness", "y"), ("ness", ""), ("ily", "y"), ("ly", ""), ("ies", "y"), ("ied", "y"), ("iest", "y"), ("ier", "y"),
    ("ing", ""), ("ing", "e"), ("est", ""), ("er", ""), ("ed", ""), ("ed", "e"), ("es", ""), ("s", ""), ("d", ""),
)  # fmt: skip
_GERMAN = (
    ("ender", "en"), ("endes", "en"), ("ende", "en"), ("enden", "en"), ("end", "en"), ("eren", ""), ("erer", ""),
    ("eres", ""), ("sten", ""), ("ste", ""), ("test", "en"), ("ten", "en"), ("te", "en"), ("en", ""), ("er", ""),
    ("es", ""), ("em", ""), ("st", "en"), ("t", "en"), ("e", ""), ("n", ""), ("s", ""), ("e", "en"), ("", "e"),
    ("", "en"),
)  # fmt: skip
_SPANISH = (
    ("amente", "o"), ("mente", ""), ("ciones", "cion"), ("ces", "z"), ("as", "o"), ("os", "o"), ("as", "a"),
    ("es", ""), ("s", ""), ("a", "o"), ("o", "a"), ("ando", "ar"), ("iendo", "er"), ("iendo", "ir"), ("aba", "ar"),
    ("aban", "ar"), ("ia", "er"), ("ado", "ar"), ("ada", "ar"), ("ido", "er"), ("an", "ar"), ("en", "er"),
    ("en", "ir"), ("a", "ar"), ("o", "ar"), ("e", "er"), ("e", "ir"), ("ito", "o"), ("ita", "a"),
)  # fmt: skip
_FRENCH = (
    ("euses", "eux"), ("euse", "eux"), ("ives", "if"), ("ive", "if"), ("elles", "el"), ("elle", "el"), ("ement", ""),
    ("ment", ""), ("aux", "al"), ("ees", "e"), ("ee", "e"), ("ees", "er"), ("ee", "er"), ("es", ""), ("es", "er"),
    ("s", ""), ("x", ""), ("e", ""), ("ent", "er"), ("ant", "er"), ("ait", "er"), ("aient", "er"), ("e", "er"),
    ("it", "ir"), ("ont", "ir"),
)  # fmt: skip
_RULES = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH, "fr": _FRENCH}
_SHORTEST = 3
# Traditional characters of the lexicon's words, each before its simplified form; the lexicon is written in the latter.
_CHARACTER_PAIRS = (
    "傷伤歡欢樂乐愛爱憂忧鬱郁靜静寧宁夢梦風风雲云氣气憤愤懼惧淚泪無无沒没勝胜戰战龍龙馬马鳥鸟獨独單单節节慶庆禮礼陽阳燭烛燈灯"
    "歲岁鄉乡離离別别見见親亲興兴奮奋熱热鬧闹輕轻溫温淒凄涼凉惱恼緊紧張张險险驚惊聖圣誕诞謝谢強强堅坚驕骄榮荣輝辉壯壮麗丽優优"
    "純纯潔洁擁拥媽妈爺爷兒儿嬰婴搖摇籃篮黃黄綠绿藍蓝紅红燒烧滅灭廢废墳坟舊旧憶忆憐怜還还遠远遙遥進进軍军隊队鐘钟聲声號号響响"
    "飛飞躍跃圓圆爾尔茲兹調调動动滿满極极點点過过來来時时為为個个們们這这裡里與与華华敵敌殺杀喪丧哀哀絕绝麼么從从戀恋緩缓煙烟"
    "櫻樱蘭兰國国園园門门窗窗車车頭头誰谁説说說说話话讓让歸归頌颂寶宝貝贝孩孩長长閃闪電电慮虑懷怀惡恶災灾難难"
)
_SIMPLIFIED = str.maketrans(_CHARACTER_PAIRS[::2], _CHARACTER_PAIRS[1::2])


def folded(text: str) -> str:
    """Lower case without accents, with ß as ss and Chinese simplified: the lexicon should not care."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return plain.translate(_SIMPLIFIED)


def forms(word: str, language: str) -> Iterator[str]:
    """The folded word itself, then its possible dictionary forms, most likely first."""
    yield word
    for ending, instead in _RULES.get(language, ()):
        stem = word.removesuffix(ending) if ending else word
        if word.endswith(ending) and len(stem) >= _SHORTEST:
            yield stem + instead
            if language == "en" and instead == "" and len(stem) > _SHORTEST and stem[-1] == stem[-2]:
                yield stem[:-1]  # running, sobbed
    if language == "de":
        for digraph, vowel in (("ae", "a"), ("oe", "o"), ("ue", "u")):
            if digraph in word:
                yield word.replace(digraph, vowel)
