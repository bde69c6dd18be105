"""IPsec policies of connections: the fields that Azure documents, with the words and numbers that they may have.

Owns those words (Azure REST API, `IpsecPolicy`). Invariant: nothing else of a policy is kept, so that no text that
somebody has put there, a key perhaps, reaches a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tui.exchange.addresses import cut_short
from tui.exchange.resources.fields import CUT_SHORT, folded, number
from tui.exchange.resources.report import Report

_NUMBERS: Final = ("saLifeTimeSeconds", "saDataSizeKilobytes")
_LARGEST: Final = (1 << 31) - 1
_GCM: Final = ("GCMAES128", "GCMAES192", "GCMAES256")
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ipsecEncryption": ("None", "DES", "DES3", "AES128", "AES192", "AES256", *_GCM),
    "ipsecIntegrity": ("MD5", "SHA1", "SHA256", *_GCM),
    "ikeEncryption": ("DES", "DES3", "AES128", "AES192", "AES256", "GCMAES128", "GCMAES256"),
    "ikeIntegrity": ("MD5", "SHA1", "SHA256", "SHA384", "GCMAES128", "GCMAES256"),
    "dhGroup": ("None", "DHGroup1", "DHGroup2", "DHGroup14", "DHGroup2048", "ECP256", "ECP384", "DHGroup24"),
    "pfsGroup": ("None", "PFS1", "PFS2", "PFS2048", "ECP256", "ECP384", "PFS24", "PFS14", "PFSMM"),
}
_SPELT: Final = {field: {word.lower(): word for word in words} for field, words in _WORDS.items()}


def policy_in(policies: Any, where: str, report: Report) -> Mapping[str, Any] | None:
    """Return the IPsec policy, of which a connection has one at most, as Azure spells it; None where there is none."""
    if isinstance(policies, dict):
        policies = [policies]
    if not isinstance(policies, list) or not policies:
        return None
    if cut_short(policies[0]):
        report.gather("missing", CUT_SHORT, where)
    written = folded(policies[0])
    policy: dict[str, Any] = {}
    for field in (*_NUMBERS, *_SPELT):
        value = written.get(field.lower())
        known: int | str | None = number(value, _LARGEST) if field in _NUMBERS else None
        if field in _SPELT and isinstance(value, str):
            known = _SPELT[field].get(value.strip().lower())
        if known is not None:
            policy[field] = known
        elif value not in (None, "") and not cut_short(value):
            report.say("not understood", f"{field} of the IPsec policy holds nothing that Azure documents", where)
    return MappingProxyType(policy) if policy else None
