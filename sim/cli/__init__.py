"""Say: the command line. `fulcrum --help` lists what can be said."""

from sim.cli import asking, explaining, exploring, forking, influence, kept
from sim.cli.commands import app

__all__ = ["app", "asking", "explaining", "exploring", "forking", "influence", "kept"]
