"""Whatever the portal lets out is taken by the provider: any order starts, or is refused by the portal's own code."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payments.providers.model import Refusal

from infra.local.providers import KINDS
from tests.local_cloud.providers.portal import CURRENCY

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
ADDRESS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.~%/&=+:@!$'()*,;", max_size=60)
SEEN = iter(range(10**6))


ORDER = {
    "amount": st.integers(100, 99_999_99),
    "description": WORDS,
    "customer_number": st.text(max_size=60),
    "language": st.sampled_from(["pl", "en", "uk", "fr", "nb", "xx"]),
}


@pytest.mark.parametrize("name", list(KINDS))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.fixed_dictionaries(ORDER), path=ADDRESS)
def test_any_order_starts(portal, sandboxes, name, order, path):
    reference, back = f"inv-{next(SEEN):06d}", f"{portal.server.url}/back?{path}"
    try:
        page = portal.start(name, reference, return_url=back, **order)
    except Refusal as refusal:
        if refusal.code == "field_unfit":
            return
        raise
    amount = order["amount"]
    assert f"{amount // 100}.{amount % 100:02d} {CURRENCY[name]}" in page
    assert sandboxes[name].order(reference).amount == amount
    assert portal.press(name, page, "abandon").startswith(back)
