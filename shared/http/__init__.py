"""HTTP for every context: `PortalApp` with typed endpoints. The only importer of Chalice."""

from shared.http.app import PortalApp
from shared.http.call import Call
from shared.http.contracts import LOOKUP, ORGANISATION, PUBLIC, SELF, Access, Raw, community, contract, unit

__all__ = [
    "LOOKUP",
    "ORGANISATION",
    "PUBLIC",
    "SELF",
    "Access",
    "Call",
    "PortalApp",
    "Raw",
    "community",
    "contract",
    "unit",
]
