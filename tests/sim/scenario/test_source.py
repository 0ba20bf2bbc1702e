import time
from pathlib import Path

import pytest

from sim.scenario import ScenarioError
from sim.scenario.source import read_file, read_text


def problems(text: str) -> list[str]:
    """All that is wrong with a YAML text, as lines."""
    try:
        return [str(problem) for problem in read_text(text, "f").problems]
    except ScenarioError as error:
        return [str(problem) for problem in error.problems]


def test_words_of_yaml_1_2_stay_words() -> None:
    text = "[off, no, yes, on, y, 2024-03, 2024-03-01, 0o17, 0x1f, 017, 1_000, 1:30, true, ~, '1']"
    assert read_text(text, "f").value == [
        *["off", "no", "yes", "on", "y", "2024-03", "2024-03-01"],
        *[15, 31, 17, "1_000", "1:30", True, None, "1"],
    ]


def test_numbers() -> None:
    value = read_text("[1, -2, +3, 1., .5, 1e3, -1.5E-3, .inf, -.INF]", "f").value
    assert value == [1, -2, 3, 1.0, 0.5, 1000.0, -0.0015, float("inf"), float("-inf")]
    assert [type(x) for x in value[:5]] == [int, int, int, float, float]


def test_every_key_and_value_has_its_place() -> None:
    source = read_text("a: 1\nb:\n  c: [x, {d: 2}]\n  empty:\nlast: 3\n", "f")
    where = {path: (place.line, place.column) for path, place in source.values.items()}
    assert where == {
        (): (1, 1),
        ("a",): (1, 4),
        ("b",): (3, 3),
        ("b", "c"): (3, 6),
        ("b", "c", 0): (3, 7),
        ("b", "c", 1): (3, 10),
        ("b", "c", 1, "d"): (3, 14),
        ("b", "empty"): (4, 3),
        ("last",): (5, 7),
    }
    assert str(source.key("b", "c", 1, "d")) == "f:3:11"


def test_columns_count_characters_not_bytes() -> None:
    assert problems("{é: 1, é: 2}") == ["f:1:8: é: duplicate key; it stands in line 1 already"]


def test_all_duplicate_keys_are_reported_at_once() -> None:
    assert problems("a: 1\nb: {c: 1, c: 2}\na: 2\nb: {d: 1, d: 1}\n") == [
        "f:2:11: b.c: duplicate key; it stands in line 2 already",
        "f:3:1: a: duplicate key; it stands in line 1 already",
        "f:4:1: b: duplicate key; it stands in line 2 already",
        "f:4:11: b.d: duplicate key; it stands in line 4 already",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !!str 1", "f:1:4: a: tag !!str: tags are not read, leave it out"),
        ("a: !x {b: 1}", "f:1:4: a: tag !x: tags are not read, leave it out"),
        ("!!set {a: 1}", "f:1:1: syntax: tag !!set: tags are not read, leave it out"),
        ("? [a, b]\n: 1", "f:1:3: syntax: a key must be a plain word"),
        ("a: 1\n---\nb: 1", 'f:2:1: syntax: a second document ("---"); a file holds one'),
        ("%YAML 1.1\n---\na: 1", "f:2:1: syntax: only YAML 1.2 is read; drop the %YAML directive"),
        ("a: 1\n\tb: 1", "f:2:1: syntax: a tab stands where YAML wants spaces; indent with spaces"),
        ("a: \x01", "f:1:4: syntax: character U+0001 is not allowed in YAML"),
        ("a:\n  b: 1\n c: 1", "f:3:2: syntax: this line's indentation fits no block above it"),
        (
            "a: [1,\n  2",
            "f:2:4: syntax: a quoted text, a list or a mapping that is opened in line 1 is never "
            "closed",
        ),
    ],
)
def test_what_is_not_read(text: str, expected: str) -> None:
    assert problems(text) == [expected]


def test_anchors_aliases_and_merge_keys_are_refused_wherever_they_stand() -> None:
    assert problems("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n") == [
        "f:1:4: a: anchor &x: anchors are not read",
        "f:2:4: c: alias *x: aliases are not read, write the value out",
        "f:4:3: d: merge keys are not read; write the settings out",
        "f:4:7: d.<<: alias *x: aliases are not read, write the value out",
    ]


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    bomb = "b0: &b0 [x, x]\n" + "".join(
        f"b{i}: &b{i} [*b{i - 1}, *b{i - 1}]\n" for i in range(1, 200)
    )
    found = problems(bomb)
    assert len(found) == 200 + 2 * 199
    assert all("not read" in line for line in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 200_000, "nested more than 30 deep"),
        ("- " * 200_000, "nested more than 30 deep"),
        ("[" + "1," * 400_000 + "]", "more than 20,000 values"),
    ],
)
def test_size_and_depth_are_bounded_while_reading(text: str, said: str) -> None:
    before = time.process_time()
    assert said in problems(text)[-1]
    assert time.process_time() - before < 10


def test_problems_before_a_syntax_error_are_kept() -> None:
    assert [line.split(": ")[1] for line in problems("a: 1\na: 2\nb: 'x")] == ["a", "syntax"]


def test_numbers_too_long_for_a_machine_do_not_fail() -> None:
    value = read_text(f"[{'9' * 6000}, -{'9' * 6000}, 1e999, 0x{'f' * 6000}]", "f").value
    assert value == [float("inf"), float("-inf"), float("inf"), float("inf")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a: 1\nb: \xff\n", "f:2:4: syntax: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfa: {\n", "f:2:1: syntax"),
        (b"x" * 1_000_001, "f:1:1: file: is larger than 1 MB; a scenario is a few kilobytes"),
    ],
)
def test_bytes_that_are_no_scenario(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read_file(path, "f")
    assert str(caught.value).startswith(expected)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    source = read_file(path, "f")
    assert source.value == {"a": 1}
    assert (source.key("a").line, source.key("a").column) == (1, 1)


def test_windows_line_ends_count_as_one() -> None:
    assert read_text("a: 1\r\nb: 2\r\n", "f").key("b").line == 2


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "no", "no such file")):
        with pytest.raises(ScenarioError, match=said):
            read_file(path, "f")
