"""The environment as one validated model, read once and only when something asks for it."""

import os
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict

LOCAL_STAGE: Final = "local"


class MissingSetting(RuntimeError):  # noqa: N818
    """A function asks for a setting that its template does not give."""


class Settings(BaseModel):
    """One attribute an environment variable (upper-case). Empty means: this function was not given it."""

    model_config = ConfigDict(frozen=True)

    stage: str = LOCAL_STAGE
    access_table: str = ""
    event_bus: str = ""
    uploads_bucket: str = ""
    user_pool: str = ""
    user_pool_client: str = ""
    public_origin: str = ""
    mail_sender: str = ""
    """From which address notices are sent."""
    signing_secret: str = ""
    """The deployment's secret: it signs paging cursors and marks what came through our own edge."""

    def need(self, name: str) -> str:
        """The value of a setting that must be there. Raises MissingSetting."""
        value: str = getattr(self, name)
        if not value:
            raise MissingSetting(name.upper())
        return value


@cache
def settings() -> Settings:
    """The settings of this process."""
    names = Settings.model_fields
    return Settings(**{name: os.environ[name.upper()] for name in names if os.environ.get(name.upper())})


def is_local() -> bool:
    """Whether this is the local cloud (plain http on loopback)."""
    return settings().stage == LOCAL_STAGE
