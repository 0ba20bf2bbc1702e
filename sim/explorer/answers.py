"""One answer to a page: for an address, what can be shown of it now, and whether more will come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

from sim.analysis.outcomes import measure
from sim.explorer import pictures
from sim.explorer.address import read_address
from sim.explorer.between import Between, ahead, between
from sim.explorer.catalogue import Catalogue
from sim.explorer.inquiries import Inquiry
from sim.explorer.matrix import matrices
from sim.explorer.panel import panel
from sim.explorer.pictures import Numbers, Side, looks
from sim.explorer.runs import Datasets, Snapshot, Span, Work
from sim.explorer.service import Service, WorldsError
from sim.explorer.settings import scenario_of, work_of
from sim.explorer.state import View
from sim.explorer.why_page import why_page
from sim.report.labels import month_words
from sim.report.markup import Markup, el, render
from sim.report.origins import input_label
from sim.report.pieces import swatch
from sim.scenario import Scenario, ScenarioError
from sim.scenario.month import Month

PATIENCE: Final = 0.4
"""Seconds that an answer waits for something new."""


@dataclass(frozen=True)
class Ask:
    """What a page asks.

    Attributes:
        ticket: by which its wishes are told apart.
        number: of the question; the page drops answers to earlier ones.
        query: its address.
        before: address before the last change, "" for none.
        drag: a lever that is being dragged, and where it is.
        lever: the lever that was moved last, "" for none.
        stamp: what it has been shown, "" for nothing.
        stop: whether to leave off computing.
    """

    ticket: str
    number: int
    query: str
    before: str = ""
    drag: tuple[str, float] | None = None
    lever: str = ""
    stamp: str = ""
    stop: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Ask:
        """A question as the page's script sends it.

        Raises:
            ValueError: it is none.
        """
        try:
            drag = data.get("drag")
            return cls(
                ticket=str(data["ticket"])[:64],
                number=int(data["number"]),
                query=str(data["query"]),
                before=str(data.get("before") or ""),
                drag=(str(drag["key"]), float(drag["value"])) if drag else None,
                lever=str(data.get("lever") or ""),
                stamp=str(data.get("stamp") or ""),
                stop=bool(data.get("stop")),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"no question: {error}") from error


class Answers:
    """Answers questions; keeps nothing about those who ask.

    Args:
        catalogue: what there is to choose from.
        service: where worlds come from.
    """

    def __init__(self, catalogue: Catalogue, service: Service) -> None:
        self.catalogue, self.service = catalogue, service
        self._datasets = Datasets()

    def to(self, ask: Ask, patience: float = PATIENCE) -> dict[str, Any]:
        """The answer to a question; waits a little if nothing is new."""
        view, problems = read_address(ask.query, self.catalogue)
        if ask.drag is not None and ask.drag[0] in self.catalogue.parameters:
            name, value = ask.drag
            if self.catalogue.parameters[name].trouble(value):
                problems.append(f"{name} cannot be {value:g}.")
            else:
                view = replace(view, mine=view.mine.holding(name, value))
        out: dict[str, Any] = {"number": ask.number}
        try:
            scenarios = [scenario_of(one, view.months, self.catalogue) for one in view.settings]
            mine = scenario_of(view.mine, view.months, self.catalogue)
        except ScenarioError as error:
            return out | {"problems": _problems([*problems, *_lines(error)]), "done": True}
        if len({scenario.start for scenario in scenarios}) > 1:
            started = "Only scenarios that start in one month share their worlds."
            return out | {"problems": _problems([*problems, started]), "done": True}
        works = [work_of(one, view, self.catalogue) for one in view.settings]
        lever = ask.lever if ask.drag is None else ask.drag[0]
        place = self._place(view, lever) if view.own and lever else None
        # a setting on the way is worth simulating only where nothing stands in for it
        preview = ask.drag is not None and place is None
        inquiries = self._inquiries(view, works) if ask.drag is None else []
        stamp = self._stamp(ask, works, view, preview, place, inquiries, patience)
        if not ask.stamp and ask.drag is None:
            free = scenario_of(replace(view.mine, values=()), view.months, self.catalogue)
            plain = scenario_of(replace(view.mine, claims=()), view.months, self.catalogue)
            out["panel"] = panel(view, self.catalogue, mine, free, plain)
            out["problems"] = _problems(problems)
            out["view"] = {"tab": view.tab, "outcome": view.outcome, "months": mine.months}
        try:
            news = stamp != ask.stamp
            out |= self._shown(ask, view, scenarios, works, preview, place, news)
        except WorldsError as error:
            return out | {"problems": _problems([*problems, str(error)]), "done": True}
        return out | {"stamp": stamp, "stopped": ask.stop}

    def _place(self, view: View, lever: str) -> Between | None:
        """Where a lever's value lies between settings that are there; None if they are not."""
        place = between(view, lever, self.catalogue)
        try:
            there = place is not None and place.look(self.service) is not None
        except WorldsError:  # nothing stands in for the setting, then
            return None
        return place if there else None

    def near(self, ticket: str, query: str, lever: str) -> tuple[float, float]:
        """Have settings along levers simulated ahead, behind everything that is asked for.

        The lever that somebody is near in all worlds; behind it the others in view in the first
        few, so that whichever is moved next shows something at once.

        Args:
            ticket: of the page.
            query: its address.
            lever: what somebody is about to move, "" for none.

        Returns:
            The share that is done of the lever, and of all.
        """
        view, _ = read_address(query, self.catalogue)
        works = ahead(view, lever, self.catalogue)
        rest = [ahead(view, name, self.catalogue) for name in view.levers if name != lever]
        others = [work for rank in zip_longest(*rest) for work in rank if work is not None]
        self.service.want(f"{ticket} ahead", works, behind=1)
        self.service.want(f"{ticket} beside", others, preview=True, behind=2)
        near = self.service.progress(works)
        all_around = self.service.progress(others, preview=True)
        done, wanted = (sum(one) for one in zip(near, all_around, strict=True))
        return near[0] / near[1] if near[1] else 1.0, done / wanted if wanted else 1.0

    def _stamp(
        self,
        ask: Ask,
        works: Sequence[Work],
        view: View,
        preview: bool,
        place: Between | None,
        inquiries: Sequence[Inquiry],
        patience: float,
    ) -> str:
        """Renew the wish, and wait until there is more than the page has."""
        if ask.stop:
            self.service.release(ask.ticket)
            return "stopped"
        order = [*works[1:2], *works[:1], *works[2:]] if view.own else list(works)
        if place is not None and ask.drag is not None:
            order = [*works[:1], *works[2:]]
        self.service.want(ask.ticket, order, preview=preview)
        self.service.inquire(ask.ticket, inquiries)
        # a first answer does not wait: the panel is due
        seconds = patience if ask.stamp or preview else 0.0
        watched = [*order, *([] if place is None else [place.low, place.high])]
        return self.service.wait(watched, ask.stamp, seconds, preview=preview, inquiries=inquiries)

    def _inquiries(self, view: View, works: Sequence[Work]) -> list[Inquiry]:
        """The choices that a view wants explained: its setting's, and the baseline's beside them.

        None while it is not known which world is most like all others.
        """
        if view.tab != "why":
            return []
        wanted = [works[1], works[0]] if view.own else [works[0]]
        month = _month_of(view, [work.scenario for work in wanted])
        world = self._world(view, wanted[0])
        return [] if world is None else [Inquiry.of(work, world, month) for work in wanted]

    def _world(self, view: View, work: Work) -> int | None:
        """The world whose reasons are read; the medoid once all worlds are there."""
        if view.world is not None:
            return view.world
        try:
            found = self.service.look(work)
        except WorldsError:  # said where its worlds are shown
            return None
        if found is None or found.months < work.scenario.months or found.worlds < work.worlds:
            return None
        return self._datasets.medoid(found)

    def _shown(
        self,
        ask: Ask,
        view: View,
        scenarios: Sequence[Scenario],
        works: Sequence[Work],
        preview: bool,
        place: Between | None,
        news: bool,
    ) -> dict[str, Any]:
        service = self.service
        awaited = list(works)
        inquiries = self._inquiries(view, works) if ask.drag is None else []
        unknown = [one for one in inquiries if service.told(one) is None]
        if place is not None and ask.drag is not None:
            awaited[1:2] = [place.low, place.high]
        # before the worlds are looked at: what is done by now is among them
        done, wanted = service.progress(awaited, preview=preview)
        news = news or done >= wanted
        snapshots = [service.look(work, preview=preview) for work in works]
        pair = None if place is None else place.look(service)
        if pair is not None and ask.drag is None and _as_good(snapshots[1], pair[0]):
            pair = None
        if pair is not None:
            # the others in the same worlds, so that what moves is not the sample
            snapshots = [_within(one, pair[0].spans) for one in snapshots]
            snapshots[1] = pair[0]
        out: dict[str, Any] = {
            "done": (done >= wanted and not unknown) or ask.stop,
            "progress": round(done / wanted, 3),
            "heading": measure(view.outcome).label,
        }
        sides = [
            Side(
                setting,
                scenario,
                look,
                snapshot,
                view.own and k == 1,
                *((pair[1], place.weight) if pair and place and k == 1 else ()),
            )
            for k, (setting, scenario, look, snapshot) in enumerate(
                zip(view.settings, scenarios, looks(view), snapshots, strict=True)
            )
            if snapshot is not None
        ]
        out["note"] = _note(view, scenarios, snapshots, preview)
        if pair is not None and place is not None:
            out["note"] = place.words(pair[0].worlds, view.worlds)
            out["quick"] = ask.drag is not None
        if not sides or snapshots[0] is None or not news:
            return out
        now = pictures.numbers(sides, pictures.asked(view), self._datasets)
        before = self._ghost(ask, view, works)
        if pair is not None:
            before = _within(before, pair[0].spans)
        ghost = pictures.ghost_course(before, view.outcome, self._datasets)
        drawn = pictures.fans(view, sides, now, ghost)
        drawn["fans"] = _in_place(drawn["fans"], snapshots, scenarios, view)
        out |= drawn
        if now.whole and len(sides) == len(works):
            out["words"] = pictures.words(view, sides, now)
            out["forest"] = pictures.differences(view, now)
            if not preview:
                out["tab"] = self._tab(view, sides, now, inquiries)
        return out

    def _tab(
        self, view: View, sides: Sequence[Side], now: Numbers, inquiries: Sequence[Inquiry]
    ) -> dict[str, Any]:
        match view.tab:
            case "worlds":
                return pictures.worlds(view, sides, now)
            case "matrix":
                return {"html": matrices(sides, now)}
            case "why":
                month = _month_of(view, [side.scenario for side in sides[: 1 + view.own]])
                found = [self.service.told(one) for one in inquiries]
                return {"html": why_page(view, now, month, inquiries, found)}
            case _:
                rows = [
                    (input_label(path), cells)
                    for path, cells in now.comparison.inputs_that_differ()
                ]
                return {"html": pictures.table(now, rows)}

    def _ghost(self, ask: Ask, view: View, works: Sequence[Work]) -> Snapshot | None:
        """The setting before, as far as its worlds are still kept."""
        if not ask.before and ask.drag is None:
            return None
        query = ask.query if ask.drag is not None else ask.before
        before, _ = read_address(query, self.catalogue)
        if not view.own or before.baseline != view.baseline:
            return None
        try:
            work = work_of(before.mine, view, self.catalogue)
        except ScenarioError:
            return None
        if work.key == works[1].key:
            return None
        found = self.service.look(work, preview=ask.drag is not None)
        return found if found is not None and found.months == work.scenario.months else None


def _month_of(view: View, scenarios: Sequence[Scenario]) -> str:
    """The month whose reasons are read: the one asked for, or the last that all of these have."""
    last = min(scenario.end for scenario in scenarios)
    if view.month and scenarios[0].start <= Month.parse(view.month) <= last:
        return view.month
    return str(last)


def _within(snapshot: Snapshot | None, spans: Sequence[Span]) -> Snapshot | None:
    """What there is of some worlds, if those are there; else all that there is."""
    if snapshot is None or not set(spans) <= set(snapshot.spans):
        return snapshot
    return snapshot.only(spans)


def _as_good(snapshot: Snapshot | None, stand_in: Snapshot) -> bool:
    """Whether a setting's own worlds can take the place of what stood in for it."""
    if snapshot is None:
        return False
    return snapshot.months >= stand_in.months and snapshot.worlds >= stand_in.worlds


def _in_place(
    fans: Sequence[dict[str, Any]],
    snapshots: Sequence[Snapshot | None],
    scenarios: Sequence[Scenario],
    view: View,
) -> list[dict[str, Any]]:
    """Fans in the order of the view, with room left for those that have nothing to show yet."""
    rest = iter(fans)
    places = []
    for snapshot, scenario, look in zip(snapshots, scenarios, looks(view), strict=True):
        if snapshot is not None:
            places.append(next(rest))
            continue
        name = el("span", scenario.title, class_="name")
        heading = render([swatch(look), name])
        places.append({"chart": None, "waits": True, "heading": heading})
    return places


def _lines(error: ScenarioError) -> list[str]:
    return [f"{problem.where}: {problem.message}" for problem in error.problems]


def _problems(lines: Sequence[str]) -> Markup:
    """Problems as a list, nothing if there are none."""
    if not lines:
        return Markup("")
    return el("ul", [el("li", line) for line in lines])


def _note(
    view: View, scenarios: Sequence[Scenario], snapshots: Sequence[Snapshot | None], preview: bool
) -> str:
    """How much of the full answer is shown, "" if it is all there."""
    missing = sum(snapshot is None for snapshot in snapshots)
    if missing:
        count = len(snapshots)
        return f"Simulating: {count - missing} of {count} scenarios begun"
    known = [snapshot for snapshot in snapshots if snapshot is not None]
    fewest = min(snapshot.worlds for snapshot in known)
    least, scenario = min(
        ((one.months / s.months, s) for one, s in zip(known, scenarios, strict=True)),
        key=lambda pair: pair[0],
    )
    if fewest >= view.worlds and least == 1:
        return ""
    words = f"{'Preview' if preview else 'So far'}: {fewest:,} of {view.worlds:,} worlds"
    if least < 1:
        last = scenario.start + (round(least * scenario.months) - 1)
        words += f", as far as {month_words(f'{last}-01')}"
    return words
