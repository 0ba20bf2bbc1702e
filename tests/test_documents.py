"""What the documents say about files, commands, keys and examples holds."""

import ast
import itertools
import json
import re
import shlex
from collections.abc import Container
from pathlib import Path

import pytest

from agents import roster
from sim.adapters.export import SUFFIXES
from sim.draws import VARY
from sim.ensemble.levels import KEEP
from sim.kernel import ENGINES
from sim.report.static import FORMATS
from sim.scenario import json_schema, load_scenario
from sim.scenario.distributions import ARGUMENTS
from sim.scenario.ledger import shared_parameters, switches
from sim.scenario.scenario import PLAYS
from sim.scenario.shocks import SHOCKS
from sim.scenario.vocabulary import KEYS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for folder in (".", "docs", "results", "seeds")
    for path in (ROOT / folder).glob("*.md")
)
CHOICES: dict[str, Container[str]] = {
    "--engine": ENGINES,
    "--format": FORMATS,
    "--keep": KEEP,
    "--to": SUFFIXES,
    "--vary": VARY,
}
"""Options that take one of a few words."""
CODE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def makefile_targets() -> set[str]:
    """The names that `make` answers to."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist(document: str) -> None:
    import typer.main

    from sim.cli import app

    text = (ROOT / document).read_text()
    blocks = [body for language, body in CODE.findall(text) if language in ("", "sh")]
    quoted = "\n".join(blocks + re.findall(r"`([^`]+)`", CODE.sub("", text)))
    command = typer.main.get_command(app)
    known = set(getattr(command, "commands", {}))
    assert set(re.findall(r"\bmake\s+([a-z]+)", quoted)) <= makefile_targets()
    assert set(re.findall(r"\bfulcrum +([a-z][a-z-]*)", quoted)) <= known


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_files_exist(document: str) -> None:
    text = (ROOT / document).read_text()
    house = r"(?:agents|benchmarks|docs|results|scenarios|seeds|sim|tests|\.ci)/"
    named = set(re.findall(rf"(?<!New file )`({house}[\w./*-]*)`", text))
    linked = {link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link}
    missing = [name for name in named if not list(ROOT.glob(name.rstrip("/")))]
    missing += [link for link in linked if not ((ROOT / document).parent / link).exists()]
    assert missing == []


def quoted_commands() -> list[tuple[str, str]]:
    """Every `fulcrum ...` that a document writes out, with the document."""
    found = []
    for document in DOCUMENTS:
        text = (ROOT / document).read_text()
        blocks = [body for language, body in CODE.findall(text) if language in ("", "sh")]
        lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
        lines += re.findall(r"`([^`]+)`", CODE.sub("", text).replace("\n", " "))
        # after a prompt or a path, up to a comment or a pipe; `uv tool install` and the like aside
        commands = [re.match(r"\s*(?:\S*/)?fulcrum\s+([a-z-][^|>]*)", line) for line in lines]
        found += [(document, match[1]) for match in commands if match]
    return found


def misread(words: str) -> str:
    """What the command line objects to in `fulcrum` and these words; nothing if it takes them.

    Asked for help as well, it reads all options, and answers before it looks for files or runs.
    """
    from typer.testing import CliRunner

    from sim.cli import app

    name, *arguments = shlex.split(words, comments=True)
    for option, value in itertools.pairwise(arguments):
        if option in CHOICES and value not in CHOICES[option]:
            return f"{option} is not {value}"
    told = CliRunner().invoke(app, [name, *arguments, "--help"])
    return "" if told.exit_code == 0 else told.output


def test_commands_are_quoted_in_number() -> None:
    assert len(quoted_commands()) > 20


@pytest.mark.parametrize(("document", "words"), quoted_commands())
def test_quoted_commands_parse(document: str, words: str) -> None:
    assert misread(words) == "", document


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rum status_quo", "rum"),
        ("run status_quo --wrlds 3", "--wrlds"),
        ("run status_quo --engine abacus", "abacus"),
        ("export RUN --parquet", "--parquet"),
        ("--nothing", "--nothing"),
    ],
)
def test_a_command_that_does_not_exist_is_found_out(words: str, said: str) -> None:
    assert said in misread(words)


def anchors(page: str) -> set[str]:
    """The names under which a page's headings can be linked to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", page), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_into_pages_find_a_heading(document: str) -> None:
    text = (ROOT / document).read_text()
    missing = []
    for file, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text):
        page = (ROOT / document).parent / file if file else ROOT / document
        if "://" not in file and anchor not in anchors(page.read_text()):
            missing.append(f"{file}#{anchor}")
    assert missing == []


def test_readme_commands_are_makefile_targets() -> None:
    text = (ROOT / "README.md").read_text()
    first = next(body for language, body in CODE.findall(text) if not language)
    assert re.findall(r"^make (\w+)", first, re.MULTILINE) == ["demo", "test"]


def examples() -> list[tuple[str, str]]:
    """Every whole scenario written out in a document."""
    found = []
    for document in ("README.md", "CONTRIBUTING.md", "docs/scenarios.md"):
        for language, body in CODE.findall((ROOT / document).read_text()):
            if language == "yaml" and "extends:" in body:
                found.append((document, body))
    return found


@pytest.mark.parametrize(("document", "body"), examples())
def test_example_scenarios_load(document: str, body: str, tmp_path: Path) -> None:
    (tmp_path / "status_quo.yaml").write_text((ROOT / "scenarios/status_quo.yaml").read_text())
    path = tmp_path / "example.yaml"
    path.write_text(body)
    scenario = load_scenario(path)
    assert scenario.name == "example", document


def scenario_guide_rows() -> list[list[str]]:
    """Cells of every table row of the scenario guide."""
    text = (ROOT / "docs/scenarios.md").read_text()
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows]


def test_scenario_guide_has_every_word() -> None:
    rows = scenario_guide_rows()
    first = {row[0] for row in rows}
    assert {f"`{key}`" for key in KEYS} <= first
    written = {cell.split(": ")[0].lstrip("`{") for cell in first if cell.startswith("`{")}
    assert written == set(ARGUMENTS)
    assert all(any(cell.startswith(f"`{way}`") for cell in first) for way in PLAYS)


def test_scenario_guide_has_every_shock_with_its_bounds() -> None:
    rows = {row[0].strip("`"): row[1:] for row in scenario_guide_rows()}
    for name, shock in SHOCKS.items():
        bounds = f"{shock.low:g} to {shock.high:g}".replace("-", "−")
        assert rows[name] == [shock.unit, bounds]


def test_scenario_guide_has_every_lever_with_its_levels() -> None:
    told = [row for row in scenario_guide_rows() if row[0] in roster()]
    levers = [
        [
            name,
            f"`{lever.name}`" + (" †" if lever.irreversible else ""),
            ", ".join(f"`{level}`" for level in lever.levels),
        ]
        for name, actor in roster().items()
        for lever in actor.menu.levers
    ]
    assert told == levers


def test_scenario_guide_has_every_claim_with_its_switch() -> None:
    rows = {row[0]: row[1:] for row in scenario_guide_rows()}
    for claim, switch in switches().items():
        structure = (f"{key}: {word}" for key, word in switch.structure.items())
        names = ", ".join(f"`{name}`" for name in (*switch.parameters, *structure))
        assert rows[claim] == [switch.without, names or "nothing"]
    text = (ROOT / "docs/scenarios.md").read_text()
    shared = " ".join(text.split("share a number**", 1)[1].split(".\n")[0].split())
    for name, claims in shared_parameters().items():
        assert f"{' and '.join(claims)} `{name}`" in shared


def test_editor_schema_is_in_step() -> None:
    kept = json.loads((ROOT / "docs/scenario.schema.json").read_text())
    assert kept == json_schema(), "make schema writes it anew"


def guards() -> list[tuple[str, str]]:
    """Danger and guarding tests of every row of the table against circularity."""
    text = (ROOT / "docs/model.md").read_text()
    section = text.split("\n## What would make it circular", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [(row[0].strip(), row[-1]) for row in rows[2:]]


def holds(path: Path, names: list[str]) -> bool:
    """Whether a file defines a test, a class of tests, or a test of a class."""
    inside: list[ast.stmt] = ast.parse(path.read_text()).body
    for name in names:
        found = [
            node
            for node in inside
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
        ]
        if not found or not name.lower().startswith("test"):
            return False
        inside = found[0].body
    return True


@pytest.mark.parametrize(("danger", "tests"), guards(), ids=lambda cell: cell.strip("` ")[:40])
def test_every_danger_is_guarded_by_tests_that_exist(danger: str, tests: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", tests)
    assert named, f"no test guards against {danger}"
    assert tests.count("`") == 2 * len(named), "something else than tests is named"
    for file, test in named:
        assert holds(ROOT / file, test.split("::")), f"{file}::{test}"


def test_the_table_names_every_danger_of_the_argument() -> None:
    """One row for each way in which the conclusion could have been put in."""
    dangers = " ".join(danger for danger, _ in guards())
    for word in (
        "war length",
        "constant times need",
        "inside influence",
        "stalemate",
        "only in war",
        "in peace",
        "shock",
        "cannot lose",
        "tuning",
        "baselines",
        "longer wars",
    ):
        assert word in dangers
