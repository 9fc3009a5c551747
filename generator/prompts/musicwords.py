"""Finds words that name music itself (jig, D minor, 3/4, sixteen bars, slow) in five languages; knows no moods."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.brief import MAX_BARS, METERS, MIN_BARS, Conditions
from generator.prompts.keynames import find_key
from generator.prompts.stems import folded

_RHYTHMS = (
    ("slip jig", r"slip ?jigs?|滑步吉格"),
    ("jig", r"jigs?|gigues?|gigas?|吉格"),
    ("reel", r"reels?|里尔舞"),
    ("hornpipe", r"hornpipes?|号笛舞"),
    ("polska", r"polskas?|slangpolska"),
    ("polka", r"polkas?|polcas?|波尔卡"),
    ("strathspey", r"strathspeys?"),
    ("schottische", r"schottisch(?:e|es)?|chotis"),
    ("mazurka", r"mazurkas?|mazurcas?|玛祖卡|马祖卡"),
    ("minuet", r"minuets?|menuett?e?s?|minues?|小步舞曲"),
    ("waltz", r"waltz(?:es)?|(?:\w+)?walzers?|valses?|vals|华尔兹|圆舞曲"),
    ("hymn", r"hymns?|choral(?:es?)?|赞美诗|圣歌"),
    ("slide", r"(?:kerry|irish|a lively|a fast|a quick) slides?|slide in 12/8"),
    ("air", r"(?:slow|irish|scottish|gentle|sad|old|plaintive|an|celtic) airs?|air (?:lent|irlandais)|aire lento"),
    ("march", r"(?<!in )(?<!early )(?<!late )(?<!of )march(?:es)?(?! \d)|\w*marsch(?:es)?|marchas?|une marche|进行曲"),
)  # fmt: skip
_TRADITIONS = (
    ("irish", r"irish|ireland|irische?[nrs]?|irland|irlandesa?s?|irlandaise?s?|irlandais|irlanda|爱尔兰"),
    ("scottish", r"scottish|scotland|scots|schottische[nrs] (?=\w)|schottland|escoces(?:a|as)?|ecossaise?s?|苏格兰"),
    ("english", r"english|england|englische?[nrs]?|inglesa?s?|anglaise?s?|英格兰|英国"),
    ("swedish", r"swedish|sweden|schwedische?[nrs]?|schweden|suec[oa]s?|suecia|suedoise?s?|suede|瑞典"),
    ("american", r"american|america|appalachian|bluegrass|old[- ]time|amerikanische?[nrs]?|american[oa]s?|美国"),
)  # fmt: skip
_METER_NAMES = (
    (
        "3/4",
        r"three[- ]four|waltz time|triple time|dreivierteltakt|tres por cuatro|trois temps|三拍子?|四分之三拍",
    ),
    ("6/8", r"six[- ]eight|sechsachteltakt|seis por ocho|six-huit|八六拍|八分之六拍"),
    ("2/2", r"cut time|alla breve|二二拍"),
    ("4/4", r"common time|four[- ]four|viervierteltakt|cuatro por cuatro|quatre temps|四拍子?"),
    ("2/4", r"two[- ]four|zweivierteltakt|dos por cuatro|deux temps|四二拍|四分之二拍"),
    ("9/8", r"nine[- ]eight|neunachteltakt|八九拍"),
    ("12/8", r"twelve[- ]eight|zwolfachteltakt"),
)
_PACE = (
    (0.66, r"largo|grave e lento|larghissimo|extremely slow|sehr langsam|muy lent[oa]|tres lente?|非常慢|很慢"),
    (0.72, r"adagio|lento|very slow(?:ly)?"),
    (0.85, r"slow(?:ly|er)?|langsame?[nrsm]?|lent[oa]s?|despacio|lente?s?|lentement|andante|慢|缓慢"),
    (1.3, r"presto|prestissimo|very fast|very quick(?:ly)?|sehr schnell|muy rapid[oa]|tres rapide|非常快|很快"),
    (1.22, r"vivace"),
    (1.14, r"fast(?:er)?|quick(?:ly|er)?|rapid(?:ly)?|brisk(?:ly)?|schnelle?[nrsm]?|rasche?[nrsm]?|flotte?[nrsm]?"
     r"|rapid[oa]s?|rapides?|rapidement|vite|deprisa|allegro|快速|迅速|飞快|急速"),
)  # fmt: skip
_NUMBERS = {
    8: "eight, acht, ocho, huit, 八",
    12: "twelve, zwolf, doce, douze, 十二",
    16: "sixteen, sechzehn, dieciseis, seize, 十六",
    20: "twenty, zwanzig, veinte, vingt, 二十",
    24: "twenty-four, twenty four, vierundzwanzig, veinticuatro, vingt-quatre, 二十四",
    32: "thirty-two, thirty two, zweiunddreissig, treinta y dos, trente-deux, 三十二",
}
_NUMBER_WORDS = {word: number for number, words in _NUMBERS.items() for word in words.split(", ")}
_BAR_WORDS = r"(?:[- ]?)(?:bars?|measures?|takte?n?|taktige?[nrs]?|compases|mesures|个?小节)(?![a-z])"
_BARS = re.compile(rf"(\d{{1,3}}|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))}){_BAR_WORDS}")
_METER = re.compile(r"(?<![\d/])(\d{1,2}) ?/ ?(\d{1,2})(?![\d/])")
_BEATS = re.compile(
    r"(?:tempo|bpm|qpm|q|♩)\s?[=:]?\s?(\d{2,3})(?!\d)|(?<!\d)(\d{2,3})\s?(?:bpm|qpm|beats per minute|schlage|拍每分)"
)
_FORM = re.compile(r"\b(AABBCC|AABB|AABA|ABAC|ABCD)\b|\b(AB|AA)(?=[- ](?:form|Form|forma|forme))")
_THROUGH_COMPOSED = re.compile(r"\bthrough[- ]composed\b|\bdurchkomponiert", re.IGNORECASE)
_NEGATED = re.compile(
    r"(?:\b(?:not|no|never|without|nicht|kein\w*|ohne|sin|nunca|pas|sans|ni)(?: \w+){0,2} |[不没无别]\w?)$"
)
_DENSE = re.compile(r"\b(?:busy|ornate|many notes|full of notes|notey|viele noten|muchas notas|beaucoup de notes)\b")
_SPARSE = re.compile(r"\b(?:sparse|few notes|plain melody|long notes|wenige noten|pocas notas|peu de notes)\b|音符稀疏")
_HIGH = re.compile(r"\bhigh(?:[- ]pitched| register| notes)\b|\b(?:hohe lage|notas agudas|registre aigu)\b|高音")
_LOW = re.compile(r"\b(?:low(?:[- ]pitched| register| notes)|deep notes|tiefe lage|notas graves|registre grave)\b|低音")


@dataclass(frozen=True)
class MusicWords:
    """What the prompt says of the music itself; `pace` multiplies the tempo that the mood asks for."""

    conditions: Conditions
    pace: float = 1.0


def find_music_words(prompt: str) -> MusicWords:
    text = re.sub(r"\s+", " ", folded(prompt))
    key, mode = find_key(prompt)
    conditions = Conditions(
        key=key,
        mode=mode,
        meter=_meter(text),
        rhythm=_first_named(_RHYTHMS, text),
        bars=_bars(text),
        form=_form(prompt),
        tempo_qpm=_beats(text),
        density=_place(text, _SPARSE, _DENSE),
        register=_place(text, _LOW, _HIGH),
        tradition=_first_named(_TRADITIONS, text),
    )
    return MusicWords(conditions, _pace(text))


def _bounded(pattern: str) -> str:
    """Whole words for alphabets; Chinese writes none apart."""
    return rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"


def _said(pattern: str, text: str) -> bool:
    """Whether the words stand somewhere without a negation just before them."""
    return any(not _NEGATED.search(text[: match.start()]) for match in re.finditer(_bounded(pattern), text))


def _first_named(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in names if _said(pattern, text)), None)


def _meter(text: str) -> str | None:
    for match in _METER.finditer(text):
        meter = f"{int(match[1])}/{int(match[2])}"
        if meter in METERS:
            return meter
    return _first_named(_METER_NAMES, text)


def _bars(text: str) -> int | None:
    match = _BARS.search(text)
    if match is None:
        return None
    bars = _NUMBER_WORDS.get(match[1]) or int(match[1])
    return bars if MIN_BARS <= bars <= MAX_BARS else None


def _beats(text: str) -> int | None:
    match = _BEATS.search(text)
    beats = int(match[1] or match[2]) if match else 0
    return beats if 40 <= beats <= 260 else None


def _form(prompt: str) -> str | None:
    match = _FORM.search(prompt)
    named = (match[1] or match[2]) if match else None
    return named or ("ABCD" if _THROUGH_COMPOSED.search(prompt) else None)


def _pace(text: str) -> float:
    return next((factor for factor, pattern in _PACE if _said(pattern, text)), 1.0)


def _place(text: str, low: re.Pattern[str], high: re.Pattern[str]) -> float | None:
    if low.search(text):
        return 0.15
    return 0.85 if high.search(text) else None
