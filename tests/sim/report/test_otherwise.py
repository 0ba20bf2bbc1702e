"""A fork's page says first who does what otherwise, by order, by choice, or in other futures."""

from sim.analysis.paths import Otherwise
from sim.report.otherwise import Told, what_is_done

HELD = Otherwise("2024-06", "belarus", "voice", "champion", "neutral", 30)
CLOSED = Otherwise("2024-07", "russia", "tempo", "hold", "no choice", 2)
CHOSEN = Otherwise("2024-08", "ukraine", "talks", "refuse", "open", 19)


def told(*levers: Otherwise, futures: int = 1, until: str = "", **more: float) -> str:
    shares = {(one.actor, one.lever): 1.0 for one in levers}
    shares |= {("nato", lever): share for lever, share in more.items()}
    part = what_is_done(
        Told(levers, shares, {("belarus", "voice"): until}, futures, "status_quo-fork-1")
    )
    assert part.identifier == "otherwise"
    return str(part.content)


def test_what_is_held_and_what_is_chosen_are_told_apart() -> None:
    page = told(HELD, CLOSED, CHOSEN)
    assert page.count("held by order</span>") == 1
    assert "Belarus’s voice <span" in page
    assert "--world 0 --month 2024-08 --actor ukraine" in page  # a closed lever explains nothing
    assert "“No choice”: the state of the world leaves none." in page
    assert "futures" not in page
    opened = Otherwise("2024-07", "belarus", "west", "overture", "closed", 1)  # a level, and chosen
    page = told(HELD, opened)
    assert "No choice" not in page
    assert "--actor belarus" in page
    assert "held by order to Jul 2024<" in told(HELD, until="2024-07")


def test_where_only_the_held_lever_moves_nobody_reacts() -> None:
    page = told(HELD)
    assert "nobody does anything otherwise" in page
    assert "Belarus’s voice" in page
    assert "fulcrum explain" not in page


def test_other_futures_are_counted() -> None:
    page = told(HELD, CHOSEN, futures=40, aid=0.25, flank=0.5, russia_sanctions=0.0)
    assert '<th scope="col">futures</th>' in page
    assert "in other futures only" in page
    assert "nobody does anything otherwise" in told(futures=40, aid=0.25)
    assert page.index("NATO’s eastern flank") < page.index("NATO’s aid")
    assert "20 of 40" in page
    assert "10 of 40" in page
    assert "sanctions" not in page
