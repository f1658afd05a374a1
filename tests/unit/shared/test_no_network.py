import socket

import pytest


def test_the_guard_is_on():
    with socket.socket() as client, pytest.raises(RuntimeError, match="calls"):
        client.connect(("192.0.2.1", 9))
