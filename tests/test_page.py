"""The web page in a real browser: laid out by a headless Chromium at desktop and phone width, in light, dark and on paper."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import reports as made

from licensecheck.render import html

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here (Debian: apt-get install chromium)")

# Looks at the page in a frame of the asked width, from outside, for the page itself lets no script run.
PROBE = """<!DOCTYPE html><meta charset="utf-8">
<iframe id="frame" src="NAME.html" style="border:0;width:WIDTHpx;height:900px"></iframe><pre id="out"></pre>
<script>
frame.onload = () => {
  const d = frame.contentDocument, w = frame.contentWindow, style = e => w.getComputedStyle(e);
  const channel = x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4;
  const light = c => {
    const [r, g, b] = c.match(/[\\d.]+/g).map(x => channel(x / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = e => {
    for (; e; e = e.parentElement) if (!/, 0\\)$/.test(style(e).backgroundColor)) return style(e).backgroundColor;
    return "rgb(255, 255, 255)";
  };
  const contrast = e => {
    const [a, b] = [light(style(e).color), light(ground(e))].sort((x, y) => y - x);
    return (a + .05) / (b + .05);
  };
  const says = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const texts = [...d.querySelectorAll("body *")].filter(e => e.getClientRects().length && !e.closest("svg") && says(e));
  const row = d.querySelector("mark") && d.querySelector("mark").closest(".row");
  out.textContent = JSON.stringify({
    inner: w.innerWidth,
    scroll: d.documentElement.scrollWidth,
    smallest: Math.min(...texts.filter(e => !e.matches(".number")).map(e => parseFloat(style(e).fontSize))),
    contrast: Math.min(...texts.map(contrast)),
    marks: [...d.querySelectorAll("mark")].filter(m => m.getBoundingClientRect().width > 0).length,
    gap: row && row.nextElementSibling.getBoundingClientRect().top - row.getBoundingClientRect().bottom,
    boxes: [...d.querySelectorAll("svg g")].map(g =>
      Math.max(...[...g.querySelectorAll("text")].map(t => t.getBBox().x + t.getBBox().width))
        - g.querySelector("rect").getBBox().x - g.querySelector("rect").getBBox().width),
    dark: w.matchMedia("(prefers-color-scheme: dark)").matches,
  });
};
</script>"""
PAGES = {"plain": made.sample, "hostile": made.hostile_sample}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with the pages, and their address on this machine."""
    folder = tmp_path_factory.mktemp("site")
    for name, pairs in PAGES.items():
        (folder / f"{name}.html").write_text(html.reports(pairs()), "utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def chromium(*arguments: str) -> str:
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=5000", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def looked_at(site: tuple[Path, str], name: str, width: int, *options: str) -> dict[str, Any]:
    """What a reader of the page meets at this width, in pixels; `boxes` is how far words stick out of their box in the picture."""
    folder, address = site
    (folder / "probe.html").write_text(PROBE.replace("WIDTH", str(width)).replace("NAME", name), "utf-8")
    shown = chromium("--window-size=1400,1000", *options, "--dump-dom", f"{address}/probe.html")
    return json.loads(unescape(shown.split('<pre id="out">')[1].split("</pre>")[0]))


@pytest.mark.parametrize("width", [360, 390, 1200])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_fits_its_window_and_can_be_read(site: tuple[Path, str], name: str, width: int) -> None:
    seen = looked_at(site, name, width)
    assert seen["inner"] == width
    assert seen["scroll"] <= width, "the page scrolls sideways"
    assert seen["smallest"] >= 11
    assert seen["marks"] >= 2
    assert abs(seen["gap"]) < 1, "the lines of a text stand apart"
    assert max(seen["boxes"]) <= 0, "words leave their box in the picture"


@pytest.mark.parametrize(("options", "is_dark"), [((), False), (("--blink-settings=preferredColorScheme=0",), True)])
def test_words_stand_out_from_their_ground_in_light_and_dark(site: tuple[Path, str], options: tuple[str, ...], is_dark: bool) -> None:
    seen = looked_at(site, "plain", 1000, *options)
    assert seen["dark"] is is_dark
    # WCAG 2.2, criterion 1.4.3: 4.5 to 1 for text.
    assert seen["contrast"] >= 4.5


def test_the_page_can_be_printed(site: tuple[Path, str], tmp_path: Path) -> None:
    target = tmp_path / "page.pdf"
    chromium("--no-pdf-header-footer", f"--print-to-pdf={target}", f"{site[1]}/plain.html")
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.stat().st_size > 20_000
