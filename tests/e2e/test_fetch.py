#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""f4e-build fetch against a server on the loopback that tells lies.

F4E_BUILD names the program, F4E_VECTOR a folder with project.8f4e and a module
that has an asset."""
import gzip
import hashlib
import http.server
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

SOUND = bytes(range(256)) * 20
LIMIT = 100000


class Liar(http.server.BaseHTTPRequestHandler):
    """Each path is a lie of its own."""
    protocol_version = "HTTP/1.1"
    asked = []
    content = SOUND

    def log_message(self, *args):
        pass

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        Liar.asked.append((self.path, dict(self.headers)))
        path = self.path.split("?")[0]
        name = path.strip("/").split("/")[0]
        port = self.server.server_port
        try:
            getattr(self, "lie_" + name, self.lie_none)(port)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    def lie_none(self, port):
        self.answer(404, b"no such file")

    def lie_good(self, port):
        self.answer(200, Liar.content)

    def lie_empty(self, port):
        self.answer(200)

    def lie_short(self, port):
        self.answer(200, SOUND, Content_Length=str(len(SOUND) + 1))

    def lie_long(self, port):
        self.answer(200, b"x", Content_Length=str(LIMIT + 1))

    def lie_endless(self, port):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(bytes(65536))

    def lie_slow(self, port):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.2)

    def lie_bomb(self, port):
        self.answer(200, gzip.compress(bytes(1 << 24)),
                    Content_Encoding="gzip")

    def lie_moved(self, port):
        self.answer(302, Location=f"http://127.0.0.1:{port}/good/a.raw")

    def lie_loop(self, port):
        self.answer(302, Location=f"http://127.0.0.1:{port}/loop/a.raw")

    def lie_file(self, port):
        self.answer(302, Location="file:///etc/passwd")

    def lie_gopher(self, port):
        self.answer(302, Location="gopher://127.0.0.1/x")

    def lie_user(self, port):
        self.answer(302, Location=f"http://a@127.0.0.1:{port}/good/a.raw")

    def lie_partial(self, port):
        self.answer(206, SOUND)


class Fetch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="f4e-test-")
        self.temporary = tempfile.mkdtemp(prefix="f4e-test-")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        Liar.asked = []
        Liar.content = SOUND

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        self.assertEqual(os.listdir(self.temporary), [])
        shutil.rmtree(self.folder)
        shutil.rmtree(self.temporary)

    def path(self, name):
        return os.path.join(self.folder, name)

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}/{path}"

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)

    def text(self, *urls):
        lines = ["8f4e/v1", "", "entry main", "module m"]
        for number, url in enumerate(urls):
            lines.append(f"; @config bin.a{number}.url {url}")
            lines.append(f"; @config bin.a{number}.memory x")
        lines += ["int8[] x 16", "moduleEnd", "entryEnd", ""]
        self.write("p.8f4e", "\n".join(lines).encode())

    def run_tool(self, *arguments, **environment):
        return subprocess.run(
            [os.environ["F4E_BUILD"], *arguments], cwd=self.folder,
            env={**os.environ, "TMPDIR": self.temporary, **environment},
            capture_output=True, text=True, timeout=100, check=False)

    def fetch(self, *arguments, **environment):
        return self.run_tool("fetch", "p.8f4e", "--allow-private",
                             "--max-bytes", str(LIMIT), *arguments,
                             **environment)

    def expect(self, result, status, *texts):
        self.assertEqual(result.returncode, status, result.stderr)
        for text in texts:
            self.assertIn(text, result.stderr)

    def files(self):
        return sorted(os.listdir(self.folder))

    def test_fetches_and_locks(self):
        url = self.url("good/a%20b.raw?x=1")
        self.text(url)
        self.expect(self.fetch(), 0,
                    "f4e-build: asset 'a0': fetched 'a b.raw', 5120 bytes\n")
        self.assertEqual(self.files(), ["a b.raw", "p.8f4e", "p.8f4e.lock"])
        self.assertEqual(self.read("a b.raw"), SOUND)
        digest = hashlib.sha256(SOUND).hexdigest()
        self.assertIn(f"{digest}\t5120\ta b.raw\t{url}\n",
                      self.read("p.8f4e.lock").decode())
        self.assertTrue(self.read("p.8f4e.lock").startswith(b"f4e-lock 1\n"))
        # A second time nothing is asked for.
        lock = self.read("p.8f4e.lock")
        Liar.asked = []
        self.expect(self.fetch(), 0, "kept 'a b.raw', 5120 bytes\n")
        self.assertEqual(Liar.asked, [])
        self.assertEqual(self.read("p.8f4e.lock"), lock)

    def test_asks_for_nothing_but_the_file(self):
        self.text(self.url("good/a.raw"), self.url("good/a.raw"))
        self.write(".curlrc", b"header = \"X-Mine: 1\"\n")
        proxy = "http://127.0.0.1:1/"
        self.expect(self.fetch(HOME=self.folder, http_proxy=proxy,
                               all_proxy=proxy), 0)
        self.assertEqual(len(Liar.asked), 1)
        self.assertNotIn("X-Mine", Liar.asked[0][1])
        self.assertNotIn("Accept-Encoding", Liar.asked[0][1])

    def test_follows_a_redirect(self):
        self.text(self.url("moved/b.raw"))
        self.expect(self.fetch(), 0)
        self.assertEqual(self.read("b.raw"), SOUND)

    def test_takes_an_empty_file(self):
        self.text(self.url("empty/b.raw"))
        self.expect(self.fetch(), 0, "'b.raw', 0 bytes")

    def test_is_not_lied_to(self):
        for path, status, text in [
                ("none/a.raw", 3, "the server answers with 404"),
                ("partial/a.raw", 3, "the server answers with 206"),
                ("short/a.raw", 3, "curl: (18) "),
                ("long/a.raw", 3, "has more than 100000 bytes"),
                ("endless/a.raw", 3, "has more than 100000 bytes"),
                ("bomb/a.raw", 3, "the server sends it as 'gzip'"),
                ("loop/a.raw", 3, "more than 5 redirects"),
                ("file/a.raw", 1, "redirected: 'file:///etc/passwd' is not "
                                  "fetched: it is neither http nor https"),
                ("gopher/a.raw", 1, "it is neither http nor https"),
                ("user/a.raw", 1, "it names a user"),
        ]:
            with self.subTest(path):
                self.text(self.url(path))
                result = self.fetch()
                self.expect(result, status, text)
                self.assertTrue(result.stderr.startswith("f4e-build: "))
                self.assertEqual(self.files(), ["p.8f4e"])

    def test_does_not_wait_for_ever(self):
        self.text(self.url("slow/a.raw"))
        self.expect(self.fetch("--max-seconds", "1"), 3,
                    "does not come in 1 seconds", "--max-seconds N")
        self.assertEqual(self.files(), ["p.8f4e"])

    def test_stays_off_private_networks(self):
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1",
                     "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.1.2.3",
                     "169.254.169.254", "192.168.0.1", "[fe80::1]",
                     "[fd00::1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]"]:
            with self.subTest(host):
                self.text(f"http://{host}:{self.server.server_port}/good/a.raw")
                self.expect(self.run_tool("fetch", "p.8f4e"), 1,
                            "private network", "--allow-private")
        self.assertEqual(Liar.asked, [])
        self.assertEqual(self.files(), ["p.8f4e"])

    def test_writes_no_hostile_names(self):
        for name in [".bashrc", "..", "%2e%2e", "a%2f..%2f..%2fb", "%00",
                     "-o", "q.wasm", "q.8f4e", "p.8f4e.lock", "m.json",
                     "%1b[2J", "%0a", "", "x" * 201]:
            with self.subTest(name):
                self.text(self.url("good/" + name))
                result = self.fetch()
                for file in self.files():
                    self.assertNotIn(file, [".bashrc", "b", "-o", "q.wasm"])
                    self.assertTrue(file.isprintable(), file)
                self.assertEqual(
                    [f for f in os.listdir(os.path.dirname(self.folder))
                     if f in ("b", "a")], [])
                if result.returncode != 0:
                    self.expect(result, 1, "does not end in the name of a "
                                           "file that is written")
                self.assertNotIn("\x1b", result.stderr)
                for file in self.files():
                    if file != "p.8f4e":
                        os.unlink(self.path(file))

    def test_refuses_strange_addresses(self):
        for url in ["http:///a.raw", "http://u:p@h/a.raw", "http://h:x/a.raw",
                    "http://h:123456/a.raw", "http://-h/a.raw",
                    "http://h\\@i/a.raw", "http://[::1/a.raw", "http://é/a"]:
            with self.subTest(url):
                self.text(url)
                self.expect(self.fetch(), 1, "is not fetched: it")
        self.assertEqual(self.files(), ["p.8f4e"])

    def test_leaves_what_is_no_web_address(self):
        self.text("file:///etc/passwd", "sounds/x.raw", "data:,x")
        self.expect(self.fetch(), 0, "p.8f4e:6: notice: 'file:///etc/passwd' "
                                     "is no address to fetch from\n")
        self.assertEqual(self.files(), ["p.8f4e"])

    def test_two_files_of_one_name(self):
        self.text(self.url("good/a.raw"), self.url("good/b/a.raw"))
        self.expect(self.fetch(), 1, "would be the same file 'a.raw'")
        self.assertEqual(self.files(), ["p.8f4e"])

    def test_keeps_a_file_of_the_users(self):
        self.text(self.url("good/a.raw"))
        self.write("a.raw", b"mine")
        self.expect(self.fetch("--update"), 0, "kept 'a.raw', 4 bytes")
        self.assertEqual(self.read("a.raw"), b"mine")
        self.assertEqual(Liar.asked, [])
        self.write("a.raw", b"other")
        self.expect(self.fetch(), 1, "'a.raw' has 5 bytes and is another file "
                    "than the one that 'p.8f4e.lock' has, of 4 bytes")
        self.assertEqual(self.read("a.raw"), b"other")

    def test_notices_changed_content(self):
        self.text(self.url("good/a.raw"))
        self.expect(self.fetch(), 0)
        os.unlink(self.path("a.raw"))
        Liar.content = b"new"
        self.expect(self.fetch(), 1, "gives another file than the one that "
                    "'p.8f4e.lock' has: 3 bytes, not 5120", "--update takes")
        self.assertEqual(self.files(), ["p.8f4e", "p.8f4e.lock"])
        self.expect(self.fetch("--update"), 0, "fetched 'a.raw', 3 bytes")
        self.assertEqual(self.read("a.raw"), b"new")
        self.assertIn(hashlib.sha256(b"new").hexdigest(),
                      self.read("p.8f4e.lock").decode())

    def test_refuses_damaged_locks(self):
        self.text(self.url("good/a.raw"))
        digest = "0" * 64
        for lock in [b"", b"f4e-lock 2\n", b"f4e-lock 1\nx\n",
                     f"f4e-lock 1\n{digest}\t1\t../a\tu\n".encode(),
                     f"f4e-lock 1\n{digest}\t-1\ta\tu\n".encode(),
                     f"f4e-lock 1\n{digest[1:]}\t1\ta\tu\n".encode(),
                     f"f4e-lock 1\n{digest}\t1\ta\tu\tv\n".encode(),
                     b"f4e-lock 1\n\xff\n", b"f4e-lock 1\n\0\n"]:
            with self.subTest(lock):
                self.write("p.8f4e.lock", lock)
                self.expect(self.fetch(), 1, "f4e-build: p.8f4e.lock:",
                            "remove it and run f4e-build fetch")
        self.assertEqual(Liar.asked, [])

    def test_says_which_program_is_missing(self):
        self.text(self.url("good/a.raw"))
        self.expect(self.fetch(PATH=self.folder), 3, "no program 'curl'",
                    "sudo apt install curl")

    def test_builds_compare_with_the_lock(self):
        vector = os.environ["F4E_VECTOR"]
        shutil.copy(os.path.join(vector, "shared.wasm"), self.path("p.wasm"))
        with open(os.path.join(vector, "project.8f4e"), "rb") as file:
            text = file.read()
        with open(os.path.join(vector, "hit.s8"), "rb") as file:
            Liar.content = file.read()
        url = self.url("good/hit.s8").encode()
        old = b"https://example.invalid/assets/hit.s8"
        self.assertIn(old, text)
        self.write("p.8f4e", text.replace(old, url))
        # A build fetches nothing.
        self.expect(self.run_tool("p.wasm", "-O0"), 1, "is not here")
        self.assertEqual(Liar.asked, [])
        self.expect(self.fetch(), 0)
        self.expect(self.run_tool("p.wasm", "-O0"), 0)
        self.write("hit.s8", Liar.content + b"!")
        self.expect(self.run_tool("p.wasm", "-O0"), 1,
                    "'hit.s8' is another file than 'p.8f4e.lock' means",
                    "remove 'hit.s8' and fetch it again")
        self.expect(self.run_tool("p.wasm", "-O0", "--asset",
                                  "hit=hit.s8"), 0)
        self.expect(self.run_tool("p.wasm", "-O0", "--project-check=warn"), 0)


@unittest.skipUnless(shutil.which("openssl"), "makes its certificate")
class Https(unittest.TestCase):
    """A server that vouches for itself, and one that others vouch for."""
    path = Fetch.path
    write = Fetch.write
    text = Fetch.text
    run_tool = Fetch.run_tool
    fetch = Fetch.fetch
    expect = Fetch.expect
    files = Fetch.files

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="f4e-test-")
        self.temporary = tempfile.mkdtemp(prefix="f4e-test-")
        self.keys = tempfile.mkdtemp(prefix="f4e-test-")
        for folder in (self.folder, self.temporary, self.keys):
            self.addCleanup(shutil.rmtree, folder)
        key, self.certificate = (os.path.join(self.keys, name)
                                 for name in ("key.pem", "own.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
             "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
             self.certificate], check=True, capture_output=True)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
        self.server.daemon_threads = True
        self.server.handle_error = lambda request, address: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket,
                                                 server_side=True)
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        Liar.asked = []
        Liar.content = SOUND
        self.text(f"https://127.0.0.1:{self.server.server_port}/good/a.raw")

    def test_refuses_who_vouches_for_himself(self):
        self.expect(self.fetch(), 3, "curl: (60) SSL certificate problem: ",
                    "hint: if that server is your own: CURL_CA_BUNDLE=FILE")
        self.assertEqual(Liar.asked, [])
        self.assertEqual(self.files(), ["p.8f4e"])

    def test_takes_a_certificate_that_is_named(self):
        self.expect(self.fetch(CURL_CA_BUNDLE=self.certificate), 0,
                    "fetched 'a.raw', 5120 bytes")
        self.assertEqual(self.files(), ["a.raw", "p.8f4e", "p.8f4e.lock"])

    def test_asks_no_private_host_unless_it_may(self):
        self.expect(self.run_tool("fetch", "p.8f4e"), 1, "--allow-private")
        self.assertEqual(Liar.asked, [])


if __name__ == "__main__":
    unittest.main()
