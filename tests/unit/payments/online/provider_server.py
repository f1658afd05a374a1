"""A provider on this machine: real sockets, answers by path, and a record of what was asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ProviderServer:
    """Answers what `answers` says for `METHOD path` (the longest beginning that fits): a body, `(status, body)`, or a function."""

    def __init__(self):
        self.asked, self.answers = [], {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                outer.asked.append((self.command, self.path, dict(self.headers), body))
                status, text = outer.answer(self.command, self.path, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = _serve  # noqa: N815

            def log_message(self, *_arguments):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, method, path, body):
        fitting = [key for key in self.answers if f"{method} {path}".startswith(key)]
        if not fitting:
            return 404, b"{}"
        found = self.answers[max(fitting, key=len)]
        found = found(body) if callable(found) else found
        status, found = found if isinstance(found, tuple) else (200, found)
        return status, found if isinstance(found, bytes) else json.dumps(found).encode()

    def calls(self, method, path):
        """How often something was asked."""
        return sum(asked[0] == method and asked[1].startswith(path) for asked in self.asked)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
