"""The deployment's one secret of our own: it signs paging cursors and marks requests that came through our edge."""

import hmac
from functools import cache

from shared.settings import settings


@cache
def deployment_secret() -> bytes:
    """Fetched once a process, when first asked for."""
    from aws_lambda_powertools.utilities import parameters

    return str(parameters.get_secret(settings().need("signing_secret"), max_age=3600)).encode()


def is_deployment_secret(text: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(text.encode(), deployment_secret())
