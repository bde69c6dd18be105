"""Subscriptions, out of what `az account list`, `Get-AzSubscription` and the REST API tell of an account.

Invariant: of an account only id, name and cloud are read; users and tenants are nobody's business here.
"""

from __future__ import annotations

from typing import Any, Literal

from tui.exchange.found import FoundSubscription, Place
from tui.exchange.resource_ids import ResourceId
from tui.exchange.resources.fields import NotUnderstoodError, folded, name
from tui.exchange.resources.report import Report

_CLOUDS: dict[str, Literal["public", "usgov", "china"]] = {
    "azurecloud": "public",
    "azureusgovernment": "usgov",
    "azurechinacloud": "china",
}


def subscription(fields: dict[str, Any], own_id: ResourceId | None, where: str, report: Report) -> FoundSubscription:
    """Return the subscription that an account is. Raises NotUnderstoodError for one without an id."""
    own = own_id.subscription if own_id is not None else name(fields.get("subscriptionid")) or name(fields.get("id"))
    if not own or "/" in own:
        raise NotUnderstoodError("a subscription without id")
    cloud = fields.get("cloudname") or fields.get("environmentname")
    cloud = cloud or folded(fields.get("extendedproperties")).get("environment")
    return FoundSubscription(
        id=own,
        name=name(fields.get("displayname")) or name(fields.get("name")),
        cloud=_CLOUDS.get(cloud.lower()) if isinstance(cloud, str) else None,
        place=Place(report.source, where),
    )
