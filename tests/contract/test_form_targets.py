"""Where the site may send forms to: to itself and to the payment providers that take a payer by a form, nobody else."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from payments.providers import NAMES, provider
from payments.providers.model import Account, Order, Redirect

from infra.build.environment import ROOT
from infra.build.package import read_template
from infra.demo import AGREEMENTS
from infra.local.portal import FORM_TARGETS

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def form_targets() -> dict[str, str]:
    """The domain of each provider whose payments start with a form."""
    found = {}
    for name in NAMES:
        module = provider(name)
        agreed = next(one for one in AGREEMENTS if one.provider == name)
        order = Order(
            reference="lk-2026-0001",
            amount=100_00,
            currency=min(module.CURRENCIES),
            description="Czynsz",
            language="pl",
            created_at=NOW,
            expires_at=NOW + timedelta(hours=1),
            return_url="https://portal.example/back",
            webhook_url="https://portal.example/hook",
            email="tenant@example.com",
        )
        begun = module.start(Account(agreed.settings, (agreed.secrets,), token="a-token"), order)
        if isinstance(begun, Redirect):
            assert begun.method == "POST"
            found[name] = ".".join((urlsplit(begun.url).hostname or "").split(".")[-2:])
    return found


def test_the_policy_names_who_takes_forms_and_nobody_else() -> None:
    headers = read_template(ROOT / "infra" / "web.yaml")["Resources"]["SecurityHeaders"]["Properties"]
    policy = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    text = str(policy["ContentSecurityPolicy"]["Fn::Sub"])
    found = re.search(r"form-action ([^;]*)", text)
    assert found is not None
    expected = {name: f"https://*.{domain}" for name, domain in form_targets().items()}
    assert found[1].split() == ["'self'", *sorted(expected.values())]
    assert expected == FORM_TARGETS
