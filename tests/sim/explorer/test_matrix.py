"""Who influences whom: levels of the baseline, changes of the others beside them."""

import re

from sim.explorer.answers import Answers
from sim.explorer.catalogue import Catalogue
from sim.explorer.service import Service
from tests.sim.explorer.test_answers import MOVED, final


def test_changes_stand_beside_the_baselines_levels(catalogue: Catalogue, service: Service) -> None:
    """What the pretender makes rises by 0.04 for rents of 1.2 in place of about 0.83."""
    html = final(Answers(catalogue, service), f"{MOVED}&tab=matrix")["tab"]["html"]
    tables = html.split("<table")[1:]
    assert len(tables) == 4
    levels, changes = (re.findall(r"<td[^>]*>([^<]*)</td>", one) for one in tables[:2])
    assert len(levels) == len(changes) == 16
    assert [levels[k] for k in (0, 5, 10, 15)] == ["–"] * 4
    assert 35 < float(levels[1]) < 45  # of a hundred choices
    assert changes[1].startswith("+3")
    assert "background:#" in tables[1]


def test_one_scenario_has_levels_alone(catalogue: Catalogue, service: Service) -> None:
    html = final(Answers(catalogue, service), "?months=6&worlds=200")["tab"]["html"]
    assert html.count("<table") == 2
    assert "Beside the baseline" not in html
