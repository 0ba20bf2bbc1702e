"""The settings of one file: texts, the run, claims, parameters, and who plays."""

from __future__ import annotations

from sim.scenario.dated import read_events, read_moves
from sim.scenario.layer import Layer, LayerReader, meant_claim, refused
from sim.scenario.month import Month
from sim.scenario.posteriors import sources
from sim.scenario.problems import did_you_mean, echo, listing
from sim.scenario.registry import CLAIMS, Parameter
from sim.scenario.scenario import BELIEFS, LINKAGE, OPEN, PLAYS
from sim.scenario.source import KeyPath, Plain, Source, where_of
from sim.scenario.values import read_value
from sim.scenario.vocabulary import KEYS, Names, Vocabulary

FIRST_START, LAST_START = Month(2022, 2), Month(2030, 12)
MOST_MONTHS = 120
LONGEST_HORIZON = 60

_MOST_LISTED = 12
_NOUNS = {"actors": "actor", "world": "world parameter", "initial": "initial value"}


def read_layer(source: Source, vocabulary: Vocabulary, overrides: bool = False) -> Layer:
    """Reads one file and collects everything that is wrong with it by itself."""
    reader = _SettingsReader(source, vocabulary, overrides)
    reader.read()
    return reader.layer


def name_trouble(name: str) -> str:
    """Why a scenario cannot have this name; nothing if it can."""
    if not name or not name.isprintable() or len(name) > 100 or name[0] in ". ":
        return "a name has 1 to 100 printable characters and starts with no dot or blank"
    return "a name holds no slash" if "/" in name or "\\" in name else ""


class _SettingsReader(LayerReader):
    def read(self) -> None:
        document = self.source.value
        if document is None or document == {}:
            self.say((), "is empty; a scenario says at least which file it extends")
        elif not isinstance(document, dict):
            self.say((), f"a scenario is a mapping of settings, not {echo(document)}")
        else:
            for key, value in document.items():
                self._top(key, value)

    def _top(self, key: str, value: Plain) -> None:
        match key:
            case "extends" | "effective_of":
                self._reference(key, value)
            case "title" | "question" | "note":
                self.keep((key,), self.text((key,), value, lines=key != "title"))
            case "start":
                self._start(value)
            case "months":
                self.keep((key,), self.whole((key,), value, MOST_MONTHS))
            case "horizon":
                self.keep((key,), self.whole((key,), value, LONGEST_HORIZON))
            case "war_ends":
                self.keep((key,), value if value == OPEN else self._ending(value))
            case "linkage":
                self._word(key, value, LINKAGE)
            case "beliefs":
                self._word(key, value, BELIEFS)
            case "parameters":
                self._source(value)
            case "claims":
                self._claims(value)
            case "actors" | "world" | "initial":
                self._names((key,), value, self.vocabulary.names[key])
            case "events":
                read_events(self, value)
            case "moves":
                read_moves(self, value)
            case _:
                self.say((key,), f"unknown key{self._top_hint(key)}", key=True)

    def _top_hint(self, key: str) -> str:
        if key in self.vocabulary.parameters or key.startswith("claims."):
            head, _, rest = key.partition(".")
            return f'; in a file it is written nested, "{rest}" under "{head}"'
        if hint := did_you_mean(key, KEYS):
            return hint
        name = self.vocabulary.named_elsewhere(key)
        return f"; there is {name}" if name else f"; known are {listing(KEYS, 'and')}"

    def _reference(self, key: str, value: Plain) -> None:
        if self.layer.overrides:
            self.say((key,), "belongs in a file and cannot be overridden", key=True)
        elif not isinstance(value, str) or not value.strip():
            self.say((key,), f"the name of a scenario file is needed, not {echo(value)}")
            self.layer.failed.add(key)
        elif key == "effective_of" and (trouble := name_trouble(value)):
            self.say((key,), trouble)
        elif key == "effective_of" and "extends" in self.source.value:
            self.say((key,), "is for files written out in full, which extend nothing", key=True)
        else:
            self.keep((key,), value)

    def _start(self, value: Plain) -> None:
        month = self.month(("start",), value)
        if month is not None and not FIRST_START <= month <= LAST_START:
            self.say(("start",), f"{month} is outside {FIRST_START} to {LAST_START}")
            month = None
        self.keep(("start",), month)

    def _ending(self, value: Plain) -> Month | None:
        try:
            return Month.parse(value if isinstance(value, str) else "")
        except ValueError as error:
            self.say(
                ("war_ends",),
                f"{echo(value)} is no month; {error}, or {OPEN} to leave the end to the world",
            )
        return None

    def _word(self, key: str, value: Plain, known: tuple[str, ...]) -> None:
        """A setting that is one of a few words."""
        if value in known:
            self.keep((key,), value)
            return
        meant = {True: "on", False: "off"}[value] if isinstance(value, bool) else value
        hint = did_you_mean(meant, known)
        self.say((key,), f"it is {listing(known)}, {refused(value)}{hint}")
        self.layer.failed.add(key)

    def _source(self, value: Plain) -> None:
        known = sources()
        if not isinstance(value, dict):
            self.say(("parameters",), f"write {{source: {known[-1]}}}, {refused(value)}")
            return
        for key, named in value.items():
            path = ("parameters", key)
            if key != "source":
                hint = did_you_mean(key, ("source",)) or "; known is source"
                self.say(path, f"unknown key{hint}", key=True)
            elif named in known:
                self.keep(path, named)
            else:
                hint = did_you_mean(named, known)
                self.say(path, f"there is {listing(known, 'and')}, {refused(named)}{hint}")
                self.layer.failed.add(where_of(path))

    def _claims(self, value: Plain) -> None:
        if not isinstance(value, dict):
            self.say(
                ("claims",), f"claims to switch are needed, such as {{C01: off}}, {refused(value)}"
            )
            return
        for claim, switch in value.items():
            path = ("claims", claim)
            if claim not in CLAIMS:
                said = f"unknown claim; they are C01 to C23{meant_claim(claim)}"
                self.say(path, said, key=True)
            elif switch in ("on", "off"):
                self.keep(path, switch)
            else:
                meant = {True: "on", False: "off"}[switch] if isinstance(switch, bool) else switch
                hint = did_you_mean(meant, ("on", "off"))
                self.say(path, f"a claim is on or off, {refused(switch)}{hint}")
                self.layer.failed.add(where_of(path))

    def _names(self, path: KeyPath, value: Plain, known: object) -> None:
        """Walks down to the parameters and who plays."""
        if isinstance(known, Parameter):
            self._parameter(path, value, known)
        elif known is None:
            self.keep(path, self._plays(path, value))
        elif not isinstance(value, dict):
            self.say(path, f"a mapping is needed, {refused(value)}; {_known(_keys(known))}")
        else:
            for key, inner in value.items():
                names = _keys(known)
                if key in names:
                    self._names((*path, key), inner, names[key])
                else:
                    self.say((*path, key), self._unknown(path, key, names), key=True)

    def _unknown(self, path: KeyPath, key: str, known: Names) -> str:
        in_incentives = path[-1] == "incentives"
        noun = "incentive" if in_incentives else _NOUNS.get(str(path[-1]), "setting of this actor")
        if hint := did_you_mean(key, known):
            return f"unknown {noun}{hint}"
        if elsewhere := self.vocabulary.named_elsewhere(key):
            return f"unknown {noun}; there is {elsewhere}"
        return f"unknown {noun}; {_known(known)}"

    def _parameter(self, path: KeyPath, written: Plain, parameter: Parameter) -> None:
        levels = self.vocabulary.levels_of(parameter.name)
        value = read_value(written) if levels is None else _read_level(written, levels)
        trouble = value if isinstance(value, str) else parameter.trouble(value)
        if trouble:
            self.say(path, trouble)
        self.keep(path, None if trouble else value)

    def _plays(self, path: KeyPath, value: Plain) -> str | None:
        actor, actors = str(path[1]), list(self.vocabulary.levers)
        known = [*PLAYS, *(f"puppet of {other}" for other in actors if other != actor)]
        if value in known:
            return str(value)
        said = value.split() if isinstance(value, str) else []
        if said == ["puppet", "of", actor]:
            self.say(path, f"{actor} cannot be a puppet of itself")
        elif said[:1] == ["puppet"] and len(said) < 3:
            self.say(path, f"whose puppet? write {listing(known[len(PLAYS) :])}")
        else:
            chairs = listing([*PLAYS, "puppet of ACTOR"])
            self.say(path, f"an actor plays {chairs}, {refused(value)}{did_you_mean(value, known)}")
        return None


def _read_level(written: Plain, levels: tuple[str, ...]) -> float | str:
    """Index of a level from its name or its number; or, as text, what is wrong with it."""
    if isinstance(written, str) and written in levels:
        return float(levels.index(written))
    if isinstance(written, int) and not isinstance(written, bool) and 0 <= written < len(levels):
        return float(written)
    hint = did_you_mean(written, levels) if isinstance(written, str) else ""
    return f"a level is needed, {listing(levels)}, {refused(written)}{hint}"


def _known(names: Names) -> str:
    """The keys there are, or where to find them when they are many."""
    if len(names) <= _MOST_LISTED:
        return f"known are {listing(list(names), 'and')}"
    return f'"fulcrum show status_quo" has all {len(names)}'


def _keys(known: object) -> Names:
    assert isinstance(known, dict)
    return known
