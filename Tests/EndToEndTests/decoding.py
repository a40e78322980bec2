"""Decodes answers with programs that share no code with sitegen's encoders, nor with each other.

Each decoder takes a whole body and gives the bytes, or raises. A body is right if every decoder of
its coding gives the same bytes as the identity answer; `gzip -t` and `brotli -t` also look at
what follows the end of the stream.
"""

import gzip
import shutil
import subprocess
import zlib

NODE = {
    "gzip": "gunzipSync",
    "br": "brotliDecompressSync",
}


def _pipe(command, body):
    done = subprocess.run(command, input=body, capture_output=True, timeout=60)
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip()[-200:])
    return done.stdout


def _node(coding, body):
    script = ("const c = []; process.stdin.on('data', d => c.push(d)).on('end', () => "
              f"process.stdout.write(require('zlib').{NODE[coding]}(Buffer.concat(c))))")
    return _pipe(["node", "-e", script], body)


def _zlib(body):
    stream = zlib.decompressobj(wbits=31)
    text = stream.decompress(body) + stream.flush()
    if not stream.eof or stream.unused_data:
        raise ValueError(f"end of stream: {stream.eof}, bytes after it: {len(stream.unused_data)}")
    return text


def _brotli_module(body):
    import brotli  # from .build/tools; Tests/install brings it
    return brotli.decompress(body)


def decoders(coding, with_node=True):
    """Name and function of each decoder of a coding that this machine has."""
    if coding == "gzip":
        found = [
            ("python gzip", gzip.decompress),
            ("python zlib", _zlib),
            ("gzip -t", lambda body: _pipe(["gzip", "-t"], body) and None),
            ("gzip -d", lambda body: _pipe(["gzip", "-dc"], body)),
        ]
    else:
        found = [
            ("python brotli", _brotli_module),
            ("brotli -t", lambda body: _pipe(["brotli", "-t", "-"], body) and None),
            ("brotli -d", lambda body: _pipe(["brotli", "-dc"], body)),
        ]
    if with_node and shutil.which("node"):
        found.append(("node zlib", lambda body: _node(coding, body)))
    return found


def disagreements(coding, body, expected, with_node=True):
    """What each decoder that does not give the expected bytes gives instead, as lines."""
    found = []
    for name, decode in decoders(coding, with_node):
        try:
            text = decode(body)
        except Exception as error:  # whatever a decoder says is the finding
            found.append(f"{name}: {type(error).__name__}: {error}")
            continue
        if text is None or name.endswith("-t"):
            continue
        if text != expected:
            at = next((i for i, (a, b) in enumerate(zip(text, expected)) if a != b),
                      min(len(text), len(expected)))
            found.append(f"{name}: {len(text)} bytes for {len(expected)}, differs at {at}")
    return found


def curl(url):
    """The body as `curl --compressed` shows it."""
    return _pipe(["curl", "--silent", "--show-error", "--fail", "--compressed", "--max-time", "120",
                  url], b"")
