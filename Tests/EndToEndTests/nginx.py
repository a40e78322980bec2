"""nginx serves the plain tree of a release, with gzip_static and brotli_static, as it is.

Every stored file must be valid alone: in each coding nginx sends the page with its fallbacks, which
`gzip` and `brotli` find whole, and which Chromium shows.
"""

import pathlib
import pwd
import os
import shutil

from chromium import NO_DICTIONARIES, Chromium
from decoding import disagreements
from harness import Failure, Program, check, fetch, free_port, run, wait_for
from slots_workspace import slots

MODULE = pathlib.Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
CONFIGURATION = """
load_module {module};
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
{user}
events {{ }}
http {{
    access_log off;
    types {{ text/html html; text/css css; text/javascript js; application/xml xml; }}
    {temporary}
    server {{
        listen 127.0.0.1:{port};
        root {tree};
        gzip_static on;
        brotli_static on;
        gzip_vary on;
        error_page 404 /404.html;
    }}
}}
"""


def start(folder, tree):
    """nginx in the foreground on a free port."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not pathlib.Path(program).exists() or not MODULE.exists():
        raise Failure("nginx or its brotli module is not installed; run Tests/install all")
    port = free_port()
    text = CONFIGURATION.format(
        module=MODULE, folder=folder, port=port, tree=tree,
        user=f"user {pwd.getpwuid(0).pw_name};" if os.getuid() == 0 else "",
        temporary=" ".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]))
    file = folder / "nginx.conf"
    file.write_text(text)
    nginx = Program([program, "-p", folder, "-c", file, "-e", f"{folder}/nginx-error.log"],
                    folder, "nginx")
    nginx.port = port

    def answers():
        if nginx.child.poll() is not None:
            raise Failure(f"nginx ended:\n{nginx.text()[-1000:]}")
        try:
            return fetch(port, "/").status
        except OSError:
            return None
    wait_for("nginx to answer", answers)
    return nginx


def main():
    with slots() as site:
        tree = site.release / "current/tree"
        pages = sorted(tree.glob("**/*.html"))
        check("the tree has every page", len(pages) >= 7, str(pages))
        with start(site.folder, tree) as nginx:
            for file in pages:
                path = "/" + str(file.relative_to(tree)).removesuffix("index.html")
                identity = file.read_bytes()
                plain = fetch(nginx.port, path, accept_encoding="identity")
                check(f"{path}: the page", plain.body == identity and plain.status == 200)
                for coding, suffix in [("gzip", ".gz"), ("br", ".br")]:
                    answer = fetch(nginx.port, path, accept_encoding=coding)
                    stored = file.with_name(file.name + suffix).read_bytes()
                    found = disagreements(coding, answer.body, identity)
                    check(f"{path}: {coding} is the stored file, whole, and the same page",
                          answer["content-encoding"] == coding and answer.body == stored
                          and not found, f"{answer.fields} {'; '.join(found)}")
                    check(f"{path}: {coding} varies by Accept-Encoding",
                          answer["vary"] == "Accept-Encoding", str(answer["vary"]))
            with Chromium(site.folder, NO_DICTIONARIES) as browser, browser.page() as page:
                for coding in ["gzip", "br"]:
                    page.accept(coding)
                    for path, place, text in [
                            ("/3/", "#slot-3", "Nothing yet in slot 3."),
                            ("/tail/", "#in-li", "late l2")]:
                        page.open(f"http://127.0.0.1:{nginx.port}{path}", until="load")
                        shown = page.evaluate(f"document.querySelector('{place}').textContent")
                        check(f"Chromium shows the fallback of {path} in {coding}",
                              shown.strip() == text, repr(shown))


if __name__ == "__main__":
    run(main)
