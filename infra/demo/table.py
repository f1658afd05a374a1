"""The demo sign-ins: the one list that the loader, `make run`, the tests and the README go by."""

from typing import Final

PASSWORD: Final = "Demo-Lokum-2026"  # noqa: S105 - published on purpose: it opens invented data only
SIGN_INS: Final[tuple[tuple[str, str], ...]] = (
    ("tenant.pl@demo.example", "tenant, Poland"),
    ("owner.pl@demo.example", "owner and board member, Poland"),
    ("supplier.pl@demo.example", "supplier, Poland"),
    ("staff.pl@demo.example", "staff, Poland"),
    ("admin.pl@demo.example", "administrator, Poland"),
    ("tenant.ua@demo.example", "tenant, Ukraine"),
    ("staff.ua@demo.example", "staff, Ukraine"),
    ("admin.ua@demo.example", "administrator, Ukraine"),
    ("tenant.no@demo.example", "tenant, Norway"),
    ("staff.no@demo.example", "staff, Norway"),
    ("admin.no@demo.example", "administrator, Norway"),
    ("tenant.fr@demo.example", "tenant, France"),
    ("staff.fr@demo.example", "staff, France"),
    ("admin.fr@demo.example", "administrator, France"),
)
"""E-mail address and role, in English like all console output."""
