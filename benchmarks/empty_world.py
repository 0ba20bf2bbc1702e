"""The yardstick: a Mesa world in which nothing happens but the keeping of records."""

import time

import mesa

MONTHS = 36


class IdleAgent(mesa.Agent):
    """An actor that has one attribute and does nothing."""

    def __init__(self, model: mesa.Model) -> None:
        """Join `model` with a payoff of zero."""
        super().__init__(model)
        self.payoff = 0.0

    def step(self) -> None:
        """Let the month pass."""


class EmptyWorld(mesa.Model):
    """Four idle agents, ten model reporters and one agent reporter, collected every month."""

    def __init__(self) -> None:
        """Set ten attributes that never change and start collecting."""
        super().__init__(rng=1)
        names = [f"series_{i}" for i in range(10)]
        for name in names:
            setattr(self, name, 0.0)
        IdleAgent.create_agents(self, 4)
        self.collector = mesa.DataCollector(
            model_reporters={name: name for name in names}, agent_reporters={"payoff": "payoff"}
        )

    def step(self) -> None:
        """Run one month: every agent idles, then the records are written."""
        self.agents.do("step")
        self.collector.collect(self)


def microseconds_per_month(worlds: int = 40) -> float:
    """Time `worlds` empty worlds, each of `MONTHS` months, building included.

    Returns:
        Microseconds per world-month on one core.
    """
    began = time.process_time()
    for _ in range(worlds):
        world = EmptyWorld()
        for _ in range(MONTHS):
            world.step()
    return (time.process_time() - began) / (worlds * MONTHS) * 1e6
