"""Take the picture of the page in the README: serve an index and check its first sample.

``python docs/take_screenshot.py INDEX`` needs the extra dev and Debian's Chromium.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = Path(__file__).parent / "images" / "attribute.png"
CHROMIUM = "/usr/bin/chromium"


def main() -> None:
    """Serve, drive the browser, write the picture."""
    command = [sys.executable, "-m", "codewhence", "serve", "--index", sys.argv[1], "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            _take(_address(server.stderr or ()))
        finally:
            server.terminate()


def _address(lines: Iterable[str]) -> str:
    for line in lines:
        found = re.search(r"http://\S+/ui/", line)
        if found:
            return found.group()
    raise SystemExit("the server ended without naming its address")


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.get_by_role("button", name="All together").click()
        page.locator("mark").first.wait_for(timeout=30_000)
        page.wait_for_timeout(1500)
        page.screenshot(path=str(TARGET))
        browser.close()


if __name__ == "__main__":
    main()
