"""Look: one offline page, figures for notebooks, tables for the terminal."""

from sim.report.page import write_report

__all__ = ["write_report"]
