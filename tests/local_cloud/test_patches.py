"""Each patch of the emulator, shown to work and to be still needed.

A test of the second kind fails when a new version of the emulator does right by itself: then the patch goes, and with it
both its tests.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from importlib import metadata
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from notifications.channels import email
from notifications.channels.model import Event

from infra.local import patches
from infra.local.patches.parts import WrongEmulatorError, require
from tests.local_cloud.conftest import Cloud, get, wait_until

FAR_EAST = "Pacific/Auckland"


def fastest_call(cloud: Cloud) -> float:
    """Seconds of the quickest of some calls of a function that prints nothing."""
    functions, name = cloud.client("lambda"), cloud.deployment.resources["SilentFunction"]

    def call() -> float:
        began = time.perf_counter()
        functions.invoke(FunctionName=name, Payload=b"{}")
        return time.perf_counter() - began

    call()
    return min(call() for _ in range(15))


def probe(cloud: Cloud) -> dict:
    return get(f"{cloud.deployment.api_url}/probe/x").json()


def schedule_one_off(cloud: Cloud, name: str) -> None:
    """A schedule for one second ago by a clock in the far east, to a queue."""
    at = (datetime.now(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(FAR_EAST))
    cloud.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        ScheduleExpressionTimezone=FAR_EAST,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": cloud.deployment.outputs["FailedArn"],
            "RoleArn": "arn:aws:iam::000000000000:role/any",
            "Input": f'{{"schedule": "{name}"}}',
        },
    )


def messages(cloud: Cloud, text: str, seconds: float) -> int:
    """How many messages with some text come into the queue within some time."""
    sqs, url = cloud.client("sqs"), cloud.deployment.outputs["Failed"]
    count, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            count += text in message["Body"]
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        time.sleep(0.2)
    return count


class TestPatched:
    """What the patches bring about."""

    def test_quiet_handlers_are_answered_at_once(self, cloud: Cloud) -> None:
        assert fastest_call(cloud) < 0.04

    def test_functions_see_their_layers_and_nothing_of_the_host(self, cloud: Cloud) -> None:
        report = probe(cloud)
        assert report["host_packages"] == []
        assert "HOST_VARIABLE" not in report["environment"]
        assert report["environment"]["GREETING"] == "hello"
        assert report["environment"]["AWS_LAMBDA_FUNCTION_NAME"] == cloud.deployment.resources["ProbeFunction"]

    def test_code_comes_before_layers(self, cloud: Cloud) -> None:
        report = probe(cloud)
        assert report["search_path"][0] == report["code"]

    def test_layers_are_unpacked_once(self, cloud: Cloud) -> None:
        layers = [place for place in probe(cloud)["search_path"] if "unpacked-layers" in place]
        assert layers
        assert not any("ministack-lambda" in place for place in layers)

    def test_a_refused_record_is_delivered_again(self, cloud: Cloud) -> None:
        cloud.put("refused-twice", failures=2)
        cloud.put("after-it")
        assert wait_until(lambda: cloud.attempts("INSERT refused-twice") == 3)
        assert wait_until(lambda: cloud.attempts("INSERT after-it") >= 1)

    def test_a_record_that_never_goes_through_ends_in_the_queue(self, cloud: Cloud) -> None:
        cloud.put("poison", failures=1000)
        assert messages(cloud, "RetryAttemptsExhausted", 12) == 1
        assert cloud.attempts("INSERT poison") == 4
        cloud.put("after-poison")
        assert wait_until(lambda: cloud.attempts("INSERT after-poison") == 1)

    def test_expired_items_go_with_a_record_by_dynamodb(self, cloud: Cloud) -> None:
        cloud.put("expired", expires=int(time.time()) - 10)
        cloud.put("long-expired", expires=int(time.time()) - 6 * 365 * 86400)
        seen = wait_until(lambda: cloud.seen("REMOVE expired"))
        assert seen["removed_by"] == {"S": "dynamodb.amazonaws.com"}
        assert cloud.seen("REMOVE long-expired") is None

    def test_schedules_fire_in_their_zone_and_once_over_a_restart(self, cloud: Cloud) -> None:
        schedule_one_off(cloud, "one-off")
        assert messages(cloud, "one-off", 5) == 1
        cloud.restart()
        assert messages(cloud, "one-off", 4) == 0

    def test_records_after_a_restart_are_delivered(self, cloud: Cloud) -> None:
        cloud.put("before-restart")
        assert wait_until(lambda: cloud.attempts("INSERT before-restart"))
        cloud.restart()
        cloud.put("after-restart")
        assert wait_until(lambda: cloud.attempts("INSERT after-restart") == 1)
        assert cloud.attempts("INSERT before-restart") == 1

    def test_unknown_routes_get_the_templates_answer(self, cloud: Cloud) -> None:
        answer = get(f"{cloud.deployment.api_url}/no/such/route")
        assert answer.status_code == 404
        assert answer.json() == {"status": 404, "code": "not_found"}


class TestStillNeeded:
    """What the emulator does without them."""

    def test_quiet_handlers_wait(self, plain: Cloud) -> None:
        assert fastest_call(plain) > 0.05

    def test_functions_run_on_the_host(self, plain: Cloud) -> None:
        report = probe(plain)
        assert report["host_packages"] == ["pytest", "ministack"]
        assert report["environment"]["HOST_VARIABLE"] == "seen"
        assert report["search_path"][0] != report["code"]

    def test_layers_are_unpacked_for_every_worker(self, plain: Cloud) -> None:
        assert any("ministack-lambda" in place and "/layer_" in place for place in probe(plain)["search_path"])

    def test_a_refused_record_is_lost(self, plain: Cloud) -> None:
        plain.put("refused-twice", failures=2)
        assert wait_until(lambda: plain.attempts("INSERT refused-twice"))
        time.sleep(2)
        assert plain.attempts("INSERT refused-twice") == 1

    def test_expired_items_stay(self, plain: Cloud) -> None:
        plain.put("expired", expires=int(time.time()) - 10)
        time.sleep(4)
        assert plain.seen("REMOVE expired") is None

    def test_schedules_do_not_know_their_zone(self, plain: Cloud) -> None:
        schedule_one_off(plain, "one-off")
        assert messages(plain, "one-off", 12) == 0

    def test_unknown_routes_get_the_emulators_answer(self, plain: Cloud) -> None:
        assert "not_found" not in get(f"{plain.deployment.api_url}/no/such/route").text

    def test_a_nested_stack_cannot_be_updated(self, plain: Cloud) -> None:
        with pytest.raises(Exception, match="Requested attribute Arn does not exist"):
            plain.deploy(Greeting="other")

    def test_records_after_a_restart_are_skipped(self, plain: Cloud) -> None:
        """Last, because it restarts the emulator."""
        plain.put("before-restart")
        assert wait_until(lambda: plain.attempts("INSERT before-restart"))
        plain.restart()
        plain.put("after-restart")
        time.sleep(3)
        assert plain.attempts("INSERT after-restart") == 0


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "version", lambda _name: "1.5.34")
    with pytest.raises(WrongEmulatorError, match=r"1\.5\.34"):
        patches.check_version()


def test_the_pinned_version_is_installed() -> None:
    assert metadata.version("ministack") == patches.EMULATOR_VERSION
    patches.check_version()


def test_a_missing_part_is_refused() -> None:
    with pytest.raises(WrongEmulatorError, match="_gone"):
        require(ModuleType("emulator"), "_gone")


def fate(cloud: Cloud) -> list[dict]:
    """What the default bus says after a mail that bounces."""
    events, queues = cloud.client("events"), cloud.client("sqs")
    queue = queues.create_queue(QueueName="fates")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="fates", EventPattern=json.dumps({"source": ["aws.ses"]}))
    events.put_targets(Rule="fates", Targets=[{"Id": "queue", "Arn": arn}])
    mailer = cloud.client("sesv2")
    mailer.create_email_identity(EmailIdentity="demo.example")
    mailer.send_email(
        FromEmailAddress="portal@demo.example",
        Destination={"ToAddresses": ["bounce@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "A letter"}, "Body": {"Text": {"Data": "text"}}}},
        EmailTags=[{"Name": "reference", "Value": "ntc_1"}],
    )
    found = []

    def came() -> bool:
        messages = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        found.extend(json.loads(message["Body"]) for message in messages)
        return bool(found)

    wait_until(came, seconds=3)
    return found


def test_a_bounce_is_told_on_the_default_bus(cloud: Cloud) -> None:
    [event] = fate(cloud)
    [said] = email.read_event(event["detail-type"], event["detail"])
    assert (said.event, said.address, said.reference) == (Event.GONE, "bounce@simulator.amazonses.com", "ntc_1")


def test_fates_are_still_needed(plain: Cloud) -> None:
    assert fate(plain) == []
