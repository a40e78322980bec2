"""Independent decoders see the same page in every coding, whatever is in its slots.

Slots are filled by writing Redis keys by hand: as seeded, empty, one byte, exactly at capacity and
over it; then Redis is frozen, and then gone. The demo's publisher may write meanwhile, so a round
counts only if the identity answer was the same before and after it.
"""

import os
import re
import signal
import time

import redis_client
from decoding import curl, disagreements
from harness import (
    Failure, check, fetch, has_slot, page_of_each_kind, run, start_demo, temporary_folder,
    wait_for)

MARK = b"<b>e2e</b>"
# `<!--`, at least 16 spaces and `-->` fill a slot up; the first and the spaces count to capacity.
COMMENT_MIN = 20


def compare(demo, path, label):
    """Every coding of a page, decoded by everyone, is the identity answer."""
    for _ in range(5):
        before = fetch(demo.port, path)
        answers = {
            coding: fetch(demo.port, path, accept_encoding=coding) for coding in ["gzip", "br"]}
        by_curl = curl(demo.base + path)
        after = fetch(demo.port, path)
        if before.body == after.body:
            break
    else:
        raise Failure(f"{path} changed in each of 5 rounds")
    if not check(f"{label}: identity answers 200", before.status == 200, str(before.status)):
        return before
    for coding, answer in answers.items():
        found = disagreements(coding, answer.body, before.body)
        check(f"{label}: {coding} is the same page",
              answer["content-encoding"] == coding and not found, "; ".join(found))
    check(f"{label}: curl sees the same page", by_curl == before.body)
    return before


def compare_headers(demo, path, label):
    """Validators, lengths and Vary say what is true, on every coding."""
    tags = []
    codings = ["identity", "gzip", "br"]
    for coding in codings:
        name = f"{label}, {coding}"
        answer = fetch(demo.port, path, accept_encoding=coding)
        head = fetch(demo.port, path, "HEAD", accept_encoding=coding)
        again = fetch(demo.port, path, accept_encoding=coding, if_none_match=answer["etag"] or "")
        other = fetch(demo.port, path, accept_encoding=coding, if_none_match='"other", W/"more"')
        tags.append(answer["etag"])
        check(f"{name}: the ETag is strong", re.fullmatch(r'"[!#-~]+"', answer["etag"] or ""))
        check(f"{name}: Content-Length is the length",
              answer["content-length"] == str(len(answer.body)))
        check(f"{name}: Vary names Accept-Encoding",
              "accept-encoding" in (answer["vary"] or "").lower())
        varying = {"date", "age", "server-timing", "cache-status", "connection"}
        differing = [key for key in answer.fields.keys() | head.fields.keys()
                     if key not in varying and answer[key] != head[key]]
        check(f"{name}: HEAD has the same fields and no body",
              not head.body and not differing, str(differing))
        check(f"{name}: If-None-Match of its own tag gives 304",
              again.status == 304 and not again.body and again["etag"] == answer["etag"]
              and "accept-encoding" in (again["vary"] or "").lower(),
              f"{again.status} {again.fields}")
        check(f"{name}: If-None-Match of other tags gives 200", other.status == 200)
    check(f"{label}: each coding has a tag of its own", len(set(tags)) == len(codings), str(tags))
    refused = fetch(demo.port, path, accept_encoding="identity;q=0, *;q=0")
    check(f"{label}: nothing acceptable gives 406", refused.status == 406, str(refused.status))
    preferred = fetch(demo.port, path, accept_encoding="br;q=0.1, gzip;q=0.9")
    check(f"{label}: the preferred coding is taken", preferred["content-encoding"] == "gzip")


def show(demo, redis, path, key, value):
    """Writes a fragment until the page has it; the page's identity bytes."""
    def look():
        redis("SET", key, value)
        body = fetch(demo.port, path).body
        return body if value in body else None
    return wait_for(f"{key} in {path}", look, 10, interval=0.1)


def capacity_of(body, value):
    """The slot's capacity, from the padding behind a fragment."""
    found = re.search(re.escape(value) + rb"<!--( +)-->", body)
    if not found:
        raise Failure("the fragment is not followed by padding")
    return len(value) + 4 + len(found.group(1))


def html_of(value):
    """The HTML of a fragment's value, a record (docs/fragment-records.md) or a plain string."""
    if value is None or not value.startswith(b"\0sgf1"):
        return value
    return value[39:39 + int.from_bytes(value[35:39], "little")]


def fill(demo, redis, path, key):
    """Fills one slot with texts of every interesting length."""
    seeded = html_of(redis("GET", key))
    capacity = capacity_of(show(demo, redis, path, key, MARK), MARK)
    longest = capacity - COMMENT_MIN
    check(f"{key}: the capacity of {capacity} bytes holds the seeded fragment",
          seeded is None or len(seeded) <= longest)
    texts = {
        "one letter": b"x" * 7,
        "text of several bytes a letter": "é😀ש".encode() * 6,
        "at capacity": b"<i>" + b"c" * (longest - 7) + b"</i>",
        "one byte below": b"<i>" + b"d" * (longest - 8) + b"</i>",
    }
    for name, text in texts.items():
        show(demo, redis, path, key, text)
        compare(demo, path, f"{path} with {key} {name}")
    compare_headers(demo, path, f"{path} with {key} full")
    full_tag = fetch(demo.port, path)["etag"]

    over = b"<i>" + b"e" * (capacity + 100) + b"</i>"
    redis("SET", key, over)
    wait_for("the page to change", lambda: fetch(demo.port, path)["etag"] != full_tag)
    compare(demo, path, f"{path} with {key} over capacity")

    redis("SET", key, b"")
    wait_for("the long text to go", lambda: over[:50] not in fetch(demo.port, path).body)
    body = compare(demo, path, f"{path} with {key} empty").body
    check(f"{path} with {key} empty: nothing of the old texts is left",
          not any(text in body for text in texts.values()))
    if seeded is not None:
        show(demo, redis, path, key, seeded)


def without_redis(demo, folder, path, socket):
    """A frozen and an absent Redis degrade the page and never fail it."""
    process = redis_client.find_process(folder)
    os.kill(process, signal.SIGSTOP)
    try:
        start = time.monotonic()
        answer = fetch(demo.port, path)
        seconds = time.monotonic() - start
        check("a frozen Redis: the page comes within a second",
              answer.status == 200 and seconds < 1, f"{answer.status} after {seconds:.2f} s")
        compare(demo, path, f"{path} with Redis frozen")
    finally:
        os.kill(process, signal.SIGCONT)
    os.kill(process, signal.SIGKILL)
    compare(demo, path, f"{path} with Redis gone")
    compare_headers(demo, path, f"{path} with Redis gone")


def main():
    with temporary_folder() as folder, start_demo(folder) as demo:
        pages = page_of_each_kind(demo.port)
        paths = ["/"] + [pages[kind] for kind in ["look", "about", "brand"] if kind in pages]
        check("the demo has look pages", "look" in pages, str(pages))
        for path in paths:
            slots = "with slots" if has_slot(fetch(demo.port, path)) else "without slots"
            compare(demo, path, f"{path} {slots}")
            compare_headers(demo, path, path)
        socket = redis_client.find_socket(folder)
        with redis_client.Redis(socket) as redis:
            keys = sorted(redis("KEYS", "f:*"))
            check("the demo has published fragments", keys)
            key = next((key for key in keys if key.startswith(b"f:trending")), None)
            if check("one of them is f:trending", key, str(keys[:10])):
                fill(demo, redis, "/", key.decode())
        without_redis(demo, folder, "/", socket)


if __name__ == "__main__":
    run(main)
