"""Names the language of a short prompt: en, zh, de, es, fr, or und when nothing tells; knows no feelings."""

from __future__ import annotations

import re

from generator.prompts.lexicon import lexicons, split_words

# Short words that only one of the languages uses, or nearly so, with accents folded away.
_FUNCTION_WORDS = {
    "en": "the a an and or of to in on at by with without for from is are was were be been it its this that my your "
    "our their her his we you they not no never but very too so when where after before over under like as into "
    "against something nothing anything about again more any all i am will would has have had there left out up "
    "down far",
    "de": "der die das den dem des ein eine einen einem einer und oder nicht kein keine keinen ohne mit von vom zu zum "
    "zur im am ist sind war ich du er wir ihr sie mein meine dein sehr aber auf aus bei nach uber unter voll voller "
    "fur wie wenn nie mehr auch noch wieder etwas nichts sondern weder noch immer durch gegen bis als uns",
    "es": "el la los las un una unos unas y o de del al en con sin por para no ni nunca muy pero mas que mi tu su es "
    "son esta fue nada jamas sino como cuando donde sobre entre hasta desde todo ya lo se me te yo algo poco bajo",
    "fr": "le la les un une des du de et ou en dans avec sans pour par pas ne ni jamais plus tres mais que qui mon ma "
    "mes ton ta son sa ses est sont au aux sur sous ce cette il elle nous vous je tu rien comme quand vers chez l d "
    "c n s j qu trop peu",
}
_WORDS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_LETTERS = {"de": "äöüß", "es": "ñ¿¡áíóú", "fr": "çèêëîïôûœàù"}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")  # kana and hangul: Han characters there are not Chinese


def detect(text: str) -> str:
    """The language with the most evidence. Latin text with none at all is und."""
    if _HAN.search(text):
        return "und" if _OTHER_SCRIPT.search(text) else "zh"
    words = split_words(text)[:60]
    scores = {language: _score(words, text, language) for language in _WORDS}
    best = max(scores, key=lambda language: scores[language])  # English first among equals
    return best if scores[best] > 0 else "und"


def _score(words: list[str], text: str, language: str) -> float:
    function_words = sum(word in _WORDS[language] for word in words)
    known = sum(1 for word in words if len(word) > 2 and _tells(word, language))
    letters = sum(text.casefold().count(letter) for letter in _LETTERS.get(language, ""))
    return function_words + 1.2 * known + 1.5 * min(letters, 2)


def _tells(word: str, language: str) -> bool:
    """Whether the lexicon has the word and no other language binds with it: `the` is English, though thé is tea."""
    foreign = any(word in words for name, words in _WORDS.items() if name != language)
    return not foreign and lexicons()[language].knows(word)


def is_function_word(word: str, language: str) -> bool:
    """Whether the folded word only binds others together; for und, in any of the languages."""
    if language in _WORDS:
        return word in _WORDS[language]
    return any(word in words for words in _WORDS.values())
