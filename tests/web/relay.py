# SPDX-License-Identifier: MIT
"""The HTTP interface of a patch's front over its channel, for work on the page
without a build: python3 tests/web/relay.py SOCKET PORT, and the page is read
from shim/page at each request."""

import http.server
import json
import pathlib
import secrets
import socket
import sys
import urllib.parse

PAGE = pathlib.Path(__file__).resolve().parents[2] / "shim" / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript",
         ".svg": "image/svg+xml"}
POLICY = ("default-src 'self'; base-uri 'none'; form-action 'none'; "
          "frame-ancestors 'none'")
sessions = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *unused):
        pass

    def channel(self):
        link = socket.socket(socket.AF_UNIX)
        link.connect(self.server.channel)
        return link

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/api/events":
            self.events()
            return
        file = PAGE / (path.strip("/") or "index.html")
        if file.parent != PAGE or file.suffix not in TYPES or not file.exists():
            self.answer(404, "text/plain", b"there is nothing\n")
            return
        self.answer(200, TYPES[file.suffix] + "; charset=utf-8",
                    file.read_bytes())

    def events(self):
        try:
            link = self.channel()
        except OSError:
            self.answer(503, "text/plain", b"the patch does not answer\n")
            return
        session = secrets.token_urlsafe(9)
        sessions[session] = link
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            hello = json.dumps({"session": session})
            self.wfile.write(f"event: hello\ndata: {hello}\n\n".encode())
            for line in link.makefile("r", encoding="utf-8"):
                if '"event"' in line[:12]:
                    self.wfile.write(f"data: {line}\n".encode())
        except OSError:
            pass
        del sessions[session]
        link.close()
        self.close_connection = True

    def do_POST(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            if url.path == "/api/subscribe":
                session = urllib.parse.parse_qs(url.query)["session"][0]
                sessions[session].sendall(b"subscribe " + body.strip() + b"\n")
                out = b'{"ok":true}\n'
            else:
                lines = body.count(b"\n")
                with self.channel() as link:
                    link.sendall(body)
                    file = link.makefile("rb")
                    out = b"".join(file.readline() for _ in range(lines))
        except (OSError, KeyError):
            self.answer(503, "text/plain", b"the patch does not answer\n")
            return
        self.answer(200, "application/x-ndjson", out)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])),
                                             Handler)
    server.daemon_threads = True
    server.channel = sys.argv[1]
    server.serve_forever()


main()
