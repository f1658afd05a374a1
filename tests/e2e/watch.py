"""What a page must never do unnoticed: errors on the console, breaches of its content policy, answers that nobody expected."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

BREACHES = "document.addEventListener('securitypolicyviolation', e => console.error('policy breach: ' + e.violatedDirective + ' ' + e.blockedURI))"
# The browser repeats every refused answer on the console; those are judged where the answer is seen. The other is our own doing.
KNOWN = ("Failed to load resource", "Service Worker registration blocked by Playwright")
CLIENT_ERROR, SERVER_ERROR = 400, 500


class Watch:
    """Collects what went wrong in a browser context; a test says beforehand which answers it asks for."""

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        # Whoever opens the site is asked about first, and before sign-in the answer is 401.
        self.expected: set[tuple[str, int]] = {("/api/auth/me", 401)}
        self.lost_connections = False
        context.add_init_script(BREACHES)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def expect(self, path: str, *statuses: int) -> None:
        """Answers of these statuses from this path (``*`` at its end: and below) belong to the test."""
        self.expected |= {(path, status) for status in statuses}

    def allow_lost_connections(self) -> None:
        """The test itself takes the network away."""
        self.lost_connections = True

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(KNOWN):
            self.problems.append(f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status >= CLIENT_ERROR and not self._is_expected(path, response.status):
            self.problems.append(f"{response.status} for {response.request.method} {path}")

    def _is_expected(self, path: str, status: int) -> bool:
        return any(
            status == wanted and (path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern)
            for pattern, wanted in self.expected
        )

    def _failed(self, request: Request) -> None:
        # Leaving a page ends its requests under way; that is no fault.
        if not self.lost_connections and request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.failure} for {request.method} {urlsplit(request.url).path}")
