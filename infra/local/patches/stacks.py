"""How the emulator updates a nested stack."""

# ruff: noqa: SLF001 - a patch is about private parts
from typing import Any

from infra.local.patches.parts import require

NESTED = "AWS::CloudFormation::Stack"
Attributes = dict[str, Any]


def keep_attributes_of_nested(**_context: Any) -> None:
    """A resource of a nested stack keeps its attributes over an update that does not change it.

    The emulator loses them, and every output that reads one (`!GetAtt Table.Arn`) fails the update of the whole stack.
    """
    from ministack.services import cloudformation
    from ministack.services.cloudformation import provisioners

    require(provisioners, "_update_resource", "_nested_stack_lookup_name", "_RESOURCE_HANDLERS")
    require(cloudformation, "_stacks")
    update_resource = provisioners._update_resource
    update_nested = provisioners._RESOURCE_HANDLERS[NESTED]["update"]
    known: dict[tuple[str, str], Attributes] = {}

    def remember(physical_id: str, *rest: Any) -> Any:
        name = provisioners._nested_stack_lookup_name(physical_id)
        for logical_id, resource in (cloudformation._stacks.get(name) or {}).get("_resources", {}).items():
            known[name, logical_id] = resource.get("Attributes") or {}
        return update_nested(physical_id, *rest)

    def update(kind: str, physical_id: str, old: Any, new: Any, stack: str, *rest: Any) -> tuple[str, Attributes]:
        logical_id, attributes = (*rest, None, None)[:2]
        before = attributes if attributes is not None else known.get((stack, str(logical_id)), {})
        now_id, now = update_resource(kind, physical_id, old, new, stack, logical_id, before)
        return now_id, {**before, **now} if now_id == physical_id else now

    provisioners._update_resource = update
    provisioners._RESOURCE_HANDLERS[NESTED]["update"] = remember
