"""The app and the consumers that the modules with routes fill."""

from shared.events.consumer import Consumers
from shared.http import PortalApp

app = PortalApp("notifications")
consumers = Consumers("notifications")
