"""Environment of every test, set before any context is imported: tables by name, no real AWS."""

import os

os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="eu-central-1",
    AWS_REGION="eu-central-1",
    AWS_EC2_METADATA_DISABLED="true",
    ACCESS_TABLE="access",
    REGISTRY_TABLE="registry",
    STATEMENTS_TABLE="statements",
    PAYMENTS_TABLE="payments",
    TICKETS_TABLE="tickets",
    METERS_TABLE="meters",
    NOTIFICATIONS_TABLE="notifications",
    EVENT_BUS="lokum-test",
    UPLOADS_BUCKET="lokum-test-uploads",
    PUBLIC_ORIGIN="https://portal.example",
    SIGNING_SECRET="lokum-test-signing",
    STAGE="test",
    POWERTOOLS_METRICS_NAMESPACE="Lokum",
)
for _proxy in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
    os.environ.pop(_proxy, None)

pytest_plugins = ["tests.world"]
