"""`PortalApp`: Chalice with typed endpoints, one unit of work a request, and our answers."""

import base64
import json
from collections.abc import Callable
from http import HTTPMethod, HTTPStatus
from typing import Any, TypeVar
from urllib.parse import unquote

from chalice.app import Chalice, Response
from pydantic import BaseModel

from shared.access import ANYONE_SIGNED_IN
from shared.errors import DomainError
from shared.events.envelope import Metadata
from shared.http import guard
from shared.http.call import Call
from shared.http.contracts import MAX_BODY_BYTES, Access, Contract, Example
from shared.http.problems import answer, problem, raw_answer
from shared.ids import new_id
from shared.observe import logger, metrics, traced
from shared.tables import AlreadyDone, UnitOfWork, run

F = TypeVar("F", bound=Callable[..., Any])


class PortalApp(Chalice):
    """A context's routes. Understands API Gateway REST events (payload 1.0) and refuses others loudly.

    `variable` names the environment variable of the context's own table, where its units of work keep outbox and once items.
    """

    def __init__(self, context: str, variable: str | None = None) -> None:
        super().__init__(app_name=context, configure_logs=False)
        self.context = context
        self.variable = variable or f"{context.upper()}_TABLE"
        self.contracts: dict[tuple[str, str], Contract] = {}
        self._serve_event = traced(super().__call__)

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        if "resource" not in event or event.get("version", "1.0") != "1.0":
            msg = "not an API Gateway REST event"
            raise ValueError(msg)
        # API Gateway hands path parameters over as they stand in the address, percent-encoded.
        path = {key: unquote(value) for key, value in (event.get("pathParameters") or {}).items()}
        answered: dict[str, Any] = self._serve_event({**event, "pathParameters": path}, context)
        if answered["statusCode"] == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            refused = problem(
                DomainError("unsupported_media_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE), _correlation_id(event)
            )
            return dict(refused.to_dict())
        return answered

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        access: Access,
        returns: type[BaseModel] | None,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        status: int = HTTPStatus.OK,
        roles: frozenset[str] = ANYONE_SIGNED_IN,
        example: Example | None = None,
        errors: tuple[str, ...] = (),
        max_body: int = MAX_BODY_BYTES,
        paged: bool = False,
        repeatable: bool = False,
        raw: bool = False,
    ) -> Callable[[F], F]:
        """Register a route. The view gets the Call, the path parameters by name, and `body` where the route has one.

        `errors` are the codes that this route answers beyond those every route may; `paged` lets it take `?cursor=`;
        `repeatable`: it keeps nothing, so that a POST needs no Idempotency-Key (and its context no table).
        `raw`: for other programs that call us, such as webhooks. Public; any content type, and no header of ours is asked for: the view
        gets the bytes of any length in `call.raw` with the query in `call.raw_query`, proves by itself who calls, and returns a `Raw`.
        """

        def register(view: F) -> F:
            contract = Contract(
                HTTPMethod(method),
                path,
                view,
                body,
                query,
                returns,
                HTTPStatus(status),
                access,
                roles,
                example or Example(),
                errors,
                (view.__doc__ or "").strip().split("\n")[0],
                max_body,
                paged,
                repeatable,
                raw,
            )
            self.contracts[method, path] = contract

            def serve(**parameters: str) -> Response:
                return self._serve(contract, parameters)

            serve.__name__ = view.__name__
            types: dict[str, Any] = {"content_types": ["*/*"]} if raw else {}
            self.route(path, methods=[method], name=view.__name__, **types)(serve)
            return view

        return register

    def _serve(self, contract: Contract, parameters: dict[str, str]) -> Response:
        event = self.current_request.to_original_event()  # type: ignore[union-attr]
        correlation_id = _correlation_id(event)
        # The process still has the keys of whoever called before.
        logger.remove_keys(("organisation_id", "person_id"))
        logger.append_keys(correlation_id=correlation_id, route=f"{contract.method} {contract.path}")
        try:
            response = self._handle(contract, parameters, event, correlation_id)
        except DomainError as error:
            response = problem(error, correlation_id)
        except Exception:  # noqa: BLE001 - the last line of defence: whatever it is, the caller gets a problem
            logger.exception("request failed")
            response = problem(DomainError("internal_error", HTTPStatus.INTERNAL_SERVER_ERROR), correlation_id)
        _count(contract, response.status_code)
        return response

    def _handle(
        self, contract: Contract, parameters: dict[str, str], event: dict[str, Any], correlation_id: str
    ) -> Response:
        headers = {key.lower(): value for key, value in (event.get("headers") or {}).items()}
        raw = _raw_body(event)
        guard.check_size(contract, raw)
        guard.check_origin(contract, headers)
        guard.check_path(parameters)
        me = guard.check_caller(contract, headers, parameters)
        query = dict(event.get("queryStringParameters") or {})
        call = Call(
            route=contract.path.format(**parameters),
            headers=headers,
            source_address=_source_address(event),
            correlation_id=correlation_id,
            principal=me,
            cursor_text=query.get("cursor") if contract.paged else None,
            query=guard.read_query(contract, query),
        )
        if contract.raw:
            call.raw, call.raw_query = raw, query
            return raw_answer(contract.view(call, **parameters), correlation_id)
        body = guard.read_body(contract, raw)
        arguments: dict[str, Any] = {**parameters, **({"body": body} if contract.body else {})}
        if me is None:
            return self._answer(contract, call, _dump(contract.view(call, **arguments)))
        logger.append_keys(organisation_id=me.organisation_id, person_id=me.person_id)
        return self._transact(contract, call, arguments, guard.fingerprint(contract, parameters, raw))

    def _transact(self, contract: Contract, call: Call, arguments: dict[str, Any], fingerprint: str) -> Response:
        """Run the view in a unit of work and commit it; the same Idempotency-Key answers the first result again."""
        me = call.me
        key = guard.idempotency_key(contract, call.headers)
        once_key = f"ROUTE#{me.person_id}#{contract.method}{contract.path}#{key}" if key else ""
        metadata = Metadata(correlation_id=call.correlation_id, organisation_id=me.organisation_id, actor=me.person_id)

        def make() -> UnitOfWork:
            call.uow_or_none = UnitOfWork(self.variable, metadata, once_key, fingerprint)
            call.cookies.clear()
            return call.uow_or_none

        def work(uow: UnitOfWork) -> str:
            done = uow.find_done() if once_key else None
            if done:
                raise done
            return _dump(contract.view(call, **arguments))

        def keep(uow: UnitOfWork, text: str) -> None:
            uow.result = text

        try:
            text = run(make, work, keep)
        except AlreadyDone as done:
            if done.fingerprint != fingerprint:
                raise DomainError("idempotency_key_reused") from done
            text = done.result
        return self._answer(contract, call, text)

    @staticmethod
    def _answer(contract: Contract, call: Call, text: str) -> Response:
        headers = {"ETag": call.etag, "Cache-Control": "private, no-cache"} if call.etag else {}
        if call.knows_already:
            return answer("", HTTPStatus.NOT_MODIFIED, call.correlation_id, call.cookies, headers)
        return answer(text, contract.status, call.correlation_id, call.cookies, headers)


def _dump(result: BaseModel | None) -> str:
    return "" if result is None else result.model_dump_json()


def _raw_body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def _correlation_id(event: dict[str, Any]) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or new_id("cor"))


def _source_address(event: dict[str, Any]) -> str:
    identity = (event.get("requestContext") or {}).get("identity") or {}
    return str(identity.get("sourceIp") or "unknown")


def _count(contract: Contract, status: int) -> None:
    """One metric line a request: how many, and how many failed, by route."""
    meter = metrics()
    meter.add_dimension("route", f"{contract.method} {contract.path}")
    meter.add_metric("requests", "Count", 1)
    meter.add_metric("refused", "Count", float(HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR))
    meter.add_metric("failed", "Count", float(status >= HTTPStatus.INTERNAL_SERVER_ERROR))
    print(json.dumps(meter.serialize_metric_set()))  # noqa: T201 - the embedded metric format is a line on standard output
    meter.clear_metrics()


__all__ = ["PortalApp"]
