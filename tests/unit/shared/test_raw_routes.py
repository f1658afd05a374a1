"""Routes that other programs call in a form of their own."""

import base64

import pytest

from shared.http import ORGANISATION, PUBLIC, Call, PortalApp, Raw
from tests.support import api_event


@pytest.fixture
def app(cloud):
    app = PortalApp("statements")

    @app.endpoint("POST", "/hooks/{name}", access=PUBLIC, returns=None, raw=True)
    def hook(call: Call, name: str) -> Raw:
        text = f"<{name} {len(call.raw)} {call.raw[:4].hex()} {call.raw_query.get('q', '')}/>"
        return Raw(202, text.encode(), "application/xml; charset=utf-8", {"X-Own": "1"})

    return app


def post(app, body, **given):
    headers = {"Content-Type": "application/x-whatever", "X-Requested-With": "", "Origin": "https://elsewhere.example"}
    event = api_event("POST", "/hooks/{name}", path={"name": "x"}, body=body, headers=headers, query={"q": "7"})
    return app({**event, **given}, None)


def test_bytes_in_text_out_whatever_the_type_and_the_origin(app):
    answer = post(app, "ąb")
    assert (answer["statusCode"], answer["body"]) == (202, "<x 3 c48562 7/>")
    assert answer["headers"]["Content-Type"] == "application/xml; charset=utf-8"
    assert (answer["headers"]["X-Own"], answer["headers"]["Cache-Control"]) == ("1", "no-store")
    coded = post(app, base64.b64encode(b"\xff\x00").decode(), isBase64Encoded=True)
    assert coded["body"] == "<x 2 ff00 7/>"
    assert post(app, None)["body"] == "<x 0  7/>"
    assert post(app, "x" * 300_000)["statusCode"] == 202, "the view says what is too long"


def test_a_raw_route_is_public_and_has_no_models():
    with pytest.raises(ValueError, match="raw"):
        PortalApp("statements").endpoint("POST", "/x", access=ORGANISATION, returns=None, raw=True)(lambda call: None)
