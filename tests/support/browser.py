"""Pages in the installed Chromium, driven by Playwright, which is never let download one."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
HERE = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:", "ws://127.0.0.1:")


@dataclass
class Opened:
    """A page, and what it said and asked for.

    Attributes:
        page: to be driven.
        said: errors and warnings on its console, and errors that nothing caught.
        left: addresses outside this machine that it asked for.
    """

    page: Page
    said: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Listens from now on."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith(HERE):
            self.left.append(request.url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all pages; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium or Chrome on the PATH to open pages")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Opened]:
    """A page in a profile of its own, 1440 pixels wide; nothing may go wrong on it or leave it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    opened = Opened(context.new_page())
    opened.watch()
    yield opened
    context.close()
    assert opened.said == []
    assert opened.left == []
