"""Figures in long format, one a row: series, date, value, and where they come from.

Every trouble of a file is reported at once, each with its line and what to do.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.scenario.month import Month
from sim.scenario.problems import Problem, ScenarioError, did_you_mean, echo, listing

NEEDED: Final = ("series", "date", "value")
CONFIDENCE: Final = ("high", "medium", "low")
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2})-(0[1-9]|[12][0-9]|3[01])")

type Limits = Mapping[str, tuple[float, float | None, bool]]
"""Series -> smallest value, largest value, and whether it has to lie above zero."""


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        series: its name.
        date: `YYYY-MM`, `YYYYQn`, `YYYY` or a day of a month, as written.
        first: first month that it covers.
        last: last month.
        value: in the unit of the series.
        confidence: high, medium or low.
        note: anything said about it.
        line: where it stands, from 1.
    """

    series: str
    date: str
    first: Month
    last: Month
    value: float
    confidence: str
    note: str
    line: int


def read_rows(
    path: Path, known: Collection[str] | None = None, limits: Limits | None = None
) -> list[Row]:
    """Every row of a file.

    Args:
        path: of a CSV file with a line of column names: `series`, `date`, `value`, and as far as
            there are any `confidence` and `note`; other columns are left alone.
        known: series that there are; any if left out.
        limits: of the values.

    Raises:
        ScenarioError: the file cannot be used, with everything that is wrong with it.
    """
    shown = str(path)
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}; put double quotes around cells with commas"
        raise ScenarioError([Problem(shown, reader.line_num, 1, "syntax", message)]) from error
    if not lines:
        message = f"is empty; its first line names the columns: {listing(NEEDED, 'and')}"
        raise ScenarioError([Problem(shown, 1, 1, "file", message)])
    (at, head), body = lines[0], lines[1:]
    columns = [name.strip() for name in head]
    reading = _Reading(shown, columns, known, limits or {})
    reading.check_columns(at)
    if not reading.problems:
        for line, cells in body:
            reading.row(line, cells)
        if not body:
            reading.say(at, "file", "holds no figures; add a line for each")
    if reading.problems:
        raise ScenarioError(sorted(reading.problems, key=lambda p: (p.line, p.column)))
    return reading.rows


def _text(path: Path) -> str:
    def refused(message: str, line: int = 1) -> ScenarioError:
        return ScenarioError([Problem(str(path), line, 1, "file", message)])

    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise refused(f"cannot be read: {reason}; give a CSV file") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refused("is not UTF-8 here; save the file as UTF-8", line) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise refused("holds a zero byte; save it as plain text", line)
    return text


class _Reading:
    """Rows read so far, and what is wrong with them."""

    def __init__(
        self, shown: str, columns: list[str], known: Collection[str] | None, limits: Limits
    ) -> None:
        self.shown, self.columns, self.known, self.limits = shown, columns, known, limits
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self._lines: dict[tuple[str, str], int] = {}

    def say(self, line: int, where: str, message: str) -> None:
        """Notes a problem; its column is that of the cell in the list of columns."""
        column = self.columns.index(where) + 1 if where in self.columns else 1
        self.problems.append(Problem(self.shown, line, column, where, message))

    def check_columns(self, line: int) -> None:
        """The first line has to name what is needed, once."""
        for name in NEEDED:
            if name not in self.columns:
                hint = did_you_mean(name, [column for column in self.columns if column])
                self.say(line, name, f"there is no such column; name it in the first line{hint}")
        for name in sorted({n for n in self.columns if n and self.columns.count(n) > 1}):
            self.say(line, name, "two columns have this name; keep one")

    def row(self, line: int, cells: list[str]) -> None:
        """Reads one line."""
        if len(cells) != len(self.columns):
            self.say(
                line,
                "syntax",
                f"{len(cells)} cells where the first line has {len(self.columns)} columns; "
                "put double quotes around cells with commas",
            )
            return
        before = len(self.problems)
        given = {name: cell.strip() for name, cell in zip(self.columns, cells, strict=True)}
        series, date = given["series"], given["date"]
        if self.known is not None and series not in self.known:
            hint = did_you_mean(series, self.known) or "; seeds/history.csv has their names"
            self.say(line, "series", f"{echo(series)} is no series of the record{hint}")
        span = _period(date)
        if span is None:
            self.say(line, "date", f"{echo(date)}: write YYYY-MM, YYYYQn or YYYY, such as 2024-03")
        value = self._value(line, series, given["value"])
        confidence = given.get("confidence") or "medium"
        if confidence not in CONFIDENCE:
            hint = did_you_mean(confidence, CONFIDENCE) or f"; write {listing(CONFIDENCE)}"
            self.say(line, "confidence", f"{echo(confidence)} is no confidence{hint}")
        earlier = self._lines.setdefault((series, date), line)
        if earlier != line:
            self.say(line, "date", f"{series} has {date} in line {earlier} already; keep one")
        if len(self.problems) == before and span is not None and value is not None:
            note = given.get("note", "")
            self.rows.append(Row(series, date, *span, value, confidence, note, line))

    def _value(self, line: int, series: str, text: str) -> float | None:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.say(line, "value", f"a number is needed, not {echo(text)}; no thousands separator")
            return None
        low, high, above = self.limits.get(series, (-math.inf, None, False))
        if value < low or (high is not None and value > high) or (above and value <= 0):
            least = f"above {low:g}" if above else f"from {low:g}"
            most = "" if high is None else f" to {high:g}"
            self.say(line, "value", f"{value:g} cannot be; {series} lies {least}{most}")
            return None
        return value


def _period(date: str) -> tuple[Month, Month] | None:
    """First and last month that a date stands for; None if it is none. A day means its month."""
    if quarter := _QUARTER.fullmatch(date):
        first = Month(int(quarter[1]), 3 * int(quarter[2]) - 2)
        return first, first + 2
    if _YEAR.fullmatch(date):
        return Month(int(date), 1), Month(int(date), 12)
    try:
        month = Month.parse(day[1] if (day := _DAY.fullmatch(date)) else date)
    except ValueError:
        return None
    return month, month
