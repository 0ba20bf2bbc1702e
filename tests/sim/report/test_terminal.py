from rich.console import Console
from rich.table import Table

from sim.analysis.compare import Comparison, compare
from sim.report.terminal import levels_table, paired_table
from tests.sim.report.conftest import comparison_of
from tests.support.synthetic import make_run


def printed(table: Table, width: int = 100) -> str:
    """A table as a terminal shows it."""
    console = Console(width=width, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def test_paired_rows_say_what_the_page_says(three: Comparison) -> None:
    text = printed(paired_table(three))
    assert "Change from “Status quo” within each world, November 2026" in text
    assert "Belarus’s influence over Russia" in text
    change = three.change(1, "payoff.belarus")
    assert change is not None
    block = text.split("Belarus’s payoff")[1]
    block = next(line for line in block.splitlines() if "Prolonged conflict" in line)
    assert f"{change.p_greater * 100:.0f} of 100" in block


def test_many_scenarios_are_cut_to_what_matters() -> None:
    text = printed(paired_table(comparison_of(12)))
    assert "Belarus’s payoff" in text
    assert "Western attention" not in text
    assert "Scenario 12" in text


def test_titles_are_text_not_style() -> None:
    runs = [make_run("a", title="[red]A[/red]", worlds=8, months=2)]
    runs.append(make_run("b", title="[bold]B[/bold]", worlds=8, months=2, pull=1))
    text = printed(paired_table(compare(runs)))
    assert "[red]A[/red]" in text
    assert "[bold]B[/bold]" in text


def test_levels_of_one_run_fit_a_narrow_terminal(three: Comparison) -> None:
    text = printed(levels_table(three.datasets[0]), width=80)
    assert "Status quo, November 2026" in text
    assert "Belarus has entered" in text
    assert max(map(len, text.splitlines())) <= 80
