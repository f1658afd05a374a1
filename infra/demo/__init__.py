"""The demo world: four invented property managers, loaded through the same imports and routes that a customer uses."""

from infra.demo.channels import CHANNELS, connect_channels
from infra.demo.client import ApiError
from infra.demo.load import LoadError, load
from infra.demo.payments import AGREEMENTS, connect_providers
from infra.demo.table import PASSWORD, SIGN_INS

__all__ = [
    "AGREEMENTS",
    "CHANNELS",
    "PASSWORD",
    "SIGN_INS",
    "ApiError",
    "LoadError",
    "connect_channels",
    "connect_providers",
    "load",
]
