"""What is an e-mail address, and when two are the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared import emails


@pytest.mark.parametrize(
    "text",
    ["a@b.pl", "tenant.pl@demo.example", "o'neill+tag@mail.co.uk", "zażółć@gęśl.pl", "x_y-z@a-b.example", "1@2.info"],
)
def test_addresses(text):
    assert emails.is_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b", "a@@b.pl", "a b@c.pl", "a@b..pl", "@b.pl", "a@.pl", "a@-b.pl", "a@b.p", "a@b.12", "a@b.pl\n", "<a@b.pl>",
     "a@b.pl,c@d.pl", "x" * 65 + "@b.pl", "a@" + "b" * 250 + ".pl"],
)  # fmt: skip
def test_what_is_none(text):
    assert not emails.is_email(text)


@given(st.emails(domains=st.just("demo.example")))
def test_case_and_outer_spaces_do_not_matter(email):
    assert emails.normalise(f"  {email.upper()} ") == emails.normalise(email.lower())


@example("\u00b4a")
@given(st.text(max_size=60))
def test_normalising_again_changes_nothing(text):
    once = emails.normalise(text)
    assert emails.normalise(once) == once
