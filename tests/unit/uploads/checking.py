"""A file arrives, the queue brings the bucket's message, and what lies there afterwards."""

import json
from urllib.parse import quote

from uploads import app

ORG, PERSON = "org_test", "per_1"
UPLOAD = "upl_01J9Z3W5YB8Q2M4N6P8R0T2V4X"
KEY = f"incoming/org/{ORG}/ticket/{PERSON}/{UPLOAD}/leak.jpg"
FOLDER = f"checked/org/{ORG}/ticket/{PERSON}/{UPLOAD}"
READING_KEY = KEY.replace("/ticket/", "/reading/")
BUCKET = "lokum-test-uploads"


def arrive(bucket, content, name="leak.jpg", key=KEY):
    """The file lies in the bucket; its ETag."""
    return bucket.put_object(Bucket=BUCKET, Key=key, Body=content, Metadata={"name": quote(name)})["ETag"].strip('"')


def notify(etag, *, key=KEY, receives=1):
    """The queue brings the bucket's message; the keys of the messages that go back."""
    body = {"Records": [{"s3": {"object": {"key": quote(key, safe=""), "eTag": etag}}}]}
    record = {
        "messageId": "m1",
        "receiptHandle": "r",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:uploads",
        "awsRegion": "eu-central-1",
    }
    answer = app.on_files({"Records": [record]}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def folder_of(key):
    return key.replace("incoming/", "checked/", 1).rpartition("/")[0]


def stored(bucket, name, key=KEY):
    try:
        return bucket.get_object(Bucket=BUCKET, Key=f"{folder_of(key)}/{name}")
    except bucket.exceptions.NoSuchKey:
        return None


def result(bucket, key=KEY):
    found = stored(bucket, "result.json", key)
    return json.loads(found["Body"].read()) if found else None


def checked(bucket, content, name="leak.jpg", key=KEY):
    assert notify(arrive(bucket, content, name, key), key=key) == []
    return result(bucket, key)
