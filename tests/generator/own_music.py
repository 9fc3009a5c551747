"""Music of one's own for the tests: whole tunes, openings, and every kind of bad input."""

from __future__ import annotations

KESH = """X:1
T:The Kesh
R:jig
M:6/8
L:1/8
K:G
|: G3 GAB | A3 ABd | edd gdd | edB dBA |
GAB dBd | edB ABd | B2 d dBA | BAF G2 D :|
|: B2 B d2 d | ege dBA | B2 B dBG | ABA AGA |
B2 B d2 d | ege dBd | gfg aga | bgf g3 :|
"""
# Pickups, first and second endings, chords of its own, a tie over a bar line.
ENDINGS = """X:7
T:Endings
M:4/4
L:1/8
K:Edor
B2 |: "Em"E2 BE dEBE | "Em"E2 BE "D"AFDF | "Em"E2 BE dEB2 |
"Bm7"BABc "D9"dAF2- |1 "D"F2 AD "Em"E2 B2 :|2 "D"F2 AD "Em"E4 |
|: "G"gfge "D"fdAd | "Em"e2 Be "G"dBGB | "A"A2 cA eAcA | "Em"BEGE "Bm"FDA2 |
"Em"E2 BE "D"dBAF | "Em"E4 E4 :|
"""
SAD_ENDING = (
    "M:3/4\nL:1/8\nK:Am\nA2 c2 e2 | d2 f2 a2 | g2 e2 c2 | d2 B2 G2 | A2 c2 e2 | d2 B2 G2 | A2 c2 B2 | A4 G2 |]\n"
)
OPENING = "M:6/8\nL:1/8\nR:jig\nK:Dmaj\n|: A | dfa gec | dBA F2 A |"
BROKEN_OFF = "M:4/4\nL:1/8\nK:Ador\neA (3AAA g2 fg | eA (3AAA BG"

HEAD = "X:1\nT:x\nM:4/4\nL:1/8\nK:D\n"
BAR = "DEFG ABcd | "
# text → a word that its sentence must hold
BAD = {
    "": "empty",
    "   \n ": "empty",
    "hello, this is a letter to you": "M:6/8",
    "<html><body>no tune</body></html>": "M:6/8",
    "M:4/4\nDEFG ABcd |": "key",
    "K:D\nDEFG ABcd |": "meter",
    "M:4/4\nK:H7\nDEFG ABcd |": "K:D",
    "M:4/4\nK:\nDEFG ABcd |": "K:D",
    "M:5/4\nL:1/8\nK:D\n" + "DEFG ABcd ef |" * 8: "5/4",
    "M:7/13\nL:1/8\nK:D\n" + BAR * 8: "7/13",
    "M:none\nL:1/8\nK:D\n" + BAR * 8: "none",
    "M:\nL:1/8\nK:D\n" + BAR * 8: "meter",
    "M:4/4\nL:1/7\nK:D\n" + BAR * 8: "L:",
    HEAD: "no notes",
    HEAD + "z8 | z8 | z8 | z8 |": "no notes",
    HEAD + BAR * 2: "2 bars",
    HEAD + BAR * 70: "70 bars",
    HEAD + BAR * 2000: "20000",
    "A" * 1_000_000: "20000",
    HEAD + BAR * 3 + "DEFG ABc | " + BAR * 4: "Bar 4 ",
    HEAD + BAR * 3 + "DEFG ABcd e | " + BAR * 4: "Bar 4 ",
    HEAD + '"Qm9"DEFG ABcd | ' + BAR * 7: "Qm9",
    HEAD + '"Hx"DEFG ABcd | ' + BAR * 7: "Hx",
    HEAD + '"Gfoo"DEFG ABcd | ' + BAR * 7: "Gfoo",
    HEAD + "V:1\n" + BAR * 8 + "\nV:2\n" + BAR * 8: "voices",
    HEAD + "[V:one] " + BAR * 4 + "\n[V:two] " + BAR * 4: "voices",
    HEAD + "DEFG ABcd & DEFG ABcd | " + BAR * 7: "voices",
    HEAD + BAR * 8 + "\nX:2\nT:y\nM:4/4\nK:D\n" + BAR * 8: "several tunes",
    HEAD + BAR * 4 + "(3ABc (3A|B c4 | " + BAR * 4: "tuplet",
    HEAD + BAR * 4 + "|1 DEFG ABcd :|2 DEFG ABcd :|3 DEFG ABcd |": "third ending",
}
# What a melody may have and a task cannot work with.
BAD_FOR_TASKS = {
    HEAD + BAR * 4 + "[K:G] " + BAR * 4: "key changes",
    HEAD + BAR * 4 + "[M:3/4] DEFG AB | " * 2 + BAR * 4: "meter changes",
    HEAD + "D,,,,EFG ABcd | " + BAR * 7: "pitch",
    HEAD + "D,,EFG ABcd | " + BAR * 7: "G3",
}
