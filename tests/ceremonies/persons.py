"""The people of the ceremony: each in a browser context of its own, acting only through the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
READABLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FRAME = 15_000  # milliseconds for one picture
PATIENCE = 60_000  # milliseconds: two busy cores, a worker that ticks
WIDTHS = {"390": (390, 844), "1280": (1280, 900), "1920": (1920, 1080)}


@dataclass
class Stage:
    """Where the ceremony is played: the server, its state folder (key files), the browser, the folder of pictures."""

    url: str
    state: Path
    browser: Any
    shots: Path
    password: str
    taken: int = 0
    wrong: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def person(self, login: str = "", width: int = 1280, height: int = 900) -> Person:
        """Somebody opens a browser: a member of the cast by login, or the public."""
        context = self.browser.new_context(
            locale="zh-CN", viewport={"width": width, "height": height}, reduced_motion="reduce", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        one = Person(self, login, context, page)
        context.expose_binding("theActWasDone", lambda _source, said: one.done.append(said))
        context.add_init_script("document.addEventListener('mz:done', event => theActWasDone(event.detail))")
        page.on("pageerror", lambda error: self.wrong.append(f"{login}: {error}"))
        page.on("console", lambda said: self._heard(login, said.text))
        page.on("response", lambda answer: self._answered(login, answer))
        if login:
            one.log_in()
        return one

    def _heard(self, login: str, text: str) -> None:
        if "Content Security Policy" in text:
            self.wrong.append(f"{login}: {text}")

    def _answered(self, login: str, answer: Any) -> None:
        if answer.status >= 500:
            self.wrong.append(f"{login}: {answer.status} {answer.url}")


@dataclass
class Person:
    """One person at one browser."""

    stage: Stage
    login: str
    context: Any
    page: Any
    done: list[Any] = field(default_factory=list)

    @property
    def key_file(self) -> Path:
        return self.stage.state / "cast" / f"{self.login}.mzkey"

    def log_in(self) -> None:
        """With the key file, opened in this browser; the private key never leaves it."""
        self.goto("/login")
        self.page.set_input_files("form[data-login] input[type=file]", str(self.key_file))
        self.page.fill("form[data-login] input[type=password]", self.stage.password)
        self.page.click("form[data-login] button[type=submit]")
        self.page.wait_for_url("**/desk")
        self.ready()

    def goto(self, path: str) -> None:
        """Open an address and wait for its scripts."""
        for _ in range(5):
            try:
                self.page.goto(self.stage.url + path)
                break
            except PlaywrightError as error:  # the page was just showing itself anew
                if "interrupted by another navigation" not in str(error):
                    raise
        self.ready()

    def ready(self) -> None:
        self.page.wait_for_selector("html[data-ready]")

    def follow(self, text: str) -> None:
        """Click a link by its words and arrive."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=text).first.click()
        self.ready()

    def fill(self, scope: str, values: Mapping[str, Any]) -> None:
        """Fill the controls of a form by their names."""
        for name, value in values.items():
            control = self.page.locator(f'{scope} [name="{name}"]').first
            kind = control.evaluate("one => one.tagName === 'SELECT' ? 'select-one' : one.type")
            if kind == "hidden":
                continue  # the platform knows it already
            if kind.startswith("select"):
                control.select_option(value=str(value)) if not str(value).startswith("=") else control.select_option(
                    label=str(value)[1:]
                )
            elif kind in ("checkbox", "radio"):
                control.set_checked(bool(value))
            else:
                control.fill(str(value))

    def act(self, name: str, values: Mapping[str, Any] | None = None, *, where: str = "", refused: bool = False) -> Any:
        """Do one act with its form on this page; the answer. A refusal fails unless it is wanted."""
        form = f'form[data-act="{name}"]{where}'
        page = self.page
        page.locator(form).first.wait_for(state="attached")
        self.fill(form, values or {})
        chosen = page.locator(form).first
        asks = chosen.get_attribute("data-confirm")
        moves = chosen.get_attribute("data-next") is not None
        with page.expect_response(lambda answer: f"/act/{name}" in answer.url, timeout=PATIENCE) as caught:
            chosen.locator("button[type=submit]:visible").first.click()
            if asks:
                page.click(f'dialog#{asks}[open] button[value="yes"]')
        answer = caught.value
        if not answer.ok:
            said = answer.json()
            assert refused, f"{self.login} {name}: {said}"
            page.locator("dialog[open]").first.wait_for()
            return said
        assert not refused, f"{self.login} {name} was not refused"
        if moves:
            page.wait_for_load_state()
            page.locator(".toast").first.wait_for()
            self.ready()
        else:
            page.wait_for_function(
                "() => 'ready' in document.documentElement.dataset && !document.querySelector('[aria-busy]')"
            )
        return self.done[-1]

    def see(self, selector: str, timeout: int = PATIENCE) -> Any:
        """Wait until it shows: a CSS selector, or words with `text=`."""
        found = self.page.locator(selector).first
        found.wait_for(timeout=timeout)
        return found

    def await_page(self, selector: str) -> None:
        """Wait for something the worker brings about: look again until it is there."""
        found = self.page.evaluate(
            """async ([selector, patience]) => {
                 const end = performance.now() + patience;
                 while (performance.now() < end) {
                   const text = await (await fetch(location.href, {cache: 'no-store'})).text();
                   if (new DOMParser().parseFromString(text, 'text/html').querySelector(selector)) return true;
                   await new Promise(again => setTimeout(again, 300));
                 }
                 return false;
               }""",
            [selector, PATIENCE],
        )
        assert found, f"{self.login or 'the public'} waited in vain for {selector} on {self.page.url}"
        self.goto(self.page.url.removeprefix(self.stage.url))

    def shot(self, name: str, *widths: str) -> None:
        """The page as it is, whole, at 1280 and 390 px (and those named); the page's own size is set back after."""
        self.stage.taken += 1
        size = self.page.viewport_size
        for width in ("1280", "390", *widths):
            wide, high = WIDTHS[width]
            self.page.set_viewport_size({"width": wide, "height": high})
            self._picture(f"{self.stage.taken:02d}-{name}-{width}.png", whole=width != "1920")
            self._fits(name, width)
        self.page.set_viewport_size(size)

    def _picture(self, name: str, *, whole: bool) -> None:
        """Take one picture. A browser without a graphics card now and then draws no frame until its window changes."""
        for wait in (FRAME, FRAME, PATIENCE):
            try:
                self.page.screenshot(path=str(self.stage.shots / name), full_page=whole, timeout=wait)
                return
            except PlaywrightError:  # also when the page shows itself anew just then
                self.ready()
                size = self.page.viewport_size
                self.page.set_viewport_size({**size, "height": size["height"] + 1})
                self.page.set_viewport_size(size)
        raise AssertionError(f"{name}: the browser drew no picture")

    def readable(self, name: str) -> None:
        """Check the page by axe-core against WCAG 2.2 AA; what it finds fails the ceremony at its end."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "tags => axe.run({runOnly: tags}).then(said => said.violations.map(one => "
            "`${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`))",
            READABLE,
        )
        self.stage.wrong += [f"{name}: {one}" for one in found]

    def _asked(self, question: str) -> Any:
        """What a script says of the page; asked again when the page just showed itself anew."""
        for _ in range(5):
            try:
                return self.page.evaluate(question)
            except PlaywrightError as error:
                if "context was destroyed" not in str(error):
                    raise
                self.ready()
        raise AssertionError(f"{self.page.url} never stands still")

    def _fits(self, name: str, width: str) -> None:
        over = self._asked("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 1:
            self.stage.wrong.append(f"{name} at {width}: {over} px too wide")

    def jump(self, words: str) -> None:
        """Press the demo bar's button: the clock of the deployment jumps."""
        with self.page.expect_navigation():
            self.page.locator(".demo button", has_text=words).first.click()
        self.ready()
