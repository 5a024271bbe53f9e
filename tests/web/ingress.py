"""A reverse proxy like the ingress of Home Assistant and its Supervisor.

It takes the prefix from the path, names it in X-Ingress-Path, passes on the browser's Host, and
streams the answers. Its own page shows the rest in a frame, as Home Assistant's panel does.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "/api/hassio_ingress/Zm9v-YmFy_0"
PANEL = f'<!doctype html><title>Home Assistant</title><iframe src="{PREFIX}/"></iframe>'
NOT_PASSED = {"connection", "content-length", "transfer-encoding", "content-encoding"}


@contextmanager
def ingress(port: int) -> Iterator[int]:
    """Run the proxy in front of a port; yields its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix(PREFIX)
            if path == self.path:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(PANEL.encode())
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {k: v for k, v in self.headers.items() if k.lower() not in NOT_PASSED}
            headers |= {"X-Ingress-Path": PREFIX, "X-Forwarded-Proto": "http"}
            headers |= {"X-Forwarded-For": "192.168.1.9", "X-Forwarded-Host": headers["Host"]}
            behind = http.client.HTTPConnection("127.0.0.1", port)
            behind.request(self.command, path, body or None, headers)
            answer = behind.getresponse()
            kept = {k: v for k, v in answer.getheaders() if k.lower() not in NOT_PASSED}
            self.send_response(answer.status)
            for name, value in kept.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                while part := answer.read1():
                    self.wfile.write(part)
            except OSError:  # the browser has left
                return
            finally:
                behind.close()

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
