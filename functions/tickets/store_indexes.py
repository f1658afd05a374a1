"""The four indexes over tickets' heads; every partition has one organisation's tickets in the order in which a list shows them."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex


class ByStatus(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """`ORG#<org>#STATUS#<status>` / `<due_at, or 9999, or ended_at>#<ticket>`."""

    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class ByAssignee(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """`ORG#<org>#ASSIGNEE#<person or none>#<open or shut>`, in the same order."""

    class Meta:
        index_name = "gsi2"
        projection = AllProjection()

    gsi2pk = UnicodeAttribute(hash_key=True)
    gsi2sk = UnicodeAttribute(range_key=True)


class ByCommunity(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """`ORG#<org>#COMMUNITY#<community>#<open or shut>`, in the same order."""

    class Meta:
        index_name = "gsi3"
        projection = AllProjection()

    gsi3pk = UnicodeAttribute(hash_key=True)
    gsi3sk = UnicodeAttribute(range_key=True)


class ByContract(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """`ORG#<org>#CONTRACT#<contract>` / `<ticket>`: by age."""

    class Meta:
        index_name = "gsi4"
        projection = AllProjection()

    gsi4pk = UnicodeAttribute(hash_key=True)
    gsi4sk = UnicodeAttribute(range_key=True)
