"""What `sitegen watch` is to its terminal, to a pipe, and to a phone in the local network.

On a pseudo-terminal: a line for each event with time, file and milliseconds, names that open files,
one line for what comes again, keys, and the terminal's modes as they were at every end. The square
on the terminal is read by zbar. In a pipe lines are plain; `--json` gives objects.
"""

import contextlib
import fcntl
import http.client
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import termios
import threading

from harness import Failure, Program, check, run, temporary_folder, wait_for
from watch_workspace import Watch

LAN = "127.0.0.2"
STYLE = "site/Styles/site.css"


class Terminal:
    """A child on a pseudo-terminal of its own."""

    def __init__(self, command, env):
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (60, 160))
        self.before = termios.tcgetattr(self.slave)
        self.output = b""
        self.child = subprocess.Popen(
            [str(word) for word in command], stdin=self.slave, stdout=self.slave,
            stderr=self.slave, env={**os.environ, "TERM": "xterm-256color", **env},
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)))
        self.is_open = True
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(OSError):
            while self.is_open:
                # A read that waits would keep the terminal from being closed.
                if select.select([self.master], [], [], 0.1)[0]:
                    self.output += os.read(self.master, 1 << 16)

    def hang_up(self):
        """Closes the terminal, as a window does."""
        self.is_open = False
        self.reader.join()
        os.close(self.slave)
        os.close(self.master)

    def text(self):
        return self.output.decode(errors="replace")

    def type(self, keys):
        os.write(self.master, keys.encode())

    def is_as_before(self):
        return termios.tcgetattr(self.slave) == self.before

    def hears_keys(self):
        return not termios.tcgetattr(self.slave)[3] & termios.ICANON

    def wait_for(self, what, pattern, seconds=60, since=0):
        def look():
            if self.child.poll() is not None:
                raise Failure(f"watch ended with {self.child.returncode}: {self.text()[-1500:]}")
            return re.search(pattern, self.text()[since:])
        return wait_for(what, look, seconds)

    def close(self):
        with contextlib.suppress(OSError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(10)


def ask(host, port, path, cookie=None):
    connection = http.client.HTTPConnection(host, port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def scanned(text, folder):
    """What zbar reads from the square of half blocks in a text."""
    lines = [line for line in text.replace("\r", "").split("\n")
             if len(line) > 20 and set(line) <= set("█▀▄ ")]
    rows = []
    for line in lines:
        rows.append([character in "█▀" for character in line])
        rows.append([character in "█▄" for character in line])
    image, scale = folder / "square.pbm", 6
    with open(image, "w") as file:
        file.write(f"P1\n{len(rows[0]) * scale} {len(rows) * scale}\n")
        for row in rows:
            line = " ".join("0" if light else "1" for light in row for _ in range(scale))
            file.write(f"{line}\n" * scale)
    done = subprocess.run(["zbarimg", "--raw", "-q", str(image)], capture_output=True, text=True,
                          timeout=30)
    return done.stdout.strip()


def network(watch, terminal, folder):
    """Who comes from another machine needs the address on the terminal."""
    address = terminal.wait_for("the address", r"In the local network: (\S+)")[1].rstrip("\r")
    if shutil.which("zbarimg"):
        check("the square on the terminal is the address", scanned(terminal.text(), folder)
              == address, f"{scanned(terminal.text(), folder)} {address}")
    else:
        check("zbar-tools are installed (Tests/install all)", False)
    path = address.split(f":{watch.port}", 1)[1]
    check("without the token nothing is shown",
          ask(LAN, watch.port, "/")[0] == ask(LAN, watch.port, "/-/watch.js")[0] == 403)
    status, fields, _ = ask(LAN, watch.port, path)
    cookie = (fields["set-cookie"] or "").split(";")[0]
    check("the address lets in, and leaves a cookie",
          status == 303 and cookie.startswith("sitegen-watch="), f"{status} {cookie}")
    check("which is enough from then on", ask(LAN, watch.port, "/", cookie)[0] == 200
          and ask(LAN, watch.port, "/-/watch.js", cookie)[0] == 200)
    check("this machine needs neither", watch.fetch("/").status == 200)


def lines_and_keys(watch, terminal, opened):
    """One line an event; what comes again has a count; keys do what they say."""
    check("the browser was opened once", wait_for("the browser", opened.exists, 10)
          and opened.read_text().split() == [f"http://127.0.0.1:{watch.port}"])
    session = int(opened.with_name("browser.txt.session").read_text())
    check("in a session of its own, where no Ctrl-C reaches it",
          session != os.getsid(terminal.child.pid), f"{session}")
    check("keys are heard one by one", wait_for("the modes", terminal.hears_keys, 5))
    start = len(terminal.text())
    watch.edit(STYLE, "body {", "body { outline-color: rgb(1, 2, 3);")
    link = re.escape(f"\x1b]8;;file://{watch.root}/{STYLE}\x1b\\{STYLE}")
    line = terminal.wait_for("the line of a style", r"[^\n]*" + link + r"[^\n]* ms", since=start)[0]
    check("a line has time, a name that opens the file, what it is, and milliseconds",
          re.search(r"\d\d:\d\d:\d\d", line) and "style" in line, line)
    watch.edit(STYLE, "rgb(1, 2, 3)", "rgb(1, 2, 4)")
    terminal.wait_for("the same line again", r"\x1b\[1A\x1b\[2K[^\n]*×2", since=start)
    check("a line that comes again is counted in its place", True)
    start = len(terminal.text())
    terminal.type("p")
    terminal.wait_for("p", r"nothing is wrong", since=start)
    before = watch.renderers()
    terminal.type("r")
    wait_for("another renderer", lambda: watch.renderers() and watch.renderers() != before, 30)
    terminal.type("o")
    wait_for("the browser again", lambda: len(opened.read_text().split()) == 2, 10)
    check("p, r and o tell problems, start a renderer and open the browser", True)
    terminal.type("q")
    check("q ends it with 0", terminal.child.wait(20) == 0)
    check("and the terminal is as it was", terminal.is_as_before())


def closed(watch):
    """A terminal that is closed ends the watch, unless it was started to live on without one."""
    terminal = Terminal(watch.command(), watch.environment())
    try:
        terminal.wait_for("the first page", "ready in", 120)
        terminal.hang_up()
        check("a closed terminal ends it with 0", terminal.child.wait(20) == 0)
        left = wait_for("the end of all processes", lambda: not watch.left(), 5)
        check("and leaves nothing", left)
    finally:
        terminal.close()
    with Program(["nohup", *watch.command()], watch.folder, "nohup",
                 env=watch.environment()) as program:
        program.wait_for_line(r" ready in ", 120)
        program.child.send_signal(signal.SIGHUP)
        watch.edit(STYLE, "rgb(1, 2, 4)", "rgb(1, 2, 7)")
        program.wait_for_line(rf"{STYLE} .* ms", 30)
        watch.edit(STYLE, "rgb(1, 2, 7)", "rgb(1, 2, 4)")
        check("what nohup started lives on", program.child.poll() is None)
        check("and ends when it is asked to", program.stop() == 0)


def ends(watch, how):
    """The terminal is as it was after a signal, or Ctrl-C."""
    terminal = Terminal(watch.command(), watch.environment())
    try:
        terminal.wait_for("the first page", "ready in", 120)
        wait_for("the modes", terminal.hears_keys, 5)
        if how == "Ctrl-C":
            terminal.type("\x03")
        else:
            terminal.child.send_signal(how)
        status = terminal.child.wait(20)
        check(f"{getattr(how, 'name', how)} ends it with 0 and leaves the terminal as it was",
              status == 0 and terminal.is_as_before(), f"{status}")
    finally:
        terminal.close()


def plain(watch, folder):
    """Without a terminal there are no colours, links or keys; with --json there are objects."""
    with watch.running():
        watch.edit(STYLE, "rgb(1, 2, 4)", "rgb(1, 2, 5)")
        watch.program.wait_for_line(rf"{STYLE} .* ms", 30)
        check("lines of a pipe are plain", "\x1b" not in watch.program.text()
              and "Keys:" not in watch.program.text(), watch.program.text()[-500:])
        watch.program.stop()
    with Program([*watch.command(), "--json"], folder, "json", env=watch.environment()) as program:
        program.wait_for_line(r'"event":"ready"', 120)
        watch.edit(STYLE, "rgb(1, 2, 5)", "rgb(1, 2, 6)")
        program.wait_for_line(r'"event":"shown"', 30)
        watch.postgres.query("UPDATE fashion.collection SET title = 'Secret value'")
        program.wait_for_line(r'"kinds":\["rows"\]', 30)
        events = [json.loads(line) for line in program.text().splitlines()]
        shown = [event for event in events if event["event"] == "shown"]
        check("with --json each line is an object",
              shown[0]["changed"] == [STYLE] and shown[0]["kinds"] == ["style"]
              and shown[0]["milliseconds"] >= 0 and shown[0]["tabs"] == 0, shown)
        check("nothing of a row is in them", "Secret" not in program.text())
        program.stop()


def main():
    with temporary_folder() as folder:
        watch = Watch(folder)
        browser, opened = folder / "bin/browser", folder / "browser.txt"
        # The sixth field is the session.
        browser.write_text(f"#!/bin/sh\ncut -d' ' -f6 /proc/$$/stat > '{opened}.session'\n"
                           f"echo \"$1\" >> '{opened}'\n")
        browser.chmod(0o755)
        try:
            terminal = Terminal([*watch.command(), "--lan", LAN, "--open"],
                                {**watch.environment(), "BROWSER": "browser"})
            try:
                terminal.wait_for("the first page", "ready in", 300)
                network(watch, terminal, folder)
                lines_and_keys(watch, terminal, opened)
            finally:
                terminal.close()
            for how in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, "Ctrl-C"]:
                ends(watch, how)
            closed(watch)
            plain(watch, folder)
        finally:
            watch.close()


if __name__ == "__main__":
    run(main)
