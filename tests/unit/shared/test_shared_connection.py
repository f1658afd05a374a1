"""All models share one connection: a model without the index must not hide it from one that queries by it."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from shared.tables import Base


class Plain(Base):
    class Meta:
        table_name = "registry"


class ByName(GlobalSecondaryIndex):
    class Meta:
        index_name = "gsi1"
        projection = AllProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class Indexed(Plain):
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_name = ByName()


def test_index_is_known_whichever_model_came_first(cloud):
    Plain(pk="ORG#a#X", sk="X").save()
    Indexed(pk="ORG#a#Y", sk="Y", gsi1pk="names", gsi1sk="y").save()
    assert [item.pk for item in Indexed.by_name.query("names")] == ["ORG#a#Y"]
    assert Plain.get("ORG#a#X", "X").sk == "X"
