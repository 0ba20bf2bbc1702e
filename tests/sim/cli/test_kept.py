"""What is kept is listed, and handed to other tools."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sim.adapters import export as exporting
from sim.cli.kept_terminal import print_runs
from sim.cli.terminal import print_table
from sim.ensemble.reading import read
from sim.ensemble.store import Store
from sim.report import aggregates
from tests.sim.cli.conftest import Fulcrum

WORLDS, MONTHS = 24, 3

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def kept(fulcrum: Fulcrum) -> Path:
    """A run in the results folder."""
    words = ["--worlds", WORLDS, "--set", f"months={MONTHS}", "--json"]
    return Path(fulcrum("run", "status_quo", *words).document["path"])


def test_csv_is_a_table_of_months_and_one_of_parameters(
    fulcrum: Fulcrum, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BLOCK", 10)  # three blocks, the last of them short
    told = fulcrum("export", kept, "--to", "csv", "--out", "out.csv", "--json").document
    assert told["files"] == ["out.csv", "out.parameters.csv"]
    assert (told["worlds"], told["to"]) == (WORLDS, "csv")
    ds = read(kept / "worlds.zarr", WORLDS)
    months = pd.read_csv("out.csv", parse_dates=["month"])
    assert len(months) == WORLDS * MONTHS
    assert list(months.columns[:4]) == ["world", "set", "draw", "month"]
    assert months["world"].tolist() == np.repeat(np.arange(WORLDS), MONTHS).tolist()
    assert (months["set"] == months["world"] // 4).all()
    assert (months["draw"] == months["world"] % 4).all()
    assert months["month"].tolist() == list(ds["month"].values) * WORLDS
    assert np.array_equal(months["front"], ds["front"].values.reshape(-1))
    wanted = ds["influence"].sel(actor="belarus", target="russia").values.reshape(-1)
    assert np.allclose(months["influence.belarus.russia"], wanted, rtol=1e-6, equal_nan=True)
    total = ds["transfers"].sum("transfer").values.reshape(-1)
    assert np.allclose(months["transfers.total"], total, rtol=1e-6)
    assert set(months["status"]) <= set(ds["status"].attrs["flag_meanings"].split())
    assert "choice.belarus.access" in months
    assert "choice.nato.access" not in months
    parameters = pd.read_csv("out.parameters.csv")
    assert parameters.shape == (WORLDS, 3 + ds.sizes["name"])
    assert np.array_equal(parameters.iloc[:, 3:], ds["parameter"])
    assert {path.name for path in Path().iterdir()} == {
        "out.csv",
        "out.parameters.csv",
        "results",
    }


def test_where_only_chance_varies_there_is_one_set(fulcrum: Fulcrum) -> None:
    fulcrum("run", "status_quo", "--worlds", 8, "--set", "months=2", "--vary", "chance")
    assert fulcrum("export", "status_quo", "--to", "csv", "--out", "x.csv").status == 0
    keys = pd.read_csv("x.parameters.csv")
    assert keys["set"].tolist() == [0] * 8
    assert keys["draw"].tolist() == list(range(8))


def test_netcdf_holds_the_dataset(fulcrum: Fulcrum, kept: Path) -> None:
    said = fulcrum("export", kept.name, "--to", "netcdf")
    assert said.status == 0
    assert f"Written  {kept.name}.nc" in said.out
    ds = read(kept / "worlds.zarr", WORLDS)
    with xr.open_dataset(f"{kept.name}.nc") as found:
        assert set(found.variables) == set(ds.variables)
        for name in ds.variables:
            assert np.array_equal(
                found[name].values, ds[name].values, equal_nan=ds[name].dtype.kind == "f"
            ), name
        assert found["front"].attrs["units"] == ds["front"].attrs["units"]
        assert found.attrs["scenario"] == "status_quo"


def test_a_seed_of_eight_bytes_survives_netcdf(fulcrum: Fulcrum) -> None:
    seed = 2**62 + 1
    fulcrum("run", "status_quo", "--worlds", 4, "--set", "months=2", "--seed", seed)
    assert fulcrum("export", "status_quo", "--to", "netcdf", "--out", "x.nc").status == 0
    with xr.open_dataset("x.nc") as found:
        assert found.attrs["seed"] == str(seed)


def test_netcdf_says_what_it_cannot_hold(
    fulcrum: Fulcrum, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_LARGEST_VARIABLE", 100)
    said = fulcrum("export", kept, "--to", "netcdf", "--out", "x.nc")
    assert said.status == 2
    assert said.problems[0].startswith("--to: netcdf cannot hold")
    assert said.problems[0].endswith("use parquet")
    assert not Path("x.nc").exists()


def test_parquet_holds_types_and_units(
    fulcrum: Fulcrum, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(exporting, "BLOCK", 10)
    assert fulcrum("export", kept, "--to", "parquet", "--out", "x.parquet").status == 0
    ds = read(kept / "worlds.zarr", WORLDS)
    months = pd.read_parquet("x.parquet")
    assert len(months) == WORLDS * MONTHS
    assert np.array_equal(months["front"], ds["front"].values.reshape(-1))
    assert isinstance(months["status"].dtype, pd.CategoricalDtype)
    assert months["choice.russia.tempo"].dtype == ds["choice"].dtype
    about = json.loads(pq.read_schema("x.parquet").metadata[b"fulcrum"])
    assert about["run"]["scenario"] == "status_quo"
    assert about["variables"]["front"]["units"] == ds["front"].attrs["units"]
    assert len(pd.read_parquet("x.parameters.parquet")) == WORLDS


def test_parquet_without_pyarrow_is_one_line(
    fulcrum: Fulcrum, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = fulcrum("export", kept, "--to", "parquet")
    assert said.status == 2
    assert said.problems == [
        '--to: parquet needs pyarrow, which is not installed: pip install "fulcrum-sim[export]"'
    ]


def test_nothing_half_written_is_left(
    fulcrum: Fulcrum, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BLOCK", 10)
    Path("x.csv").write_text("mine")

    def fail(path: Path, worlds: int, first: int = 0) -> xr.Dataset:
        if first:
            raise OSError(28, "No space left on device")
        return read(path, worlds, first)

    monkeypatch.setattr(exporting, "read", fail)
    said = fulcrum("export", kept, "--to", "csv", "--out", "x.csv")
    assert said.status == 1
    assert said.problems == ["x.csv: cannot be written: No space left on device"]
    assert Path("x.csv").read_text() == "mine"
    assert {path.name for path in Path().iterdir()} == {"x.csv", "results"}


def test_a_damaged_run_is_said(fulcrum: Fulcrum, kept: Path) -> None:
    (kept / "worlds.zarr" / "zarr.json").write_text("{}")
    said = fulcrum("export", kept, "--to", "csv")
    assert said.status == 1
    assert "delete" in said.problems[0]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["status_qou", "--to", "csv"], "status_qou: no such run in results"),
        (["status_quo", "--to", "excel"], "--to: excel: there are parquet, csv, netcdf"),
        (["status_quo"], "Missing option '--to'"),
        (["status_quo", "--to", "csv", "--out", "no/x.csv"], "--out: no: there is no such folder"),
        (["status_quo", "--to", "csv", "--out", "results"], "--out: results is a folder"),
        (["s", "--to", "csv"], "s: could be "),
    ],
)
def test_a_line_for_what_cannot_be_exported(
    fulcrum: Fulcrum, kept: Path, words: list[str], problem: str
) -> None:
    if words[0] == "s":
        fulcrum("run", "status_quo", "--worlds", 4, "--set", "months=2")
    said = fulcrum("export", *words)
    assert said.status == 2
    assert said.out == ""
    assert len(said.problems) == 1
    assert problem in said.problems[0]


def test_what_is_listed_and_is_no_run_is_said_to_be_none(fulcrum: Fulcrum) -> None:
    words = ["status_quo", "negotiated_settlement", "--worlds", 40, "--set", "months=6"]
    told = fulcrum("compare", *words, "--json").document
    fulcrum("run", "status_quo", "--worlds", 8)  # not in the comparison
    folder = Path(told["report"]).parent
    for named in (folder, folder.name, folder.name[:14]):
        said = fulcrum("export", named, "--to", "csv")
        assert said.status == 2
        [problem] = said.problems
        assert problem.startswith(f"{named}: is a comparison, which has no worlds of its own; name")
        for run in told["scenarios"]:
            assert Path(run["path"]).name in problem
        assert problem.count("status_quo-") == 1
    fulcrum("discover", "status_quo", "--worlds", 800, "--outcome", "front")
    [answer] = Path("results").glob("discover-*")
    [problem] = fulcrum("export", answer.name, "--to", "csv").problems
    assert problem.startswith(f"{answer.name}: is an answer (discovery), which has no worlds of")
    assert "status_quo-" in problem


def test_a_run_is_found_by_folder_name_beginning_or_identity(fulcrum: Fulcrum, kept: Path) -> None:
    run = json.loads((kept / "manifest.json").read_text())["run"]
    for named in (kept, kept.name, "status", run, run[:12]):
        assert fulcrum("export", named, "--to", "netcdf", "--out", "x.nc").status == 0


def test_runs_lists_what_varies_the_engine_and_the_size(fulcrum: Fulcrum, kept: Path) -> None:
    fulcrum("run", "status_quo", "--worlds", 4, "--set", "months=2", "--vary", "unknown")
    told = fulcrum("runs", "--json").document
    runs = {run["vary"]: run for run in told["runs"]}  # made within a second, in either order
    assert set(runs) == {"unknown", "both"}
    assert [run["engine"] for run in told["runs"]] == ["numpy", "numpy"]
    on_disk = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    assert runs["both"]["bytes"] == on_disk
    assert told["bytes"] == sum(run["bytes"] for run in told["runs"])
    printed = fulcrum("runs").out
    assert "varied" in printed
    assert "engine" not in printed
    assert f"in all {told['bytes'] / 1e6:,.1f} MB" in printed
    for run in told["runs"]:
        assert Path(run["path"]).name in printed


def test_what_is_kept_is_said(fulcrum: Fulcrum) -> None:
    made = fulcrum("run", "status_quo", "--worlds", 40, "--keep", "headline", "--json").document
    assert made["keep"] == "headline"
    report = Path(made["report"]).read_text()
    assert "--keep headline" in report  # the command that makes it again
    assert aggregates.HEADLINE_NOTE in report
    whole = fulcrum("run", "status_quo", "--worlds", 40, "--json").document
    assert whole["keep"] == "all"
    assert whole["path"] != made["path"]
    assert "--keep" not in Path(whole["report"]).read_text().partition('<script type="app')[0]
    told = fulcrum("runs", "--json").document
    assert {run["path"]: run["keep"] for run in told["runs"]} == {
        made["path"]: "headline",
        whole["path"]: "all",
    }
    [header, *_] = fulcrum("runs").out.splitlines()
    assert "kept" in header


def test_scenarios_are_compared_at_the_level_that_is_asked_for(fulcrum: Fulcrum) -> None:
    words = ["status_quo", "negotiated_settlement", "--worlds", 40, "--set", "months=6", "--json"]
    told = fulcrum("compare", *words, "--keep", "headline").document
    assert {run["keep"] for run in told["scenarios"]} == {"headline"}
    whole = fulcrum("compare", *words).document
    assert told["paired"] == whole["paired"]  # the engine of these tests has one precision
    assert told["report"] != whole["report"]


def test_a_level_that_is_not_there_is_one_line(fulcrum: Fulcrum) -> None:
    said = fulcrum("run", "status_quo", "--keep", "some")
    assert said.status == 2
    assert said.problems == ["--keep: some: there are headline, all"]


@pytest.mark.parametrize("outcome", ["trust", "influence.nato.russia", "casualties.ukraine"])
def test_what_a_headline_run_lacks_cannot_be_waited_for(fulcrum: Fulcrum, outcome: str) -> None:
    condition = f"{outcome} mcse<0.1"
    said = fulcrum("run", "status_quo", "--keep", "headline", "--until", condition)
    assert said.status == 2
    assert said.problems == [
        f'--until: {condition}: "{outcome}" is not recorded in runs that keep headline outcomes: '
        "run again with --keep all"
    ]
    assert fulcrum("run", "status_quo", "--worlds", 8, "--until", condition).status == 0


def test_a_width_that_is_given_is_kept_to(
    fulcrum: Fulcrum, monkeypatch: pytest.MonkeyPatch
) -> None:
    fulcrum("compare", "status_quo", "negotiated_settlement", "--worlds", 8, "--set", "months=24")
    assert max(map(len, fulcrum("runs").out.splitlines())) > 60  # a pipe gets it whole
    monkeypatch.setenv("COLUMNS", "60")
    narrow = fulcrum("runs").out
    assert max(map(len, narrow.splitlines())) <= 60
    for path, _ in Store(Path("results")).runs():
        assert path.name in narrow.splitlines()


@pytest.mark.parametrize("width", [12, 25, 40, 60])
def test_a_table_is_folded_rather_than_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    head = ["lever", "stood at", "chosen", "chances of 100"]
    rows = [
        ["Belarus"],
        ["voice", "champion", "neutral", "distance 12, neutral 30, champion 58"],
        ["nuclear hosting", "no", "yes", "no 10, yes 90"],
    ]
    print_table(head, rows, left=3)
    out = capsys.readouterr().out
    assert "…" not in out
    told = "".join(out.split())
    for word in ("Belarus", "champion", "neutral", "nuclear", "hosting"):
        assert word in told
    if width < 40:
        assert "  stood at champion" in out
        assert all(len(line) <= max(width, 20) for line in out.splitlines())


def test_names_stay_whole_however_narrow_the_terminal(
    fulcrum: Fulcrum, capsys: pytest.CaptureFixture[str]
) -> None:
    fulcrum("run", "status_quo", "--worlds", 8)
    [(path, manifest)] = Store(Path("results")).runs()
    capsys.readouterr()
    for width in (20, 40, 79):
        print_runs([(path, manifest)], [], width)
        lines = capsys.readouterr().out.splitlines()
        assert path.name in lines
        told = " ".join(" ".join(lines).split())
        assert "title Status quo" in told
        assert f"changed (UTC) {manifest.changed[:10]}" in told
        assert all(
            len(line) <= width for line in lines if line != path.name and "Runs:" not in line
        )
    print_runs([(path, manifest)], [], 200)
    table = capsys.readouterr().out.splitlines()
    assert table[1].startswith(f"{path.name}  Status quo")
