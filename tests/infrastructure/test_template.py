"""The rules that the architecture makes for the wiring, as far as no linter knows them."""

import re
from itertools import product

import pytest
from uploads.rules import POLICIES

from infra.build.template import TEMPLATES, load
from shared.events.consumer import MAX_RECEIVES

ROOT = load("template.yaml")["Resources"]
EVENTS = load("infra/events.yaml")["Resources"]
ALARMS = load("infra/observability.yaml")["Resources"]
TABLES = {n: r for n, r in load("infra/data.yaml")["Resources"].items() if r["Type"] == "AWS::DynamoDB::Table"}
FUNCTIONS = {n: r["Properties"] for n, r in ROOT.items() if r["Type"] == "AWS::Serverless::Function"}
CONSUMERS = {n: p for n, p in FUNCTIONS.items() if any(e["Type"] == "SQS" for e in p.get("Events", {}).values())}
RELAYS = {n: p for n, p in FUNCTIONS.items() if n.startswith("Relay")}
QUEUES = {n: r["Properties"] for n, r in EVENTS.items() if r["Type"] == "AWS::SQS::Queue"}
DEFAULT_TIMEOUT = load("template.yaml")["Globals"]["Function"]["Timeout"]
NO_TABLE_WRITES = {"UploadsFunction"}


def _statements(properties):
    return [statement for policy in properties.get("Policies", []) for statement in policy["Statement"]]


def _actions(properties):
    for statement in _statements(properties):
        actions = statement["Action"]
        yield from [actions] if isinstance(actions, str) else actions


def test_every_queue_is_a_dead_letter_queue_or_has_one():
    for name, queue in QUEUES.items():
        if name.endswith("Dlq"):
            assert "RedrivePolicy" not in queue
        else:
            policy = queue["RedrivePolicy"]
            assert policy["deadLetterTargetArn"] == {"Fn::GetAtt": [name.replace("Queue", "Dlq"), "Arn"]}
            assert policy["maxReceiveCount"] == MAX_RECEIVES


def test_every_dead_letter_queue_has_its_alarm():
    of_queues = [alarm["Properties"] for alarm in ALARMS.values() if alarm["Properties"]["Namespace"] == "AWS/SQS"]
    watched = {alarm["Dimensions"][0]["Value"]["Ref"] for alarm in of_queues}
    assert watched == {f"{name}Name" for name in QUEUES if name.endswith("Dlq")}
    wired = ROOT["Observability"]["Properties"]["Parameters"]
    assert watched <= set(wired)
    for name in watched:
        assert wired[name] == {"Fn::GetAtt": ["Events", f"Outputs.{name}"]}
    for alarm in of_queues:
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")


def test_what_strangers_send_has_its_alarm():
    ours = [alarm["Properties"] for alarm in ALARMS.values() if alarm["Properties"]["Namespace"] == "Lokum"]
    assert {(alarm["MetricName"], alarm["Dimensions"][0]["Value"]): alarm["Threshold"] for alarm in ours} == {
        ("webhooks_unwanted", "payments"): 0,
        ("webhooks_refused", "payments"): 10,
        ("webhooks_refused", "notifications"): 10,
    }
    assert all([one["Name"] for one in alarm["Dimensions"]] == ["service"] for alarm in ours)


def test_every_rule_delivers_to_a_queue_with_a_way_out():
    for rule in (r["Properties"] for r in EVENTS.values() if r["Type"] == "AWS::Events::Rule"):
        for target in rule["Targets"]:
            assert target["Arn"]["Fn::GetAtt"][0] in QUEUES
            assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].endswith("Dlq")


@pytest.mark.parametrize("name", sorted(CONSUMERS))
def test_a_consumer_reports_single_failures_and_has_time(name):
    properties = CONSUMERS[name]
    (event,) = properties["Events"].values()
    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = event["Properties"]["Queue"]["Fn::GetAtt"][1].removeprefix("Outputs.").removesuffix("Arn")
    assert QUEUES[queue]["VisibilityTimeout"] > properties.get("Timeout", DEFAULT_TIMEOUT)


@pytest.mark.parametrize("name", sorted(RELAYS))
def test_a_relay_may_say_its_own_context_only_and_loses_nothing(name):
    properties = RELAYS[name]
    context = name.removeprefix("Relay").removesuffix("Function").lower()
    (put,) = (s for s in _statements(properties) if s["Action"] == "events:PutEvents")
    assert put["Condition"] == {"StringEqualsIfExists": {"events:source": f"lokum.{context}"}}
    stream = properties["Events"]["Stream"]["Properties"]
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["StartingPosition"] == "TRIM_HORIZON"
    assert stream["DestinationConfig"]["OnFailure"]["Type"] == "SQS"


def test_every_table_is_relayed_kept_and_restorable():
    assert len(RELAYS) == len(TABLES)
    for table in TABLES.values():
        properties = table["Properties"]
        assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert properties["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
        assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_role_lists_single_actions_on_single_things(name):
    for action in _actions(FUNCTIONS[name]):
        assert "*" not in action
        assert action not in {"dynamodb:Scan", "dynamodb:DescribeTable"}
    for statement in _statements(FUNCTIONS[name]):
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert "*" not in resources


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_writes_to_its_own_table_only(name):
    """And extends sessions, on their keys alone, in the access table."""
    context = re.match("[A-Z][a-z]+", name)[0]
    own = "Access" if context == "Auth" else context
    for statement in _statements(FUNCTIONS[name]):
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        if not any(re.search("dynamodb:(Put|Update|Delete|BatchWrite)", action) for action in actions):
            continue
        if statement.get("Sid") == "ExtendSession":
            assert actions == ["dynamodb:UpdateItem"]
            assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["SESSION#*"]}}
        else:
            assert name not in NO_TABLE_WRITES
            assert f"Outputs.{own}TableArn" in str(statement["Resource"])


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_logs_into_a_group_that_forgets(name):
    group = ROOT[FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]]
    assert group["Type"] == "AWS::Logs::LogGroup"
    assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_no_secret_stands_in_a_template():
    for path in TEMPLATES:
        text = str(load(path))
        assert not re.search(r"(AKIA[0-9A-Z]{16}|-----BEGIN|password['\"]?: ['\"][^'\"{]+['\"])", text, re.IGNORECASE)


@pytest.mark.parametrize("name", ["UploadsFunction", "UploadsChecksFunction"])
def test_uploads_reach_the_folders_of_their_purposes_only(name):
    """One prefix for each purpose whose files are checked, and nothing else below `incoming/` and `checked/`."""
    purposes = {purpose for purpose, policy in POLICIES.items() if policy.is_checked}
    reach = {
        (action, re.sub(r"\$\{[^}]*\}", "", each["Fn::Sub"]).removeprefix("arn::s3:::/"))
        for statement in _statements(FUNCTIONS[name])
        for action in _listed(statement["Action"])
        for each in _listed(statement["Resource"])
        if action.startswith("s3:")
    }
    waiting = {f"incoming/org/*/{purpose}/*" for purpose in purposes}
    seen = {f"checked/org/*/{purpose}/*" for purpose in purposes}
    expected = {
        "UploadsFunction": {("s3:PutObject", place) for place in waiting | {"org/*"}}
        | {("s3:GetObject", f"{place}/result.json") for place in seen},
        "UploadsChecksFunction": set(product(("s3:GetObject", "s3:DeleteObject"), waiting))
        | set(product(("s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"), seen)),
    }
    assert reach == expected[name]


def _listed(given):
    return given if isinstance(given, list) else [given]


def test_the_bucket_reports_whatever_waits_for_its_check():
    bucket = load("infra/data.yaml")["Resources"]["UploadsBucket"]["Properties"]
    (queue,) = bucket["NotificationConfiguration"]["QueueConfigurations"]
    assert queue["Filter"] == {"S3Key": {"Rules": [{"Name": "prefix", "Value": "incoming/"}]}}


def test_files_of_people_are_forgotten():
    """Imports after 90 days, what waits for its check after one, what nothing has named after two; claimed files never."""
    bucket = load("infra/data.yaml")["Resources"]["UploadsBucket"]["Properties"]
    rules = {
        (rule.get("Prefix"), str(rule.get("TagFilters", ""))): rule.get("ExpirationInDays")
        for rule in bucket["LifecycleConfiguration"]["Rules"]
    }
    unclaimed = str([{"Key": "claimed", "Value": "no"}])
    assert rules == {("org/", ""): 90, ("incoming/", ""): 1, ("checked/", unclaimed): 2, (None, ""): None}


def test_nobody_deletes_a_checked_file():
    for name, properties in FUNCTIONS.items():
        for statement in _statements(properties):
            if "s3:DeleteObject" in statement["Action"]:
                assert name == "UploadsChecksFunction"
                assert "/incoming/" in str(statement["Resource"])


def test_only_the_check_reads_what_nobody_has_checked():
    """An attachment's address can be signed by a function only that may read it itself."""
    for name, properties in FUNCTIONS.items():
        for statement in _statements(properties):
            if "s3:GetObject" in statement["Action"] and "/incoming/" in str(statement["Resource"]):
                assert name == "UploadsChecksFunction"


@pytest.mark.parametrize(
    ("context", "rate"),
    [
        ("Tickets", "rate(5 minutes)"),
        ("Meters", "rate(1 hour)"),
        ("Payments", "rate(1 hour)"),
        ("Notifications", "rate(1 minute)"),
    ],
)
def test_a_clock_tells_when_it_fails(context, rate):
    clock = FUNCTIONS[f"{context}ClockFunction"]
    (event,) = clock["Events"].values()
    assert (event["Type"], event["Properties"]["ScheduleExpression"]) == ("ScheduleV2", rate)
    ends = [
        event["Properties"]["DeadLetterConfig"]["Arn"],
        clock["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"],
    ]
    assert ends == [{"Fn::GetAtt": ["Events", f"Outputs.{context}ClockDlqArn"]}] * 2
