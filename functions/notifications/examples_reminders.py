"""One real exchange of each route of the reminder policy, for OpenAPI; a test holds them to the models."""

from typing import Any, Final

from shared.http.contracts import Example

_SET: Final[dict[str, Any]] = {
    "due": [7, 3, 0],
    "overdue": [3, 14, 30],
    "ending": [90, 30],
    "closing": [2],
    "verification": [90, 30],
    "per_second": 10,
}

POLICY: Final = Example(response={**_SET, "version": 0})
SET_POLICY: Final = Example(body={**_SET, "version": 0}, response={**_SET, "version": 1})
