"""Headless Chromium, driven by its DevTools protocol over two pipes; nothing but the standard library.

with chromium.Browser(folder) as browser:
    page = browser.open("/tmp/page.html")
    page.value("document.title")
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60  # seconds for an answer, on a machine that does much else
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # containers have no user namespaces, and the page is our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)
# Keys without a letter: their codes in the protocol.
CODES = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    "PageDown": 34,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}


def program():
    """The path of Chromium; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Failure(Exception):
    """The browser, or the script of a page, did not do what was asked."""


class Browser:
    """One process of the browser with a profile of its own, below `folder`."""

    def __init__(self, folder):
        self.profile = Path(folder) / "profile"
        self.log = Path(folder) / "chromium.log"
        self.waiting = b""
        self.events = []
        self.number = 0
        their_in, self.to = os.pipe()
        self.back, their_out = os.pipe()
        # The browser reads from descriptor 3 and writes to 4, which may be what these pipes have here.
        line = f'exec 8<&{their_in} 9>&{their_out}; exec 3<&8 4>&9 8<&- 9>&-; exec "$@"'
        words = ["bash", "-c", line, "bash", program(), *OPTIONS, f"--user-data-dir={self.profile}", "about:blank"]
        home = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                words, pass_fds=(their_in, their_out), stdout=log, stderr=log, env=home, start_new_session=True
            )
        os.close(their_in)
        os.close(their_out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.to)
        try:
            self.process.wait(5)  # it ends when its pipe does
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.back)

    def send(self, method, session=None, **params):
        """A command's result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return self._answer(self.number, method)

    def _answer(self, number, method):
        until = time.monotonic() + PATIENCE
        while True:
            message = self._next(until)
            if message.get("id") == number:
                if "error" in message:
                    raise Failure(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def _next(self, until):
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.back], [], [], max(0, until - time.monotonic()))
            data = os.read(self.back, 1 << 20) if ready else b""
            if not data:
                said = self.log.read_text(errors="replace")[-2000:]
                raise Failure(f"the browser {'ended' if ready else 'does not answer'}: {said}")
            self.waiting += data
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def open(self, path, width=1280, height=900, dark=False):
        """A page of a file, loaded and ready."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, target, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        page.resize(width, height)
        page.scheme("dark" if dark else "light")
        page.load(path)
        return page


class Page:
    """One tab."""

    def __init__(self, browser, target, session):
        self.browser = browser
        self.target = target
        self.session = session

    def send(self, method, **params):
        return self.browser.send(method, self.session, **params)

    def close(self):
        self.browser.send("Target.closeTarget", targetId=self.target)

    def load(self, path):
        self.send("Page.navigate", url=Path(path).resolve().as_uri())
        self.until("performance.getEntriesByName('ready').length > 0")

    def value(self, expression):
        """What an expression of the page's language gives; a promise is waited for."""
        done = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise Failure(done["exceptionDetails"]["exception"].get("description", expression))
        return done["result"].get("value")

    def until(self, expression):
        """Waits for an expression to hold."""
        end = time.monotonic() + PATIENCE
        while not self.value(expression):
            if time.monotonic() > end:
                raise Failure(f"never: {expression}")
            time.sleep(0.02)

    def settle(self):
        """Waits until what was asked is drawn."""
        self.value(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"
        )

    def resize(self, width, height, scale=1):
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    def scheme(self, name):
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def press(self, key, modifiers=0):
        """A key, as if somebody did."""
        what = {"key": key, "modifiers": modifiers}
        if key in CODES:
            what["windowsVirtualKeyCode"] = CODES[key]
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else None)
        down = {**what, "type": "keyDown", "text": text} if text else {**what, "type": "rawKeyDown"}
        self.send("Input.dispatchKeyEvent", **down)
        self.send("Input.dispatchKeyEvent", **{**what, "type": "keyUp"})

    def write(self, text):
        self.send("Input.insertText", text=text)

    def point(self, x, y, click=False):
        at = {"x": x, "y": y}
        self.send("Input.dispatchMouseEvent", type="mouseMoved", **at)
        if click:
            for kind in ("mousePressed", "mouseReleased"):
                self.send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)

    def picture(self, path):
        self.settle()
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))

    def _events(self, method):
        self.value("0")  # takes in what has come
        return [
            e["params"] for e in self.browser.events if e.get("sessionId") == self.session and e["method"] == method
        ]

    def complaints(self):
        """What a developer would see in red or yellow: exceptions, console calls, breaches of the policy."""
        said = [
            e["exceptionDetails"].get("exception", {}).get("description", "?")
            for e in self._events("Runtime.exceptionThrown")
        ]
        said += [f"{e['entry']['level']}: {e['entry']['text']}" for e in self._events("Log.entryAdded")]
        said += [f"console.{e['type']}" for e in self._events("Runtime.consoleAPICalled")]
        return said

    def requests(self):
        """What it asked for, but for itself and what it holds."""
        asked = [e["request"]["url"] for e in self._events("Network.requestWillBeSent")]
        return [url for url in asked if not url.startswith("data:")]
