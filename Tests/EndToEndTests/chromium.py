"""Drives headless Chromium through its DevTools protocol, over a pair of pipes.

The browser reads commands from its descriptor 3 and writes answers to 4, as JSON ended by a zero
byte: no port, no websocket. A page collects everything that went wrong in it (policy violations,
console errors, exceptions, failed requests). The browser has a profile of its own and no network
but the page's own address.
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import time

import harness

# Violations as the page itself hears of them; the console has them too, but without the directive.
LISTENER = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', event =>
    window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""

# Loads what is lazy and answers with the images that show nothing.
EMPTY_IMAGES = """
(async () => {
    const images = [...document.images];
    for (const image of images) { image.loading = 'eager'; }
    await Promise.all(images.map(image => image.decode().catch(() => {})));
    return images.filter(image => !image.naturalWidth).map(image => image.currentSrc || image.src);
})()
"""


def _high(descriptor):
    """The same descriptor with a number that the browser's 3 and 4 do not collide with."""
    copy = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 20)
    os.close(descriptor)
    return copy


class Chromium:
    """One browser; use it in a `with` statement."""

    def __init__(self, folder):
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if not program:
            raise harness.Failure("chromium is not installed; run Tests/install all")
        in_read, in_write = map(_high, os.pipe())
        out_read, out_write = map(_high, os.pipe())
        flags = [
            "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
            "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
            "--disable-component-update", "--disable-default-apps", "--mute-audio",
            "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            f"--user-data-dir={folder}/chromium",
        ]
        if os.getuid() == 0:
            flags.append("--no-sandbox")  # the sandbox refuses root
        script = f'exec "$0" "$@" 3<&{in_read} 4>&{out_write}'
        self.log = open(pathlib.Path(folder) / "chromium.log", "wb")
        self.child = subprocess.Popen(
            ["bash", "-c", script, program, *flags, "about:blank"], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, pass_fds=(in_read, out_write),
            start_new_session=True)
        os.close(in_read)
        os.close(out_write)
        self.input, self.output = in_write, out_read
        self.buffer = b""
        self.number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.command("Browser.close", seconds=5)
            self.child.wait(5)
        except (harness.Failure, OSError, subprocess.SubprocessError):
            pass
        try:
            os.killpg(self.child.pid, 9)
        except OSError:
            pass
        self.child.wait(5)
        self.log.close()
        os.close(self.input)
        os.close(self.output)

    def command(self, method, session=None, seconds=30.0, **parameters):
        """Sends one command and waits for its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.input, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + seconds
        while True:
            answer = self.receive(end)
            if answer is None:
                raise harness.Failure(f"Chromium did not answer {method} in {seconds:g} s")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise harness.Failure(f"{method}: {answer['error'].get('message')}")
                return answer.get("result", {})

    def receive(self, end):
        """The next message, None at the given time; events are also kept in `events`."""
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.output], [], [], max(0, end - time.monotonic()))
            if not ready:
                return None
            data = os.read(self.output, 1 << 20)
            if not data:
                raise harness.Failure("Chromium ended; see chromium.log")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        message = json.loads(message)
        if "method" in message:
            self.events.append(message)
        return message

    def page(self):
        """A new, empty page in a context of its own: no cookies, no cache."""
        context = self.command("Target.createBrowserContext")["browserContextId"]
        target = self.command(
            "Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.command(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, session, target)


class Page:
    """A tab; `problems` holds what went wrong since `open`."""

    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.status = None
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
            self.command(f"{domain}.enable")
        self.command("Page.setLifecycleEventsEnabled", enabled=True)
        self.command("Page.addScriptToEvaluateOnNewDocument", source=LISTENER)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.command("Target.closeTarget", targetId=self.target)

    def command(self, method, **parameters):
        """A command for this tab."""
        return self.browser.command(method, session=self.session, **parameters)

    def show(self, width, height=900, dark=False):
        """Sets the window's size in CSS pixels and the colour scheme."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 600)
        scheme = "dark" if dark else "light"
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])

    def cookie(self, url, name, value):
        """Sets a cookie for a URL's host."""
        self.command("Network.setCookie", url=url, name=name, value=value)

    def open(self, url, seconds=30.0, until="networkIdle"):
        """Loads a URL and waits until its network has been idle for half a second.

        A page that keeps a connection is never idle: wait for its `load` instead.
        """
        self.browser.events.clear()
        loader = self.command("Page.navigate", url=url)
        if loader.get("errorText"):
            raise harness.Failure(f"{url}: {loader['errorText']}")
        end = time.monotonic() + seconds
        seen = 0
        while not any(
                event["method"] == "Page.lifecycleEvent"
                and event["params"]["name"] == until
                and event["params"]["loaderId"] == loader["loaderId"]
                for event in self.browser.events[seen:]):
            seen = len(self.browser.events)
            if self.browser.receive(end) is None:
                raise harness.Failure(f"{url} was not loaded within {seconds:g} s")
        for event in self.browser.events:
            if event["method"] == "Network.responseReceived" \
                    and event["params"].get("type") == "Document":
                self.status = event["params"]["response"]["status"]

    def evaluate(self, expression):
        """The value of a JavaScript expression, awaited if it is a promise."""
        result = self.command("Runtime.evaluate", expression=expression, awaitPromise=True,
                              returnByValue=True)
        if "exceptionDetails" in result:
            raise harness.Failure(f"{expression[:60]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def empty_images(self):
        """Addresses of images that show nothing, after loading the lazy ones."""
        return self.evaluate(EMPTY_IMAGES)

    def problems(self):
        """Everything that went wrong since `open`, as lines; the document's own 404 is none."""
        found = [f"policy: {text}" for text in self.evaluate("window.__violations") or []]
        for event in self.browser.events:
            method, parameters = event["method"], event["params"]
            if method == "Log.entryAdded":
                entry = parameters["entry"]
                own = self.status == 404 and entry.get("url") == self.evaluate("location.href")
                if entry["level"] in ("error", "warning") and not own:
                    found.append(f"{entry['source']}: {entry['text']} {entry.get('url', '')}")
            elif method == "Runtime.exceptionThrown":
                found.append(f"exception: {parameters['exceptionDetails'].get('text')}")
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "assert"):
                found.append(f"console: {parameters['args']}")
            elif method == "Network.loadingFailed" and not parameters.get("canceled"):
                found.append(f"request: {parameters.get('errorText')}")
            elif method == "Audits.issueAdded" \
                    and parameters["issue"]["code"] == "ContentSecurityPolicyIssue":
                found.append(f"policy: {parameters['issue']['details']}")
        return found

    def screenshot(self, path):
        """Saves the whole page, at most 6000 pixels high, as PNG."""
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "scale": 1, "width": size["width"],
                "height": min(size["height"], 6000)}
        shot = self.command("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))
