"""Who signs in: the demo world's fixed people."""

from typing import Final

PASSWORD: Final = "Demo-Lokum-2026"
TENANT_PL: Final = "tenant.pl@demo.example"
OWNER_PL: Final = "owner.pl@demo.example"
STAFF_PL: Final = "staff.pl@demo.example"
ADMIN_PL: Final = "admin.pl@demo.example"
TENANT_UA: Final = "tenant.ua@demo.example"
STAFF_UA: Final = "staff.ua@demo.example"
TENANT_NO: Final = "tenant.no@demo.example"
STAFF_NO: Final = "staff.no@demo.example"
TENANT_FR: Final = "tenant.fr@demo.example"
STAFF_FR: Final = "staff.fr@demo.example"
FIXED: Final = frozenset(
    {
        *(TENANT_PL, OWNER_PL, STAFF_PL, ADMIN_PL, TENANT_UA, STAFF_UA, TENANT_NO, STAFF_NO, TENANT_FR, STAFF_FR),
        *(f"admin.{land}@demo.example" for land in ("ua", "no", "fr")),
    }
)
