"""A real browser, as Debian has it: chromium, driven by python3-selenium."""

from __future__ import annotations

import pathlib
import re
import shutil
from typing import Any

import browser
import fadder
import pytest

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
except ImportError:  # not a Debian system: what is needed is named in the README
    webdriver = None

PROGRAM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
AXE = fadder.TOP / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
PHONE, NARROW, DESK = (390, 844), (320, 640), (1280, 900)
# What is looked at: WCAG 2.0 to 2.2, levels A and AA. What axe cannot decide is as bad as what it finds.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

needed = pytest.mark.skipif(not (webdriver and PROGRAM and DRIVER), reason="chromium, chromium-driver or python3-selenium is not here")


class Chromium:
    """One browser with a profile of its own; its pages are looked at by axe-core whenever one is opened or a button pressed."""

    def __init__(self, system: fadder.System, place: pathlib.Path, size: tuple[int, int] = DESK, script: bool = True):
        options = webdriver.ChromeOptions()
        options.binary_location = PROGRAM
        words = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        for word in (*words, f"--user-data-dir={place / 'profile'}", f"--window-size={size[0]},{size[1]}", "--force-prefers-reduced-motion"):
            options.add_argument(word)
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": {"width": size[0], "height": size[1], "pixelRatio": 1, "touch": True}})
        self.system, self.place, self.script = system, place, script
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER, service_args=[f"--log-path={place / 'driver.log'}"]))
        self.driver.set_page_load_timeout(fadder.PATIENCE)
        if not script:  # pages have no script but what they load
            self.driver.execute_cdp_cmd("Network.enable", {})
            self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*.js"]})
        self.seen: list[str] = []

    def close(self) -> None:
        self.driver.quit()

    def open(self, path: str) -> Chromium:
        self.driver.get(f"http://{self.system.pages}{path}")
        return self.look()

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(f"http://{self.system.pages}")

    def find(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def find_all(self, selector: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def type(self, name: str, text: str) -> Chromium:
        field = self.find(f'[name="{name}"]')
        field.clear()
        field.send_keys(text)
        return self

    def choose(self, name: str, value: str, form: str = "") -> Chromium:
        self.reach(self.find(f'{form} [name="{name}"][value="{value}"]')).click()
        return self

    def unfold(self, action: str) -> Chromium:
        """What hides the form with that action."""
        details = self.driver.find_element(By.XPATH, f'//details[.//form[@action="{action}"]]')
        if not details.get_attribute("open"):
            self.reach(details.find_element(By.TAG_NAME, "summary")).click()
        return self

    def reach(self, element: Any) -> Any:
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": "0"})
        element.location_once_scrolled_into_view
        return element

    def press(self, action: str, which: str = "") -> Chromium:
        """The button of the form with that action, of several the one with that value; and wait for the page behind it."""
        old = self.find("html")
        self.reach(self.find(f'form[action="{action}"] button' + (f'[value="{which}"]' if which else ""))).click()
        fadder.wait_until(lambda: self._is_gone(old), "the next page")
        return self.look()

    def _is_gone(self, element: Any) -> bool:
        try:
            element.is_enabled()
        except Exception:
            return self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": "document.readyState"})["result"]["value"] == "complete"
        return False

    def press_key(self, *keys: str) -> Chromium:
        self.driver.switch_to.active_element.send_keys(*keys)
        return self

    # What every page has to keep to.

    def look(self) -> Chromium:
        wide = self._ask("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.path}: {wide} px wider than the window"
        if AXE.exists():
            self._axe()
        self.seen.append(self.driver.page_source)
        return self

    def _ask(self, expression: str) -> Any:
        """Also where the page's own scripts do not run."""
        said = self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def _axe(self) -> None:
        self._ask(AXE.read_text(encoding="utf-8") + ";0")
        rules = ",".join(f'"{rule}"' for rule in RULES)
        found = self._ask(
            f'axe.run({{runOnly: {{type: "tag", values: [{rules}]}}}}).then(r => [...r.violations, ...r.incomplete]'
            ".map(v => v.id + \": \" + v.help + \" \" + v.nodes.map(n => n.html.slice(0, 160)).join(\" | \")))"
        )
        assert found == [], f"{self.path}:\n" + "\n".join(found)

    def keep(self, name: str) -> None:
        """A picture, for people: under build/."""
        folder = fadder.BIN.parent / "screens"
        folder.mkdir(exist_ok=True)
        size = self._ask("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        self.driver.set_window_size(size[0], min(size[1] + 120, 4000))
        self.driver.save_screenshot(str(folder / f"{name}.png"))


def sign_in(system: fadder.System, one: Chromium, address: str, language: str = "sv") -> Chromium:
    before = len(browser.codes_to(system, address))
    one.open("/sign-in")
    if one.find("html").get_attribute("lang") != language:
        one.press("/language", language)
    one.type("email", address).press("/sign-in")
    code = fadder.wait_until(lambda: browser.codes_to(system, address)[before:], "the code")[-1]
    return one.type("code", code).press("/sign-in/code")
