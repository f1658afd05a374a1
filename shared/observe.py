"""Logger, metrics and (opt-in) tracer of this process. No personal data and no secret goes into a log line."""

import os
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

T = TypeVar("T", bound=Callable[..., Any])

logger = Logger(
    service=os.environ.get("POWERTOOLS_SERVICE_NAME", "lokum"), use_rfc3339=True, log_uncaught_exceptions=False
)


@cache
def metrics() -> Metrics:
    """CloudWatch metrics in the embedded format: one log line, no call."""
    return Metrics(namespace="Lokum", service=os.environ.get("POWERTOOLS_SERVICE_NAME", "lokum"))


def traced(handler: T) -> T:
    """The handler under X-Ray where LOKUM_TRACE=1; otherwise untouched, because the tracer costs half a second of start."""
    if os.environ.get("LOKUM_TRACE") != "1":
        return handler
    from aws_lambda_powertools import Tracer

    return cast("T", Tracer().capture_lambda_handler(handler))
