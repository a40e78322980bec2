// A client in Python that speaks HTTP/1.1, TLS and HTTP/2 byte by byte, for what curl hides:
// windows, GOAWAY, half-closed connections, pauses.
//
// It needs nothing but Python's own library; the answers' fields are never decoded, only looked at.

import Foundation
import TestSupport
import Testing

@testable import SiteServing

/// Scripts that begin with the same client.
enum ClientScript {
    /// Runs a script behind the client, with its arguments from `sys.argv[2]` on.
    ///
    /// It runs on a thread of its own: it may take long, and there are no more threads for tests
    /// than cores.
    ///
    /// - Returns: what it wrote.
    static func run(
        _ script: String, _ address: ListenAddress, _ arguments: [String] = []
    ) async throws -> String {
        try await start(script, address, arguments).value
    }

    /// The same, begun.
    static func start(
        _ script: String, _ address: ListenAddress, _ arguments: [String] = []
    ) -> Task<String, any Error> {
        onOwnThread {
            guard case .tcp(_, let port) = address else { throw CocoaError(.featureUnsupported) }
            let bytes = try SiteServingTests.run(
                "python3", ["-c", prelude + script, "\(port)"] + arguments)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private static let prelude = #"""
        import os, socket, ssl, struct, sys, threading, time
        PORT = int(sys.argv[1])

        def connect(receive=None):
            raw = socket.socket()
            if receive: raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
            raw.settimeout(30)
            raw.connect(("127.0.0.1", PORT))
            # Else each small frame behind another waits for an acknowledgement, 40 ms.
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return raw

        class Secure:
            """TLS whose two directions end each on its own, as Python's sockets cannot."""
            def __init__(self, protocol="http/1.1", receive=None):
                self.raw = connect(receive)
                context = ssl._create_unverified_context()
                context.set_alpn_protocols([protocol])
                self.inward, self.outward = ssl.MemoryBIO(), ssl.MemoryBIO()
                self.session = context.wrap_bio(self.inward, self.outward)
                self.step(self.session.do_handshake)
            def push(self):
                if self.outward.pending: self.raw.sendall(self.outward.read())
            def step(self, action, *arguments):
                while True:
                    try:
                        result = action(*arguments)
                        self.push()
                        return result
                    except ssl.SSLWantReadError:
                        self.push()
                        more = self.raw.recv(65536)
                        if more: self.inward.write(more)
                        else: self.inward.write_eof()
            def sendall(self, data): self.step(self.session.write, data)
            def recv(self, count):
                try: return self.step(self.session.read, count)
                except TimeoutError: raise # Else waiting in vain would pass for the end.
                except (ssl.SSLError, OSError): return b""
            def say_end(self):
                try: self.session.unwrap()
                except ssl.SSLError: pass
                self.push()
            def shutdown(self): self.raw.shutdown(socket.SHUT_WR)
            def settimeout(self, seconds): self.raw.settimeout(seconds)

        def open_one(version, receive=None):
            return connect(receive) if version == "plain" else Secure(receive=receive)

        def request(path="/", fields=""):
            return f"GET {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode()

        def read_answer(client, left=b""):
            """One answer of HTTP/1.1: its head, its body, and what came behind it."""
            while b"\r\n\r\n" not in left:
                more = client.recv(65536)
                if not more: return None, b"", left
                left += more
            head, left = left.split(b"\r\n\r\n", 1)
            length = [int(line[15:]) for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")][0]
            while len(left) < length:
                more = client.recv(65536)
                if not more: return None, left, b""
                left += more
            return head, left[:length], left[length:]

        def read_all(client, pause=0, every=1 << 16):
            data = b""
            while True:
                try: more = client.recv(every)
                except TimeoutError: raise
                except OSError: return data
                if not more: return data
                data += more
                if pause: time.sleep(pause)

        def frame(kind, flags, stream, body=b""):
            length = struct.pack(">I", len(body))[1:]
            return length + struct.pack(">BBI", kind, flags, stream) + body

        def setting(name, value): return struct.pack(">HI", name, value)

        def text(value): return bytes([len(value)]) + value.encode()

        class HTTP2:
            """One connection; frames that nobody asked for are kept in `goaways`."""
            def __init__(self, settings=b"", window=0, receive=None):
                self.tls = Secure("h2", receive)
                self.bytes, self.next, self.goaways, self.ends = b"", 1, [], False
                self.acknowledges = True
                self.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, settings))
                if window: self.window(0, window)
            def send(self, data):
                try: self.tls.sendall(data)
                except TimeoutError: raise
                except (ssl.SSLError, OSError): pass # behind its own end
            def window(self, stream, size): self.send(frame(8, 0, stream, struct.pack(">I", size)))
            def fields(self, path="/", method="GET", more=b""):
                block = b"\x82" if method == "GET" else b"\x02" + text(method)
                block += b"\x87\x04" + bytes([len(path)]) + path.encode()
                return block + b"\x01" + text("a") + more
            def get(self, path="/", method="GET", more=b"", ends=True):
                stream, self.next = self.next, self.next + 2
                flags = 5 if ends else 4
                self.send(frame(1, flags, stream, self.fields(path, method, more)))
                return stream
            def read(self):
                """The next frame: kind, flags, stream, body; None at the end."""
                while len(self.bytes) < 9 or len(self.bytes) < 9 + self.length():
                    more = self.tls.recv(65536)
                    if not more:
                        self.ends = True
                        return None
                    self.bytes += more
                length = self.length()
                kind, flags, stream = struct.unpack(">BBI", self.bytes[3:9])
                body, self.bytes = self.bytes[9:9 + length], self.bytes[9 + length:]
                if kind == 4 and not flags & 1: self.send(frame(4, 1, 0))
                if kind == 6 and not flags & 1 and self.acknowledges:
                    self.send(frame(6, 1, 0, body))
                if kind == 7: self.goaways.append(struct.unpack(">II", body[:8]))
                return kind, flags, stream, body
            def length(self): return int.from_bytes(self.bytes[:3], "big")
            def answer(self, stream, slowly=None):
                """Field block and body; no block if the stream or the connection ended."""
                block, body = None, b""
                while True:
                    next = self.read()
                    if next is None: return None, body
                    kind, flags, of, data = next
                    if of != stream: continue
                    if kind == 3: return None, body
                    if kind == 1: block = data
                    if kind == 0:
                        body += data
                        if slowly: slowly(len(data))
                        elif data and not flags & 1:
                            self.window(0, len(data))
                            self.window(stream, len(data))
                        elif data: self.window(0, len(data))
                    if flags & 1 and kind in (0, 1): return block, body

        def is_ok(block):
            """Whether a field block says 200, behind updates of the table's size."""
            if block is None: return False
            index = 0
            while block[index] >> 5 == 1: index += 1
            return block[index] == 0x88


        """#
}
