"""The table at which a model's actors would next deliberate."""

from __future__ import annotations

from sim.deliberation.table import Table
from sim.model import ConflictModel
from sim.stages import beliefs
from tests.sim.deliberation.test_options import table_of


def next_table(model: ConflictModel) -> Table:
    """The table of the month to come: what was played is watched, open levels are found."""
    beliefs(model)
    return table_of(model, exact=False)
