"""Calls to channels: HTTPS with a certificate that is checked, short waits, no redirects; and calls of AWS.

Raises nothing: what came, or that nothing came, is an `Answer`, which the channel's module understands.
"""

from functools import cache
from typing import Any, Final

from notifications.channels import channel as module_of
from notifications.channels.model import Answer, AwsCall, Call, HttpCall
from notifications.kinds import Channel
from shared.credentials import may_call
from shared.settings import is_local

_CONNECT: Final = 3.0
_READ: Final = 5.0
_MAX_ANSWER: Final = 64 * 1024
"""No channel's answer to a message is longer, in bytes."""
_AGAIN: Final = 503
"""What a call that never reached the channel comes to: nothing was sent, and it may be tried again."""
_REFUSED: Final = 400
_UNKNOWN: Final = Answer(0, code="no_answer")


def make(name: Channel, call: Call) -> Answer:
    """Make one call, once: whoever tries again knows what a second message would mean. An address not the channel's is not called."""
    if isinstance(call, AwsCall):
        return _aws(call)
    own = next((one.default for one in module_of(name).FIELDS if one.name == "host"), "")
    if not (may_call(call.url, own) if own else _is_https(call.url)):
        return Answer(_REFUSED, code="host")
    return _https(call)


def _is_https(url: str) -> bool:
    """Of push, whose services have many names: its module has looked at them already."""
    return url.startswith("https://") or (is_local() and url.startswith("http://127.0.0.1:"))


def _https(call: HttpCall) -> Answer:
    import urllib3

    try:
        response = _pool().request(
            call.method,
            call.url,
            body=call.body or None,
            headers={"User-Agent": "lokum", "Accept": "*/*", **call.headers},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            body = response.read(_MAX_ANSWER, decode_content=True)
        finally:
            response.close()
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
        return Answer(_AGAIN, code=type(error).__name__)
    except urllib3.exceptions.HTTPError:
        return _UNKNOWN
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, body)


def _aws(call: AwsCall) -> Answer:
    from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, HTTPClientError

    try:
        data = getattr(_client(call.service), call.operation)(**call.arguments)
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        return Answer(int(status), data=error.response, code=error.response.get("Error", {}).get("Code", ""))
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        return Answer(_AGAIN, code=type(error).__name__)
    except HTTPClientError:
        return _UNKNOWN
    return Answer(200, data=data)


@cache
def _pool() -> Any:
    import urllib3

    return urllib3.PoolManager(
        num_pools=8, maxsize=4, timeout=urllib3.Timeout(connect=_CONNECT, read=_READ), retries=False
    )


@cache
def _client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=_CONNECT, read_timeout=_READ, retries={"total_max_attempts": 1})
    make: Any = boto3.client
    return make(service, config=config)
