"""The commands around a release do what they say: plan, why, check, diff, rollback, deepen, export.

A demo site is built at two speeds; a row is changed; each command is asked and its answer compared
with what the server, the files and other servers show. nginx and Caddy serve the plain tree with
the configuration that `export` prints, and must give the same bytes, policies and statuses.
"""

import gzip
import hashlib
import json
import pathlib
import shutil
import subprocess

from harness import Program, check, fetch, free_port, run, sitegen, wait_for
from servers import sample_pages, workspace

PAGES = 6


def ask(site, *arguments, release=None):
    """The JSON objects that a command prints, and its exit status."""
    done = sitegen(*arguments, "--json", "--release", release or site.release, env=site.env)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return (lines[0] if len(lines) == 1 else lines), done.returncode, done.stderr


def change_a_look(site):
    """Changes the text of one look; its view, key and address."""
    site.postgres.query(
        "UPDATE fashion.look SET name = 'Changed once' "
        "WHERE id = (SELECT min(id) FROM fashion.look)")
    site.must("db", "refresh")
    [[slug]] = site.postgres.query(
        "SELECT slug FROM sitegen.look_page WHERE name = 'Changed once'")
    return slug, f"/looks/{slug}/"


def check_plan_and_why(site):
    """A build after one changed row makes that row's pages and says why."""
    first, status, _ = ask(site, "build", "--quality", "gradual")
    check("a build at two speeds succeeds", status == 0 and first["lsn"].count("/") == 1)
    plan, _, _ = ask(site, "build", "--quality", "gradual", "--plan")
    check("nothing changed, so nothing is planned", plan.get("rows") == [], str(plan)[:300])
    again, _, _ = ask(site, "build", "--quality", "gradual")
    check("a build of unchanged rows makes no release",
          not again["isNew"] and again["changed"] == 0 and again["release"] == first["release"])
    slug, path = change_a_look(site)
    plan, _, _ = ask(site, "build", "--quality", "gradual", "--plan")
    keys = [(row["view"], row["key"]) for row in plan["rows"]]
    check("the plan has the look", any(view == "look_page" for view, _ in keys), str(keys))
    why, _, _ = ask(site, "why", path, "--quality", "gradual")
    check("why says that the row changed",
          not why["isUpToDate"] and why["cause"].startswith("the row changed"), str(why)[:300])
    report, _, _ = ask(site, "build", "--quality", "gradual")
    check(f"the build makes few pages ({report['rendered']} of {report['pages']})",
          report["changed"] >= 1 and report["rendered"] < report["pages"] / 2)
    why, _, _ = ask(site, "why", path, "--quality", "gradual")
    check("then why says that nothing has changed", why["isUpToDate"], str(why)[:300])
    return first["release"], report["release"], path


def check_releases(site, first, second, path):
    """The two releases are listed, compared, and switched between."""
    listed, _, _ = ask(site, "history")
    check("both releases are listed, the last is live",
          [line["id"] for line in listed[:2]] == [second, first] and listed[0]["isLive"])
    diff, _, _ = ask(site, "diff", first, second)
    paths = [change["path"] for change in diff["paths"] if change["kind"] == "changed"]
    check("the difference has the look's page", path in paths, str(paths))
    check("the difference has no path that did not change",
          all(change["kind"] in ("changed", "restored") for change in diff["paths"]))
    with site.serving() as port:
        shown = fetch(port, path).body
    back, _, _ = ask(site, "rollback")
    check("rollback goes back", back["release"] == first)
    with site.serving() as port:
        check("and shows the old page", fetch(port, path).body != shown)
    ask(site, "rollback", second)
    with site.serving() as port:
        check("and forward again", fetch(port, path).body == shown)
        paths = sample_pages(port, PAGES)
        before = {path: fetch(port, path).body for path in paths}
        slow = {path: len(fetch(port, path, accept_encoding="br").body) for path in paths}
    deepened, _, _ = ask(site, "deepen")
    check("deepening compresses every page again",
          deepened["left"] == 0 and deepened["deepened"] > 100 and deepened["bytesSaved"] > 0)
    with site.serving() as port:
        check("the pages stay the same", all(fetch(port, p).body == before[p] for p in paths))
        small = {path: len(fetch(port, path, accept_encoding="br").body) for path in paths}
        check("and get smaller", sum(small.values()) < sum(slow.values()))
    best = site.folder / "best"
    site.must("build", "--release", best, "--quality", "best")
    check("the deepened release is the one that the best quality makes",
          (best / "current").resolve().name == (site.release / "current").resolve().name)


def check_findings(site):
    """`check` passes on the demo and fails on a release that was damaged."""
    report, status, _ = ask(site, "check")
    check("the demo has no errors", status == 0 and report["errors"] == 0,
          str(report["findings"])[:600])
    check("every file was read", report["files"] > 2 * report["entries"])
    with site.serving() as port:
        body = fetch(port, "/sitemap.xml", accept_encoding="gzip").body
    damaged = site.folder / "damaged"
    shutil.copytree(site.release, damaged, symlinks=True)
    name = hashlib.sha256(body).hexdigest()
    victim = damaged / "blobs" / name[:2] / name
    victim.write_bytes(victim.read_bytes()[:-1])
    report, status, error = ask(site, "check", release=damaged)
    check("a file that was cut fails the check",
          status == 1 and report["counts"].get("encoding", 0) >= 1 and len(error.splitlines()) == 2)


def check_parts(site):
    """Three parts, joined, are the release that one build makes."""
    parts = []
    for number in (1, 2, 3):
        part = site.folder / f"part-{number}"
        site.must("build", "--release", part, "--quality", "fast", "--shard", f"{number}/3")
        parts.append(part)
    whole = site.folder / "whole"
    site.must("build", "--release", whole, "--quality", "fast")
    merged = site.folder / "merged"
    site.must("merge", *parts, "--release", merged, "--quality", "fast")
    check("three parts are the whole",
          (merged / "current").resolve().name == (whole / "current").resolve().name)


def compare(site, port, other, paths, name):
    """Pages of another server against those of `sitegen serve`."""
    for path in paths:
        ours, theirs = fetch(port, path), fetch(other, path)
        same = ours.status == theirs.status and ours.body == theirs.body
        check(f"{name}: {path} has the same bytes and status", same,
              f"{ours.status} {theirs.status} {len(ours.body)} {len(theirs.body)}")
        for field in ["content-security-policy", "x-content-type-options"]:
            check(f"{name}: {path} has the same {field}", ours[field] == theirs[field],
                  f"{theirs[field]}")
        check(f"{name}: {path} has its media type",
              (theirs["content-type"] or "").split(";")[0]
              == (ours["content-type"] or "").split(";")[0], f"{theirs['content-type']}")
        coded = fetch(other, path, accept_encoding="gzip")
        if coded["content-encoding"] == "gzip":
            check(f"{name}: {path} in gzip is the page", gzip.decompress(coded.body) == theirs.body)
    brotli = fetch(other, "/sitemap.xml", accept_encoding="br")
    check(f"{name}: brotli is sent", brotli["content-encoding"] == "br")


def check_exports(site):
    """nginx and Caddy with the exported configuration serve the same site."""
    tree = site.folder / "tree"
    site.must("build", "--release", tree, "--quality", "fast", "--tree")
    site.release, before = tree, site.release
    with site.serving() as port:
        paths = sample_pages(port, PAGES) + ["/robots.txt", "/sitemap.xml"]
        for kind, start in [("nginx", start_nginx), ("caddy", start_caddy)]:
            other = free_port()
            text = site.must("export", kind, "--release", tree, "--listen",
                             f"127.0.0.1:{other}").stdout
            with start(site.folder, text) as server:
                def answers():
                    try:
                        return fetch(other, "/").status == 200
                    except OSError:
                        return False
                wait_for(f"{kind} to answer", answers, 20)
                plain = [path for path in paths if not has_slots(site, path)]
                compare(site, port, other, plain, kind)
                server.stop()
    site.release = before


def has_slots(site, path):
    """Whether a page has places that only `sitegen serve` fills."""
    return "\nslot " in sitegen("routes", path, "--release", site.release, env=site.env).stdout


def start_nginx(folder, text):
    """nginx with a configuration of its own around the exported one."""
    place = folder / "nginx"
    place.mkdir(exist_ok=True)
    (place / "site.conf").write_text(text)
    modules = pathlib.Path("/usr/lib/nginx/modules")
    (place / "nginx.conf").write_text(f"""
load_module {modules}/ngx_http_brotli_static_module.so;
daemon off; pid {place}/pid; error_log {place}/error.log; worker_processes 1;
user root;
events {{}}
http {{ access_log off; include {place}/site.conf; }}
""")
    tested = subprocess.run(["/usr/sbin/nginx", "-t", "-c", place / "nginx.conf"],
                            capture_output=True, text=True, timeout=60)
    check("nginx accepts the configuration", tested.returncode == 0, tested.stderr[-800:])
    return Program(["/usr/sbin/nginx", "-c", place / "nginx.conf"], folder, "nginx")


def start_caddy(folder, text):
    """Caddy with the exported configuration alone."""
    place = folder / "caddy"
    place.mkdir(exist_ok=True)
    (place / "Caddyfile").write_text("{\n    admin off\n    auto_https off\n}\n" + text)
    env = {"HOME": str(place), "XDG_DATA_HOME": str(place), "XDG_CONFIG_HOME": str(place)}
    return Program(["caddy", "run", "--config", place / "Caddyfile", "--adapter", "caddyfile"],
                   folder, "caddy", env=env)


def main():
    with workspace() as site:
        first, second, path = check_plan_and_why(site)
        check_releases(site, first, second, path)
        check_findings(site)
        check_parts(site)
        check_exports(site)


if __name__ == "__main__":
    run(main)
