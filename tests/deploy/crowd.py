"""A crowd at a proxy with its shipped configuration, before nodes that say "wait" to newcomers and take every post.

`crowd.py PLAY LISTEN NODE... -- COMMAND`: starts the command, speaks with it at the socket LISTEN, is the nodes itself,
and prints what went wrong. A program of its own, as the other tools of `make deploy-check` are.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer

HOST = "consult.example.org"
SURVEY = "/mk/surveys/town"
PAGE = "/mk/consultations/park"
AT_ONCE = 8
PATIENCE_S = 60.0


class Wrong(Exception):
    """The proxy did what it must not do."""


class Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 100


@dataclass
class Node:
    """A web node that is full: 503 with a page to every GET of a survey, 200 to every post and other page."""

    path: str
    asked: Counter[str] = field(default_factory=Counter)
    together: threading.Barrier | None = None  # posts are answered when so many are there
    server: Server | None = None
    open: set[socket.socket] = field(default_factory=set)

    def start(self) -> None:
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                node.open.add(self.connection)

            def finish(self) -> None:
                node.open.discard(self.connection)
                with suppress(OSError):
                    super().finish()

            def do_GET(self) -> None:
                self.say(503 if "/surveys/" in self.path else 200, b"The waiting page.")

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                if len(self.rfile.read(length)) < length:
                    self.close_connection = True
                    return
                if node.together is not None:
                    node.together.wait()
                self.say(200, b"A receipt.")

            def say(self, status: int, body: bytes) -> None:
                node.asked[self.command] += 1
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def address_string(self) -> str:
                return "-"

            def log_message(self, *words: object) -> None:
                pass

        Path(self.path).unlink(missing_ok=True)
        self.server = Server(self.path, Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            Path(self.path).unlink()
            for one in list(self.open):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Proxy:
    listen: str
    has_tls: bool
    nodes: tuple[Node, ...]

    def open(self) -> socket.socket:
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        plain.settimeout(PATIENCE_S)
        plain.connect(self.listen)
        if not self.has_tls:
            return plain
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # a certificate made for this play
        return context.wrap_socket(plain, server_hostname=HOST)

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.open()
        try:
            connection.request(method, path, body or None)
            got = connection.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode())
        finally:
            connection.close()

    def post(self) -> int:
        return self.ask("POST", SURVEY, b"q1=yes").status

    def asked(self, method: str) -> int:
        return sum(node.asked[method] for node in self.nodes)


def must(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise Wrong(f"{what}: {found}, not {wanted}")


def newcomers_wait(proxy: Proxy) -> None:
    """Who waits is asked for once, and never keeps others from answering."""
    before = proxy.asked("GET")
    said = Counter[tuple[str, int, str]]()
    for _ in range(20):
        page = proxy.ask("GET", SURVEY)
        said["GET", page.status, page.body] += 1
        said["POST", proxy.post(), ""] += 1
    must("a crowd that waits", dict(said), {("GET", 503, "The waiting page."): 20, ("POST", 200, ""): 20})
    must("looks of those who wait at all nodes", proxy.asked("GET") - before, 20)


def bodies_break_off(proxy: Proxy) -> None:
    """Telephones lose their network in the middle of a form; nobody else notices."""
    head = f"POST {SURVEY} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n\r\nq1=".encode()
    for _ in range(AT_ONCE):
        with proxy.open() as one, suppress(OSError):
            one.sendall(head)
            one.shutdown(socket.SHUT_WR)
            one.recv(1000)
    must("posts after forms that broke off", Counter(proxy.post() for _ in range(10)), {200: 10})


def forms_are_too_large(proxy: Proxy) -> None:
    """The limit has been set to less than what is sent: that is the sender's fault, not the node's."""
    for _ in range(3):
        with suppress(OSError, http.client.HTTPException):
            must("a form that is too large", proxy.ask("POST", SURVEY, b"x" * 100_000).status, 413)
    must("posts after forms that were too large", Counter(proxy.post() for _ in range(10)), {200: 10})


def nodes_die(proxy: Proxy) -> None:
    """One node away: nobody notices. All away: whoever comes when they are back is taken at once."""
    if len(proxy.nodes) > 1:
        proxy.nodes[0].stop()
        must("posts while one node is away", Counter(proxy.post() for _ in range(10)), {200: 10})
        proxy.nodes[0].start()
    for node in proxy.nodes:
        node.stop()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _: proxy.post(), range(AT_ONCE)))
    for node in proxy.nodes:
        node.start()
    must("posts when all nodes are back", Counter(proxy.post() for _ in range(10)), {200: 10})


def many_come_from_one_address(proxy: Proxy) -> None:
    """The limits have been set to one request: answers do not count, all else gets a word of patience and a time."""
    (node,) = proxy.nodes
    node.together = threading.Barrier(AT_ONCE, timeout=PATIENCE_S)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = Counter(pool.map(lambda _: proxy.post(), range(AT_ONCE)))
    must("posts at once from one address", said, {200: AT_ONCE})
    node.together = None
    must("posts from one address", Counter(proxy.post() for _ in range(40)), {200: 40})
    pages = [proxy.ask("GET", PAGE) for _ in range(20)]
    refused = [page for page in pages if page.status == 429]
    must("pages beyond the limit", {page.status for page in pages}, {200, 429})
    must("what they are told", {page.headers.get("retry-after") for page in refused}, {"5"})
    must("what they read", all("Обидете се повторно" in page.body for page in refused), True)
    said = Counter(proxy.ask("GET", "/static/none.css").status for _ in range(20))
    must("files of pages beyond the limit", said, {200: 20})
    must("posts after that", Counter(proxy.post() for _ in range(10)), {200: 10})


PLAYS: dict[str, tuple[Callable[[Proxy], None], ...]] = {
    "crowd": (newcomers_wait, nodes_die),
    "forms": (bodies_break_off, forms_are_too_large),
    "limits": (many_come_from_one_address,),
}


@contextmanager
def running(command: list[str], listen: str) -> Iterator[None]:
    """The proxy, from its first answer to its end."""
    log = Path(listen).with_name("said")
    with log.open("w") as file, subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT) as process:
        try:
            end = time.monotonic() + PATIENCE_S
            while not is_listening(listen):
                if process.poll() is not None or time.monotonic() > end:
                    raise Wrong(f"it does not start: {log.read_text()[-1500:]}")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def is_listening(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        return one.connect_ex(path) == 0


def main(words: list[str]) -> int:
    cut = words.index("--")
    play, listen, *paths = words[:cut]
    nodes = tuple(Node(path) for path in paths)
    proxy = Proxy(listen.removeprefix("tls:"), listen.startswith("tls:"), nodes)
    for node in nodes:
        node.start()
    try:
        with running(words[cut + 1 :], proxy.listen):
            for one in PLAYS[play]:
                one(proxy)
    except (Wrong, OSError, http.client.HTTPException) as fault:
        print(f"{play}: {fault!r}" if not isinstance(fault, Wrong) else f"{play}: {fault}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
