"""What it means that an actor sets a lever to a level, as a plain verb."""

from collections.abc import Mapping
from typing import Final

from sim.analysis.outcomes import ACTORS

_TEMPO: Final = {
    "hold": "stops attacking and holds the line",
    "grind": "attacks step by step",
    "offensive": "goes over to the offensive",
}
_TALKS: Final = {"refuse": "refuses talks", "open": "offers talks"}

DEEDS: Final[Mapping[str, Mapping[str, str]]] = {
    "russia.tempo": _TEMPO,
    "russia.support_minsk": {
        "withhold": "withholds the transfers agreed with Minsk",
        "sustain": "pays Minsk what was agreed",
        "sweeten": "pays Minsk more than was agreed",
    },
    "russia.press_entry": {
        "no": "stops pressing Belarus to enter the war",
        "yes": "presses Belarus to enter the war",
    },
    "russia.talks": _TALKS,
    "russia.court_others": {
        "no": "stops courting other suppliers",
        "yes": "courts other suppliers",
    },
    "belarus.access": {
        "deny": "closes its territory to Russian troops",
        "host": "hosts Russian troops, but no attacks",
        "launch": "lets Russia attack from its territory",
    },
    "belarus.nuclear_hosting": {
        "no": "hosts no nuclear arms",
        "yes": "takes in Russian nuclear arms",
    },
    "belarus.voice": {
        "distance": "keeps its distance from Moscow in public",
        "neutral": "speaks as a neutral",
        "champion": "champions Moscow’s terms in public",
    },
    "belarus.entry": {"out": "stays out of the war", "in": "enters the war"},
    "belarus.west": {
        "closed": "ends its overture to the West",
        "overture": "makes an overture to the West",
    },
    "ukraine.tempo": _TEMPO,
    "ukraine.talks": _TALKS,
    "ukraine.north": {
        "watch": "only watches its border with Belarus",
        "fortify": "fortifies its border with Belarus",
        "strike": "strikes targets in Belarus",
    },
    "nato.aid": {
        "cut": "cuts its aid to Ukraine",
        "sustain": "keeps its aid to Ukraine at what it was in 2023",
        "surge": "gives Ukraine more aid than in 2023",
    },
    "nato.russia_sanctions": {
        "ease": "eases its sanctions on Russia",
        "hold": "keeps its sanctions on Russia as they are",
        "tighten": "tightens its sanctions on Russia",
    },
    "nato.belarus_track": {
        "engage": "engages with Minsk",
        "hold": "neither engages with Minsk nor squeezes it",
        "squeeze": "squeezes Minsk with sanctions",
    },
    "nato.flank": {
        "normal": "takes its eastern flank back to normal",
        "reinforce": "reinforces its eastern flank",
    },
}
"""Actor and lever -> level -> what the actor does then."""

LEVERS: Final[Mapping[str, str]] = {
    "support_minsk": "support for Minsk",
    "press_entry": "pressure to enter",
    "court_others": "courting of other suppliers",
    "access": "access for Russian troops",
    "entry": "entry into the war",
    "west": "opening to the West",
    "north": "border with Belarus",
    "russia_sanctions": "sanctions on Russia",
    "belarus_track": "dealings with Minsk",
    "flank": "eastern flank",
}
"""Levers whose names say too little beside that of their actor."""

_NAMES: Final = {
    "minsk": "Minsk",
    "moscow": "Moscow",
    "west": "West",
    "western": "Western",
}


def lever_words(lever: str) -> str:
    """A lever in words, after its actor: "Russia’s support for Minsk"."""
    return LEVERS.get(lever, words(lever))


def deed(actor: str, lever: str, level: str) -> str:
    """What an actor does, with itself as the subject: "Belarus champions Moscow’s terms"."""
    known = DEEDS.get(f"{actor}.{lever}", {})
    what = known.get(level, f"sets {words(lever)} to {words(level)}")
    return f"{actor_words(actor)} {what}"


def actor_words(actor: str) -> str:
    """An actor's name."""
    return ACTORS.get(actor, actor)


def words(name: str) -> str:
    """The name of a lever, a level or a payoff term as words; names keep their capital."""
    return " ".join(_NAMES.get(word, word) for word in name.split("_"))
