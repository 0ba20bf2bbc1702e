"""The committed designs: complete, within the rules, and read from data."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.analysis.thesis.bench import TESTS, worlds_of
from sim.analysis.thesis.design import DesignError, Family, load_thesis
from sim.scenario.posteriors import described
from sim.scenario.registry import seeds_path

TEXT = (seeds_path() / "thesis.yaml").read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in TEXT
    file = tmp_path / "thesis.yaml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return file


def test_every_hypothesis_has_a_design_and_a_test() -> None:
    thesis = load_thesis()
    assert list(thesis.designs) == list(TESTS)
    for name, design in thesis.designs.items():
        assert design.plan["sets"] >= 96, "a share of one half needs an error below 0.051"
        assert TESTS[name].arms(design)


def test_every_arm_can_be_loaded_and_differs_from_its_fellows() -> None:
    thesis = load_thesis()
    for name, test in TESTS.items():
        arms = [a.arm if isinstance(a, Family) else a for a in test.arms(thesis.designs[name])]
        seen = [arm.scenario.effective() for arm in arms]
        assert all(a != b for k, a in enumerate(seen) for b in seen[:k]), name
        assert {arm.scenario.months for arm in arms} == {thesis.designs[name].plan["months"]}


def test_under_another_source_only_parameters_differ() -> None:
    thesis = load_thesis()
    other = thesis.under("posterior_2023")
    assert other.digest == thesis.digest
    moved = set(described("posterior_2023"))
    for name in ("H1", "H3", "H6"):
        ours, theirs = (
            [a.arm if isinstance(a, Family) else a for a in TESTS[name].arms(one.designs[name])]
            for one in (thesis, other)
        )
        for one, two in zip(ours, theirs, strict=True):
            same = replace(two.scenario, parameters=one.scenario.parameters)
            assert same == one.scenario
            told = {
                n for n, v in one.scenario.parameters.items() if two.scenario.parameters[n] != v
            }
            assert told == moved
            assert (two.sets, two.draws, two.keep) == (one.sets, one.draws, one.keep)


def test_the_horizon_is_the_same_for_every_end() -> None:
    design = load_thesis().designs["H3"]
    [family] = [f for f in TESTS["H3"].arms(design) if isinstance(f, Family)][:1]
    assert {arm.scenario.months for arm in family.arms.values()} == {54}
    spans = [arm.scenario.war_ends for arm in family.arms.values()]
    assert [str(month) for month in spans] == [
        *("2024-05", "2024-11", "2025-05", "2025-11", "2026-05", "2026-11"),
    ]


def test_the_default_is_minutes_of_work() -> None:
    assert worlds_of(load_thesis(), list(TESTS)) < 200_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("months: 54", "months: 50", "the horizon is too short"),
        ("30, 36]", "30, 42]", "after 36 months at the latest"),
        ("      no_linkage:", "      other:", "its variants are not those"),
        ("    draws: 32 ", "    draws: 0 ", "H1: draws must be a whole number"),
        ("seed: 2023 ", "sed: 2023 ", "seed is missing"),
        ("  H1:", "  H9:", "H9 is missing or unknown"),
    ],
)
def test_what_does_not_fit_the_hypotheses_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(DesignError, match=said):
        load_thesis(changed(tmp_path, old, new))


def test_another_design_has_another_digest(tmp_path: Path) -> None:
    assert load_thesis(changed(tmp_path, "sets: 256", "sets: 255")).digest != load_thesis().digest


def test_the_documented_verdicts_are_of_this_design() -> None:
    page = Path(__file__).parents[4] / "docs" / "thesis.md"
    text = page.read_text(encoding="utf-8")
    thesis = load_thesis()
    assert f"seed {thesis.seed}, " in text
    assert f"design {thesis.digest[:12]}, " in text
    for name in thesis.designs:
        assert f"| {name} " in text
