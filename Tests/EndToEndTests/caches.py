"""No cache in front of the server ever gives one visitor another one's fragment.

Debian's Varnish (told to look everything up, with or without a cookie), nginx's proxy_cache and
Squid stand in front. Visitors A, B and one without a cookie take turns over GET, HEAD and
conditional requests, with their own tag and with somebody else's, while their fragments are there,
are missing, and Redis is frozen and gone. A page with shared slots is the same for all of them.
"""

import os
import pathlib
import random
import shutil
import signal

import redis_client
from harness import Failure, Program, check, fetch, free_port, run, wait_for
from slots_workspace import slots

VCL = """vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "%(port)s"; }
sub vcl_recv { if (req.method == "GET" || req.method == "HEAD") { return (hash); } }
"""
NGINX = """
daemon off; master_process off; %(user)s
pid %(folder)s/nginx.pid; error_log %(folder)s/nginx-error.log;
events { }
http {
    access_log off;
    proxy_cache_path %(folder)s/nginx-cache keys_zone=pages:1m;
    client_body_temp_path %(folder)s/1; proxy_temp_path %(folder)s/2;
    fastcgi_temp_path %(folder)s/3; uwsgi_temp_path %(folder)s/4; scgi_temp_path %(folder)s/5;
    server {
        listen 127.0.0.1:%(listen)s;
        location / {
            proxy_pass http://127.0.0.1:%(port)s; proxy_cache pages; proxy_http_version 1.1;
            proxy_cache_revalidate on; proxy_cache_key $uri$http_accept_encoding;
            add_header X-Nginx-Cache $upstream_cache_status; }
    }
}
"""
SQUID = """
http_port 127.0.0.1:%(listen)s accel defaultsite=127.0.0.1 no-vhost
cache_peer 127.0.0.1 parent %(port)s 0 no-query no-digest originserver name=site
cache_peer_access site allow all
http_access allow all
cache_mem 16 MB
pid_filename %(folder)s/squid.pid
cache_log %(folder)s/squid-cache.log
access_log none
coredump_dir %(folder)s
shutdown_lifetime 0 seconds
pinger_enable off
"""
VISITORS = {"A": "visitor-a", "B": "visitor-b", "nobody": None}


def program(name):
    """The path of a program that may be in sbin."""
    found = shutil.which(name) or f"/usr/sbin/{name}"
    if not pathlib.Path(found).exists():
        raise Failure(f"{name} is not installed; run Tests/install all")
    return found


def start(kind, folder, port):
    """A cache in front of a port, listening on a port of its own."""
    listen = free_port()
    place = folder / kind
    place.mkdir()
    place.chmod(0o777)
    values = {"folder": place, "port": port, "listen": listen,
              "user": "user root;" if os.getuid() == 0 else ""}
    if kind == "varnish":
        (place / "site.vcl").write_text(VCL % values)
        command = [program("varnishd"), "-F", "-j", "none", "-n", place / "work", "-a",
                   f"127.0.0.1:{listen}", "-f", place / "site.vcl", "-s", "malloc,32m"]
    elif kind == "nginx":
        (place / "nginx.conf").write_text(NGINX % values)
        command = [program("nginx"), "-p", place, "-c", place / "nginx.conf", "-e",
                   place / "nginx-error.log"]
    else:
        (place / "squid.conf").write_text(SQUID % values)
        command = [program("squid"), "-N", "-f", place / "squid.conf"]
    child = Program(command, folder, kind)
    child.port = listen

    def answers():
        if child.child.poll() is not None:
            raise Failure(f"{kind} ended:\n{child.text()[-1500:]}")
        try:
            return fetch(listen, "/1/").status == 200
        except OSError:
            return False
    wait_for(f"{kind} to answer", answers, 30)
    return child


def ask(port, path, visitor, method="GET", tag=None, coding="identity"):
    """One request of a visitor."""
    fields = {"accept_encoding": coding}
    if VISITORS[visitor]:
        fields["cookie"] = f"x=1; sid={VISITORS[visitor]}"
    if tag:
        fields["if_none_match"] = tag
    return fetch(port, path, method, **fields)


def others(visitor):
    """What must never be in an answer of a visitor."""
    return [f"secret of {name}".encode() for name in VISITORS if name != visitor]


def take_turns(cache, label, dice, rounds):
    """Visitors in a random order; the problems seen."""
    problems = []
    tags = {}
    for _ in range(rounds):
        visitor = dice.choice(list(VISITORS))
        kind = dice.choice(["GET", "GET", "HEAD", "own tag", "another's tag"])
        if kind == "GET":
            answer = ask(cache, "/mine/", visitor)
            if answer.status != 200:
                problems.append(f"{kind} of {visitor}: {answer.status}")
            if any(text in answer.body for text in others(visitor)):
                problems.append(f"{visitor} sees another's fragment")
            if "private" not in (answer["cache-control"] or ""):
                problems.append(f"Cache-Control is {answer['cache-control']}")
            tags[visitor] = (answer["etag"], answer.body)
        elif kind == "HEAD":
            answer = ask(cache, "/mine/", visitor, "HEAD")
            if answer.status != 200 or answer.body:
                problems.append(f"{kind} of {visitor}: {answer.status}")
        elif tags:
            owner = visitor if kind == "own tag" else dice.choice(list(tags))
            tag, body = tags.get(owner, (None, b""))
            if not tag:
                continue
            answer = ask(cache, "/mine/", visitor, tag=tag)
            # A 304 says that what the tag stands for is this visitor's page: it must hold nothing
            # of another's.
            if answer.status == 304 and any(text in body for text in others(visitor)):
                problems.append(f"{visitor} is told that {owner}'s page is current")
            if any(text in answer.body for text in others(visitor)):
                problems.append(f"{visitor} sees another's fragment, asking with a tag")
    check(f"{label}: nobody sees another's fragment in {rounds} requests", not problems,
          "; ".join(sorted(set(problems))[:5]))


def shares(cache, kind, site):
    """A page with shared slots is kept; one with a private slot never is."""
    site.redis("SET", "f:s1", "<p>shared</p>")
    wait_for("the shared fragment",
             lambda: b"<p>shared</p>" in ask(cache, "/1/", "A").body, 20)
    first, second = ask(cache, "/1/", "A"), ask(cache, "/1/", "B")
    check(f"{kind}: a shared page is the same for all", first.body == second.body)
    ages = [ask(cache, "/mine/", name)["age"] for name in ["A", "B", "A"]]
    check(f"{kind}: a private page has no age", all(age in (None, "0") for age in ages), str(ages))


def main():
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    print(f"SEED={seed}")
    dice = random.Random(seed)
    rounds = int(os.environ.get("ROUNDS", "150"))
    with slots() as site, site.serving() as server:
        keys = {name: f"f:mine:{len(sid)}:{sid}" for name, sid in VISITORS.items() if sid}
        caches = {kind: start(kind, site.folder, server.port)
                  for kind in ["varnish", "nginx", "squid"]}
        try:
            for name, key in keys.items():
                site.redis("SET", key, f"<b>secret of {name}</b>")
            for name in keys:
                wait_for(f"the fragment of {name}", lambda name=name: f"secret of {name}".encode()
                         in ask(server.port, "/mine/", name).body, 20)
            for kind, cache in caches.items():
                take_turns(cache.port, f"{kind}, fragments there", dice, rounds)
                shares(cache.port, kind, site)
            site.redis("DEL", keys["B"])
            for kind, cache in caches.items():
                take_turns(cache.port, f"{kind}, one fragment missing", dice, rounds)
            process = redis_client.find_process(site.folder)
            os.kill(process, signal.SIGSTOP)
            for kind, cache in caches.items():
                take_turns(cache.port, f"{kind}, Redis frozen", dice, rounds // 3)
            os.kill(process, signal.SIGKILL)
            for kind, cache in caches.items():
                take_turns(cache.port, f"{kind}, Redis gone", dice, rounds // 3)
        finally:
            for cache in caches.values():
                cache.kill()


if __name__ == "__main__":
    run(main)
