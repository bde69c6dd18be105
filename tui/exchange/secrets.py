"""Secrets: which tags of a resource look like one, so that they are never kept, shown or logged.

Owns the words and the shapes by which a secret is known. A tag that is dropped in error is told by its key and can be
typed again; one that is kept in error stands in git. Invariant: nothing that this module returns holds the value of a
tag that looks like a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice, pairwise
from types import MappingProxyType
from typing import Any

from tui.exchange.found import Notice, Place

_WORDS = frozenset(
    (
        "key",
        "keys",
        "apikey",
        "secret",
        "secrets",
        "password",
        "passwords",
        "passwd",
        "pwd",
        "pass",
        "passphrase",
        "passcode",
        "pw",
        "psk",
        "token",
        "tokens",
        "sas",
        "pat",
        "credential",
        "credentials",
        "creds",
        "cred",
        "pin",
    )
)
"""Words that mark a key when they stand in it as a word: `api-key`, `sasToken`, not `pinboard`."""
_PARTS = (
    "secret",
    "password",
    "passwd",
    "passphrase",
    "connectionstring",
    "credential",
    "sharedkey",
    "accesskey",
    "accountkey",
    "apikey",
    "privatekey",
    "presharedkey",
    "token",
    "passwort",
    "kennwort",
    "motdepasse",
    "contrasena",
    "contraseña",
    "wachtwoord",
)
_ENDINGS = ("key", "keys", "psk", "pwd", "pw", "pass")
"""What a secret's name ends with where its words are written as one: `vpnkey`, `adminpw`."""
_NO_SECRETS = (
    "monkey",
    "turkey",
    "donkey",
    "hockey",
    "jockey",
    "whiskey",
    "compass",
    "bypass",
    "overpass",
    "underpass",
)
"""Words of which the ending means nothing."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SHAPES = re.compile(
    r"-----BEGIN|SharedAccess(?:Signature|Key)|\bsig=|(?:Account|Access|Shared|Api|Private)Key\s*="
    r"|\bBearer\s|\beyJ[\w-]{8,}\.|\bgh[pousr]_\w{16}|\bgithub_pat_|\bxox[abprs]-"
    r"|\bAKIA[0-9A-Z]{12}|[A-Za-z0-9]{3}\dQ~|://[^/\s:@]{0,200}:[^/\s@]{1,200}@"
    r"|hooks\.slack\.com/|webhook\.office\.com/|outlook\.office(?:365)?\.com/webhook|discord(?:app)?\.com/api/webhooks/",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:\bpwd?|\bpsk|pre-?shared(?:[ _-]?key)?|shared[ _-]key|\bpass(?:e|code|phrase|wd|wort)?|password|kennwort"
    r"|mot de passe|contrase[nñ]a|wachtwoord|secret|token)\s{0,8}(?:[=:]|\b(?:is|ist|est|es)\b)|\bkey\s{0,8}[=:]",
    re.IGNORECASE,
)
"""Somebody says in a text what the secret is."""
_BASIC = re.compile(r"\b[Bb]asic\s{1,8}(?=[A-Za-z0-9+/]*(?:[a-z][A-Z]|[0-9=]))[A-Za-z0-9+/=]{8}")
"""The header of HTTP's basic authentication, not "Basic networking"."""
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{32,}(?![0-9A-Za-z])")
_GUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_RUN = re.compile(r"[A-Za-z0-9+/]{20,}")
_CUT_OFF = re.compile(r"System\.(?:Object|Collections\.[\w.]{1,60})(?:\[\])?|@\{[^{}]{0,2000}\}")
"""What PowerShell's `ConvertTo-Json` prints of a value that lies deeper than its `-Depth`."""
_CUT_BEGINS = frozenset("S@")
_LONGEST_VALUE = 4096
_SHORT = 100
"""Characters of values that are remembered: tags say the same of thousands of things."""
_LONGEST_KEY = 512
_MOST_TAGS = 200
"""Of one resource; Azure allows 50."""


def secret_by_key(key: str) -> bool:
    """True if the name of a tag or field says that its value is a secret."""
    return _secret_by_key(key[:_LONGEST_KEY])


@lru_cache(maxsize=1024)
def _secret_by_key(key: str) -> bool:
    words = [word.lower() for word in _WORD.findall(key)]
    for word, following in pairwise([*words, ""]):
        # A Key Vault is where secrets are, and no secret.
        if (word in _WORDS or _ends_as_secret(word)) and (word, following) != ("key", "vault"):
            return True
    squashed = "".join(character for character in key.lower() if character.isalnum())
    return _ends_as_secret(squashed) or any(part in squashed for part in _PARTS)


def _ends_as_secret(word: str) -> bool:
    return (
        word.endswith(_ENDINGS) and not word.removesuffix("s").endswith(_NO_SECRETS) and not word.endswith(_NO_SECRETS)
    )


def secret_by_value(value: str) -> bool:
    """True if a text looks like a secret: a key in base64 or hex, a token, a certificate, a connection string."""
    if len(value) < 4 or (len(value) < 16 and value.isalnum()):
        return False
    return _looks_secret(value) if len(value) <= _SHORT else _looks_secret.__wrapped__(value[:_LONGEST_VALUE])


@lru_cache(maxsize=1024)
def _looks_secret(value: str) -> bool:
    if _SHAPES.search(value) or _TOLD.search(value) or _BASIC.search(value) or _HEX.search(value):
        return True
    return any(_looks_random(match[0]) for match in _RUN.finditer(_GUID.sub(" ", value)))


def kept_tags(tags: Any, place: Place) -> tuple[Mapping[str, str], list[Notice]]:
    """Return the tags that may be kept, as text, and a notice for each that may not, by its key alone.

    `tags` is what the source has there: a table, or anything at all.
    """
    if not tags:
        return _NONE, []
    if not isinstance(tags, dict):
        return _NONE, [Notice("not understood", "the tags are no table", place)]
    kept: dict[str, str] = {}
    notices: list[Notice] = []
    if len(tags) > _MOST_TAGS:
        notices.append(Notice("left out", f"only the first {_MOST_TAGS} of {len(tags)} tags were read", place))
    for key, value in islice(tags.items(), _MOST_TAGS):
        if isinstance(value, str) and value[:1] in _CUT_BEGINS and _CUT_OFF.fullmatch(value):
            notices.append(Notice("missing", f"PowerShell has cut off the value of {_shown(key)}", place))
            continue
        text = value if isinstance(value, str) else "" if value is None else _as_text(value)
        if text is None or not isinstance(key, str):
            notices.append(Notice("not understood", f"the value of {_shown(key)} is no text", place))
        elif (secret_by_key(key) and text) or secret_by_value(text) or secret_by_value(key):
            notices.append(Notice("secret", f"{_shown(key)} looks like a secret and was not kept", place))
        else:
            kept[_encodable(key)] = _encodable(text)
    return MappingProxyType(kept), notices


_NONE: Mapping[str, str] = MappingProxyType({})


def _looks_random(run: str) -> bool:
    """Words change between capitals, small letters and digits rarely; random characters, more often than not."""
    kinds = [2 if character.isdigit() else int(character.isupper()) for character in run if character not in "+/"]
    changes = sum(one != other for one, other in pairwise(kinds))
    return (len(set(kinds)) == 3 or len(kinds) >= 32) and changes >= 0.4 * len(kinds)


def _as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) and abs(value) < 1 << 63 else None


def _shown(key: object) -> str:
    if not isinstance(key, str) or secret_by_value(key):
        return "a tag"
    return f'the tag "{key[:60]}…"' if len(key) > 60 else f'the tag "{key}"'


def _encodable(text: str) -> str:
    # JSON can name half of a surrogate pair, which no file can hold.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
