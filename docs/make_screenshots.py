"""Take the pictures of every page, light and dark, that the documentation shows (``make screenshots``)."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser import PATIENCE, running_app, running_browser  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
SIZE = {"width": 1280, "height": 800}
VIEWS = {
    "start": ("/", "h1.hero"),
    "data": ("/data?data=sample", "h1.headline"),
    "segments": ("/segments?data=sample", ".st-key-card-map .main-svg"),
    "results": ("/results?data=sample", ".st-key-card-overview .main-svg"),
    "profiles": ("/profiles?data=sample", ".st-key-card-snake .main-svg"),
    "explore": ("/explore?data=sample", ".st-key-card-compare .main-svg"),
    "over-time": ("/over_time?data=sample", ".st-key-card-retention-curves .main-svg"),
    "priorities": ("/priorities?data=sample", "h1.headline"),
    "actions": ("/actions?data=sample", "h1.headline"),
    "triggers": ("/triggers?data=sample", ".main-svg"),
    "present": ("/present?data=sample", "ol.pages"),
    "presenting": ("/present?data=sample&show=kpi:nps", ".stage-bars"),
    "downloads": ("/downloads?data=sample", ".st-key-download-segments"),
}


def take(page: Page, address: str, name: str) -> None:
    """Open one view and take its picture once it stands still."""
    path, landmark = VIEWS[name]
    page.goto(address + path)
    expect(page.locator(landmark).first).to_be_visible(timeout=PATIENCE * 1000)
    idle = "[data-testid=stApp][data-test-script-state=notRunning]"
    expect(page.locator(idle)).to_be_attached(timeout=PATIENCE * 1000)
    page.mouse.move(2, 400)
    page.wait_for_timeout(1500)  # a picture has nothing to wait for: charts and canvases fade in
    page.screenshot(path=FOLDER / f"{name}-{page.evaluate('window.scheme')}.png")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_app() as (address, _), running_browser() as browser:
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport=SIZE, color_scheme=scheme)
            context.add_init_script(f"window.scheme = '{scheme}'")
            page = context.new_page()
            for name in VIEWS:
                take(page, address, name)
            context.close()
            print(f"{scheme}: {', '.join(VIEWS)}")


if __name__ == "__main__":
    main()
