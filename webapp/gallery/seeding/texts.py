"""Made-up names, titles, prompts and remarks: a few common words, and a long tail of rare ones."""

from __future__ import annotations

import random

_FEELINGS = """hopeful tender merry weary longing solemn restless proud gentle wistful bold calm furious dreamy
playful melancholy bright lonely homesick grateful stubborn shy triumphant nostalgic sleepy eager quiet wild sad
joyful""".split()
_NOUNS = """lantern tide morning harbour road river kettle window meadow garden ferry bridge orchard chimney fiddle
letter winter summer autumn spring storm rain snow mist moon star lark heron swallow fox hare pony wagon mill forge
candle door gate hill valley island lighthouse market wedding cradle ship sail anchor oar net rope bell drum dance
kitchen bread apple barley heather thistle rowan willow oak stone shore strand cliff wave cloud wind frost ember smoke
shadow echo whisper secret promise journey return farewell homecoming reunion birthday harvest fair pilgrim sailor
weaver miller shepherd piper baker widow stranger neighbour cousin grandmother teacher child""".split()
_PLACES = ("at low tide", "in the rain", "by the turf fire", "on the hill", "before dawn", "at midnight",
           "over the sea", "under the bridge", "in the kitchen", "on the village green", "after the fair",
           "beyond the mill")  # fmt: skip
_DEEDS = """leaving crossing waiting walking dancing returning forgetting remembering sailing searching watching
singing""".split()
# Birds and beasts, not people: nobody shall find a namesake here.
_FIRST = """Lark Heron Swallow Wren Fox Hare Otter Robin Swift Curlew Plover Badger Stoat Marten Magpie Jackdaw Rook
Raven Linnet Finch Bunting Dipper Kestrel Merlin Osprey Falcon Thrush Starling Warbler Siskin Puffin Gannet Petrel Seal
Beaver Hedgehog Squirrel Vole Shrew Salmon Trout""".split()
_STARTS = "Bally Kil Dun Glen Inver Aber Strath Loch Carrick Knock Ros Tober Clon Drum Lis Ard Car Fal Gal Mor".split()
_MIDDLES = "ma ra no ka li do ne bri ga to sha ve lo mu ri da fe go ba ti".split()
_ENDS = "more ran ney gh den vale wick ford ton mere lin dale stow by thorpe garth mouth ness hope beg".split()
_REMARKS = (
    "Played it for my {noun}s and nobody sat still.", "The second part is lovely.", "Reminds me of {place}.",
    "We danced to this at the {noun} fair.", "A touch too {feeling} for me, but I keep humming it.",
    "The {noun} in the third bar made me smile.", "Would sit well after a slow air.", "My grandmother from {place}"
    " sang something like it.", "{feeling}, just as I was today.", "Learnt it on the whistle this evening.",
)  # fmt: skip
TAGS = """session slow easy fast wedding rain sea winter summer beginners whistle fiddle accordion harp lullaby dance
ceilidh evening morning sad happy school warm-up encore favourite waltz-set reel-set jig-set minor modal""".split()


def a_place(chance: random.Random) -> str:
    """Of some eight thousand."""
    return chance.choice(_STARTS) + chance.choice(_MIDDLES) + chance.choice(_ENDS)


def a_person(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {a_place(chance)}"


def a_prompt(chance: random.Random) -> str:
    feeling, noun = chance.choice(_FEELINGS), chance.choice(_NOUNS)
    return chance.choice((
        f"{feeling}, like a {noun} {chance.choice(_PLACES)}",
        f"{chance.choice(_DEEDS)} towards the {noun}, {feeling}",
        f"a {feeling} tune for a {noun}",
        f"not {chance.choice(_FEELINGS)}, just {feeling}",
        f"the {noun} and the {chance.choice(_NOUNS)}, {feeling} and {chance.choice(_FEELINGS)}",
    ))  # fmt: skip


def a_title(chance: random.Random, rhythm: str) -> str:
    noun = chance.choice(_NOUNS).capitalize()
    return chance.choice((
        f"The {chance.choice(_FEELINGS).capitalize()} {noun}",
        f"The {noun} {chance.choice(_PLACES)}",
        f"{chance.choice(_DEEDS).capitalize()} to {a_place(chance)}",
        f"{a_person(chance)}'s {rhythm}",
        f"The {noun} of {a_place(chance)}",
    ))  # fmt: skip


def a_remark(chance: random.Random) -> str:
    return chance.choice(_REMARKS).format(
        noun=chance.choice(_NOUNS), place=a_place(chance), feeling=chance.choice(_FEELINGS)
    )


def some_tags(chance: random.Random) -> list[str]:
    """Common ones more often: the first of the list twenty times as often as the last."""
    count = chance.choices((0, 1, 2, 3), (4, 3, 2, 1))[0]
    weights = [1 / (place + 1) for place in range(len(TAGS))]
    return list(dict.fromkeys(chance.choices(TAGS, weights, k=count)))
