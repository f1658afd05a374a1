"""The public routes of payment providers. A function that has only these imports nothing of the others."""

from payments import service_webhooks
from payments.base import app
from shared.http import PUBLIC, Call, Raw


@app.endpoint(
    "POST", "/payments/webhooks/{provider}/{organisation_id}", returns=None, access=PUBLIC, raw=True
)  # fmt: skip
def post_webhook(call: Call, provider: str, organisation_id: str) -> Raw:
    """Take a payment provider's signed message; the answer is what its protocol wants."""
    return service_webhooks.receive_webhook(call, provider, organisation_id)


@app.endpoint(
    "GET", "/payments/return/{provider}/{organisation_id}", returns=None, status=303, access=PUBLIC, raw=True
)  # fmt: skip
def get_return(call: Call, provider: str, organisation_id: str) -> Raw:
    """Take a payer who comes back with a signed address to the page that he set out from."""
    return service_webhooks.way_back(call, provider, organisation_id)
