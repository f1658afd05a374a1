"""Whoever waits for an import learns its end, also when it failed for a reason of ours."""

import pytest

from infra.build import openapi
from shared.events.catalog import BankStatementReceived, LedgerImportReceived, PortfolioImportReceived
from shared.events.meters import ReadingImportReceived
from tests.cloud import aws_client
from tests.support import call, event_message, profile, put_organisation, sign_in

IMPORTS = {
    "meters": ("/reading-imports", "meters/upl_1/readings.csv", ReadingImportReceived),
    "payments": ("/bank-statements", "bank_statement/upl_1/a.sta", BankStatementReceived),
    "registry": ("/imports", "portfolio/upl_1/a.zip", PortfolioImportReceived),
    "statements": ("/ledger-imports", "ledger/upl_1/charges.csv", LedgerImportReceived),
}


@pytest.mark.parametrize("context", IMPORTS)
def test_an_import_that_cannot_be_read_is_failed_at_the_last_try(cloud, monkeypatch, context):
    route, key, event = IMPORTS[context]
    app = openapi.applications()[context]
    consumers = __import__(f"{context}.app", fromlist=["consumers"]).consumers
    put_organisation(profile("org_a"))
    token = sign_in("org_a", "per_1", ("staff", "organisation", "org_a"))
    body = {"upload": f"org/org_a/{key}"}
    aws_client("s3").put_object(Bucket="lokum-test-uploads", Key=body["upload"], Body=b"x")
    status, answer = call(app, "POST", route, token=token, body=body)
    assert status == 202, answer
    import_id = answer["import_id"]

    def fall(*_given):
        msg = "a mistake of ours"
        raise RuntimeError(msg)

    model, _ = consumers.handlers[event.detail_type()]
    monkeypatch.setitem(consumers.handlers, event.detail_type(), (model, fall))

    def state():
        status, shown = call(app, "GET", f"{route}/{{import_id}}", path={"import_id": import_id}, token=token)
        assert status == 200, shown
        return shown

    message = event_message(event(import_id=import_id), "org_a")
    with pytest.raises(RuntimeError):
        consumers.consume(message)
    assert state()["state"] == "queued"
    with pytest.raises(RuntimeError):
        consumers.consume(message, last=True)
    failed = state()
    reason = failed["failure"] if "failure" in failed else failed["errors"][0]["code"]
    assert (failed["state"], reason) == ("failed", "internal_error")
