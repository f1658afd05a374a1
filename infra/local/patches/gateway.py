"""How the emulator imports a REST API from its OpenAPI body."""

# ruff: noqa: SLF001 - a patch is about private parts
from typing import Any, Final

from infra.local.patches.parts import require

EXTENSION: Final = "x-amazon-apigateway-gateway-responses"


def keep_gateway_responses(**_context: Any) -> None:
    """Import the GatewayResponses that SAM writes into the OpenAPI body; the emulator drops them."""
    from ministack.services import apigateway_v1

    require(apigateway_v1, "_import_rest_api", "_put_gateway_response")
    import_without = apigateway_v1._import_rest_api

    def import_with(spec: dict[str, Any], base_data: Any = None) -> str:
        api_id: str = import_without(spec, base_data)
        for kind, response in (spec.get(EXTENSION) or {}).items():
            status = response.get("statusCode")
            apigateway_v1._put_gateway_response(
                api_id,
                kind,
                {
                    "responseParameters": response.get("responseParameters", {}),
                    "responseTemplates": response.get("responseTemplates", {}),
                    **({"statusCode": str(status)} if status else {}),
                },
            )
        return api_id

    apigateway_v1._import_rest_api = import_with
