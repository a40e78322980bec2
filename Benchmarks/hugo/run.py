#!/usr/bin/env python3
"""A full build of sitegen against Hugo's of the same pages, in turn, in one run.

Usage: Benchmarks/hugo/run.py [PAGES] [ROUNDS]      (10000 pages, 3 rounds; as root or not)

sitegen reads rows from PostgreSQL and writes every page uncoded, in gzip 6 and in brotli 5, with
policies and a manifest, synced to disk. Hugo reads one JSON file for each page from `content/` and
writes HTML. Both render the same markup from the same data; the bytes of sampled pages are
compared. CPU time is that of the program and its children, without PostgreSQL, which is shown
apart. Needs `swift build -c release --product HugoBenchmark`, hugo and PostgreSQL (Tests/install).
"""

import json
import os
import pathlib
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "Tests/EndToEndTests"))

from servers import Postgres  # noqa: E402

WORDS = """wool linen cotton silk hem lapel cuff pleat seam yoke collar dart gusset placket tweed
twill poplin denim velvet satin & <trim> "raw" edge it's cut on the bias""".split()


def make_pages(count):
    """The rows, the same for both."""
    random_ = random.Random(7)
    text = lambda size: " ".join(random_.choice(WORDS) for _ in range(size))  # noqa: E731
    for number in range(count):
        yield {
            "slug": f"page-{number}", "title": text(5), "intro": text(60),
            "cards": [{"name": text(3), "slug": f"card-{number}-{place}",
                       "price": random_.randrange(1000), "words": text(24)}
                      for place in range(24)]}


def write_content(folder, pages):
    """One file with JSON front matter for each page, as Hugo 0.111 wants it."""
    content = folder / "content/l"
    content.mkdir(parents=True)
    for page in pages:
        front = {"title": page["title"], "url": f"/l/{page['slug']}/", "intro": page["intro"],
                 "cards": page["cards"]}
        (content / f"{page['slug']}.md").write_text(json.dumps(front, ensure_ascii=False) + "\n")
    (folder / "hugo.toml").write_text(
        'baseURL = "https://listing.example/"\n'
        'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "home", "section", "404"]\n')
    os.symlink(HERE / "layouts", folder / "layouts")


def load(postgres, pages):
    """The same pages as rows."""
    postgres.query("CREATE TABLE page (slug text PRIMARY KEY, title text, intro text, cards json)")
    quote = lambda text: "'" + text.replace("'", "''") + "'"  # noqa: E731
    batch = []
    for page in pages:
        cards = json.dumps(page["cards"], ensure_ascii=False)
        batch.append("(" + ",".join(map(quote, [
            page["slug"], page["title"], page["intro"], cards])) + ")")
        if len(batch) == 200:
            postgres.query("INSERT INTO page VALUES " + ",".join(batch))
            batch = []
    if batch:
        postgres.query("INSERT INTO page VALUES " + ",".join(batch))
    postgres.query("ANALYZE")


def timed(command, **options):
    """Wall and CPU seconds, the largest memory in MB, and the output of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True, **options)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return wall, cpu, done.stdout


def same_bytes(ours, theirs, count):
    """How many of sampled pages have the same bytes, apart from quotes and line ends."""
    def plain(text):
        # Hugo escapes quotes in text, where they need no escape.
        for quote, spellings in [('"', ("&#34;", "&quot;")), ("'", ("&#39;", "&#x27;"))]:
            for spelling in spellings:
                text = text.replace(spelling, quote)
        return re.sub(r"\s+", " ", text).strip()
    sampled = range(0, count, max(1, count // 50))
    equal = [plain((ours / f"l/page-{n}/index.html").read_text())
             == plain((theirs / f"l/page-{n}/index.html").read_text()) for n in sampled]
    return sum(equal), len(equal)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    program = ROOT / ".build/release/HugoBenchmark"
    with tempfile.TemporaryDirectory(prefix="hugo-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        pages = list(make_pages(count))
        hugo = folder / "hugo"
        hugo.mkdir()
        write_content(hugo, pages)
        postgres = Postgres(folder)
        try:
            load(postgres, pages)
            env = {**os.environ, "DATABASE_URL": postgres.url()}
            subprocess.run([program, "db", "apply", "--root", HERE], check=True, env=env,
                           capture_output=True)
            figures = {"sitegen": [], "hugo": []}
            for number in range(rounds):
                dist = folder / f"dist-{number}"
                wall, cpu, out = timed(
                    [program, "build", "--root", HERE, "--release", dist, "--quality", "fast",
                     "--json"], env=env)
                report = json.loads(out)
                figures["sitegen"].append((wall, cpu))
                public = folder / f"public-{number}"
                figures["hugo"].append(timed(
                    ["hugo", "--quiet", "--source", hugo, "--destination", public])[:2])
                print(f"round {number + 1}: " + ", ".join(
                    f"{name} {wall:.2f} s wall {cpu:.2f} s CPU"
                    for name, [*_, (wall, cpu)] in figures.items()), flush=True)
            wall, cpu, out = timed(
                [program, "build", "--root", HERE, "--release", dist, "--quality", "fast",
                 "--json"], env=env)
            again = json.loads(out)
            print(f"sitegen again, nothing changed: {wall:.2f} s wall {cpu:.2f} s CPU, "
                  f"{again['rendered']} made")
            timed([program, "build", "--root", HERE, "--release", dist, "--quality", "fast",
                   "--tree"], env=env)
            equal, sampled = same_bytes(dist / "current/tree", public, count)
            print(f"{equal} of {sampled} sampled pages have the same HTML")
            for name, values in figures.items():
                walls, cpus = zip(*values)
                print(f"{name}: median {statistics.median(walls):.2f} s wall, "
                      f"{statistics.median(cpus):.2f} s CPU")
            ratios = [ours[1] / theirs[1] for ours, theirs in zip(*figures.values())]
            print(f"sitegen / hugo, CPU: median {statistics.median(ratios):.2f}; "
                  f"peak {report['peakMemoryBytes'] / 1e6:.0f} MB")
        finally:
            postgres.server.kill()


if __name__ == "__main__":
    main()
