"""What is served, to whom, and with what headers."""

import re
from typing import Any

import pytest

from sim.explorer.catalogue import Catalogue
from sim.explorer.server import application, hosts_of
from sim.explorer.service import Service
from sim.scenario import load_scenario

pytest.importorskip("dash")


@pytest.fixture
def client(catalogue: Catalogue, service: Service) -> Any:  # noqa: ANN401 - Flask's, untyped here
    return application(catalogue, service, hosts_of("127.0.0.1")).server.test_client()


def test_the_page_loads_nothing_from_elsewhere(client: Any) -> None:  # noqa: ANN401
    page = client.get("/").text
    assert re.findall(r'(?:src|href)="(?!/|data:)[^"#]', page) == []
    assert "https://" not in page.replace("http://www.w3.org", "")


def test_scripts_are_served_from_here(client: Any) -> None:  # noqa: ANN401
    page = client.get("/").text
    scripts = re.findall(r'src="(/[^"]+)"', page)
    assert any("explorer" in script for script in scripts)
    assert all(client.get(script).status_code == 200 for script in scripts)
    assert client.get("/report.css").status_code == 200


def test_headers_keep_the_page_to_itself(client: Any) -> None:  # noqa: ANN401
    for path in ("/", "/report.css", "/setting.yaml", "/_dash-layout", "/nowhere"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert re.search(r"script-src 'self' 'sha256-[^']+'", policy)
        assert "unsafe-eval" not in policy
        assert re.search(r"script-src[^;]*unsafe-inline", policy) is None
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8321", "[::2]:80", ""])
def test_another_name_is_refused(client: Any, host: str) -> None:  # noqa: ANN401
    assert client.get("/", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost", "[::1]:8321"])
def test_its_own_names_are_known(client: Any, host: str) -> None:  # noqa: ANN401
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_page_of_elsewhere_cannot_ask(client: Any) -> None:  # noqa: ANN401
    own = {"Host": "127.0.0.1:8321", "Origin": "http://127.0.0.1:8321"}
    assert client.get("/", headers=own).status_code == 200
    other = {"Host": "127.0.0.1:8321", "Origin": "http://evil.example"}
    assert client.post("/_dash-update-component", headers=other, json={}).status_code == 403


def test_names_follow_from_where_it_listens() -> None:
    assert set(hosts_of("127.0.0.1")) == {"127.0.0.1", "localhost", "::1"}
    assert hosts_of("10.0.0.7") == ("10.0.0.7",)
    assert hosts_of("fulcrum.example") == ("fulcrum.example",)
    assert {"127.0.0.1", "localhost"} <= set(hosts_of("0.0.0.0"))


def test_a_setting_is_handed_out_as_a_file(client: Any, tmp_path: Any) -> None:  # noqa: ANN401
    got = client.get("/setting.yaml?set=actors.belarus.incentives.rents:1.2&title=Well%20paid")
    assert got.headers["Content-Disposition"] == 'attachment; filename="well_paid.yaml"'
    file = tmp_path / "well_paid.yaml"
    file.write_text(got.text)
    assert load_scenario(file).parameters["actors.belarus.incentives.rents"] == 1.2


def test_a_bad_setting_is_no_file(client: Any) -> None:  # noqa: ANN401
    got = client.get("/setting.yaml?set=world.nothing:1")
    assert got.status_code == 400
    assert "no parameter" in got.text
    assert got.mimetype == "text/plain"


def test_a_large_request_is_refused(client: Any) -> None:  # noqa: ANN401
    sent = {"data": "[" + "1," * 150_000 + "1]", "content_type": "application/json"}
    assert client.post("/_dash-update-component", **sent).status_code == 413
