"""Whatever a file holds, it is a scenario or a list of problems, never another error."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.registry import Parameter

GOOD = """\
# A comment
extends: parent.yaml
title: "Prolonged: conflict"
question: >
  What if it goes on,
  and on?
start: 2024-01
months: 24
claims: {C01: off, C18: off}
actors:
  belarus: {incentives: {rents: 1.5, autonomy: {triangular: [0.2, 0.6, 0.9]}}, precision: 3}
  russia:
    plays: puppet of belarus
world: {third_party_arms: {uniform: [0.0, 0.3]}}
events:
  - {at: 2024-03, shock: {attention: -0.2}, note: budget deadlock}
moves:
  - {actor: ukraine, from: 2024-06, to: 2024-12, lever: talks, level: open}
"""

FRAGMENTS = [
    *["{", "}", "[", "]", ":", ": ", "- ", "\n", "  ", "\t", "#", "'", '"', "&a ", "*a", "!!str "],
    *["<<: ", "? ", "|", ">", "%", "---\n", "...\n", "\x00", "\ufeff", "\x85", "\u2028", "é", "😀"],
    *["off", "true", "null", "~", ".nan", ".inf", "-.inf", "1e999", "9" * 5000, "0x", "1_0", "-"],
    *["2024-13", "0000-00", "9999-12", "extends: x.yaml\n", "extends: ../../x\n", "title: x\n"],
    *["effective_of: x\n", "world: 3\n", "claims: off\n", "replace: ", "{uniform: [0, 1]}"],
]


@st.composite
def mutations(draw: st.DrawFn) -> str:
    text = GOOD
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        piece = st.one_of(st.just(""), st.sampled_from(FRAGMENTS), st.just(text[start:end] * 2))
        text = text[:start] + draw(piece) + text[end:]
    return text


def outcome(
    content: bytes, registry: tuple[Parameter, ...], overrides: dict[str, object] | None = None
) -> Scenario | ScenarioError:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(content)
        path.with_name("parent.yaml").write_text("title: Parent\nmonths: 36\n")
        try:
            return load_scenario(path, overrides, registry=registry)
        except ScenarioError as error:
            return error


def check(content: bytes, registry: tuple[Parameter, ...]) -> None:
    found = outcome(content, registry)
    for problem in [] if isinstance(found, Scenario) else found.problems:
        assert len(str(problem).splitlines()) == 1
        assert problem.line >= 1
        assert problem.column >= 1
        if problem.file.endswith("x.yaml"):
            assert problem.line <= len(content.decode("utf-8", "replace").splitlines()) + 1


def test_the_unchanged_file_is_good(registry: tuple[Parameter, ...]) -> None:
    assert isinstance(outcome(GOOD.encode(), registry), Scenario)


@given(mutations())
@settings(max_examples=250, deadline=None)
def test_mutations_of_a_good_file(registry: tuple[Parameter, ...], text: str) -> None:
    check(text.encode(), registry)


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"\xff\xfea\x00")
def test_any_bytes(registry: tuple[Parameter, ...], content: bytes) -> None:
    check(content, registry)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=10,
)
KEYS = [
    *["title", "start", "months", "horizon", "claims", "actors", "world", "initial", "events"],
    *["moves", "extends", "effective_of", "claims.C01", "actors.belarus.plays", "world.noise"],
    *["actors.belarus.incentives.rents", "actors.belarus", "", ".", "world.noise.normal"],
]


@settings(deadline=None)
@given(st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=10)), plain, max_size=4))
def test_any_overrides(registry: tuple[Parameter, ...], given: dict[str, object]) -> None:
    found = outcome(b"title: X\n", registry, given)
    problems = [] if isinstance(found, Scenario) else found.problems
    assert all(len(str(problem).splitlines()) == 1 for problem in problems)


NAMES = [
    "",
    ".",
    "..",
    "/",
    "~",
    "a\0b",
    "x" * 5000,
    "\ud800",
    "a/../b",
    "scenarios",
    "*",
    "/dev/null",
]


@settings(deadline=None)
@given(st.one_of(st.sampled_from(NAMES), st.text(max_size=20)))
def test_any_name_of_a_file(registry: tuple[Parameter, ...], name: str) -> None:
    with pytest.raises(ScenarioError):
        load_scenario(name, registry=registry)


@settings(deadline=None)
@given(st.one_of(st.sampled_from(NAMES), st.text(max_size=20)))
def test_any_parent(registry: tuple[Parameter, ...], name: str) -> None:
    check(f"extends: {json.dumps(name)}\n".encode(), registry)
