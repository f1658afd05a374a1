"""What the pinned emulator does differently from AWS, mended from outside, one function for each difference.

Every patch replaces private parts of one exact version of ministack, so another version is refused before anything starts, and so is
a version whose parts have other names. ``tests/local_cloud`` shows for each patch that it works and that it is still needed.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any, Final

from infra.local.patches import expiry, gateway, layers, mails, schedules, stacks, streams, workers
from infra.local.patches.parts import WrongEmulatorError

EMULATOR_VERSION: Final = "1.5.33"

ALL: Final[dict[str, Callable[..., None]]] = {
    "quiet-handlers": workers.answer_without_waiting,
    "bare-runtime": workers.run_on_bare_runtime,
    "shared-layers": layers.unpack_once,
    "stream-batches": streams.deliver_like_aws,
    "stream-tail": streams.keep_unread_records,
    "schedules": schedules.fire_in_their_zone,
    "expiry": expiry.disable_slow_reaper,
    "gateway-responses": gateway.keep_gateway_responses,
    "mails": mails.keep_what_was_sent,
    "nested-updates": stacks.keep_attributes_of_nested,
}
"""Name and function of each patch that is applied when the emulator starts."""


def check_version() -> None:
    """Refuse any emulator but the pinned one. Raises WrongEmulatorError."""
    found = version("ministack")
    if found != EMULATOR_VERSION:
        raise WrongEmulatorError(
            f"ministack {found} is installed, the patches are for {EMULATOR_VERSION}: "
            "run tests/local_cloud against it, drop the patches it no longer needs, then change EMULATOR_VERSION"
        )


def apply(names: Iterable[str], **context: Any) -> None:
    """Apply the named patches; ``context`` carries ``runtime`` (interpreter of the functions) and ``cache`` (a folder)."""
    check_version()
    for name in names:
        ALL[name](**context)
