"""Secrets: tags that look like one are named by their key and never kept."""

from __future__ import annotations

import base64
import random
import secrets as dice
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.exchange.found import Notice, Place
from tui.exchange.secrets import kept_tags, secret_by_key, secret_by_value

PLACE = Place("x.json", "[0].tags")


@pytest.mark.parametrize(
    "key",
    ["key", "API_KEY", "api-key", "apiKey", "sharedKey", "Password", "dbpwd-pwd", "SASToken", "sas", "connectionString",
     "Connection-String", "clientSecret", "adminpassword", "myToken2", "PSK", "vpn psk", "accountkey1", "secrets",
     "vpnkey", "VPNPSK", "ipseckey", "authkey", "hubkeys", "adminpw", "adminpwd", "rootpass", "presharedkey",
     "Kennwort", "WLAN-Passwort", "motdepasse", "mot-de-passe", "contraseña", "vault-key"],
)  # fmt: skip
def test_a_key_that_names_a_secret_is_known(key: str) -> None:
    assert secret_by_key(key)


@pytest.mark.parametrize(
    "key",
    ["monkey", "monkeys", "keyboardless", "owner", "env", "compass", "turkey-site", "site-turkey", "disaster",
     "spinner", "keyvault", "key-vault-name", "keyVaultUri", "passport", "firewall_bypass", "compassion", "passage"],
)  # fmt: skip
def test_an_ordinary_key_is_no_secret(key: str) -> None:
    assert not secret_by_key(key)


@pytest.mark.parametrize(
    "value",
    [
        "0123456789abcdef0123456789ABCDEF",
        "Endpoint=sb://x.net/;SharedAccessKeyName=a;SharedAccessKey=b",
        "https://x.blob.core.windows.net/c?sv=2020&sig=abc",
        "SharedAccessSignature sr=x",
        "-----BEGIN CERTIFICATE-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "Server=x;Password=y",
        "https://user:hunter2@example.com/repo",
        "ghp_" + "a1B2" * 9,
        "abc8Q~0123456789",
        "Bearer abcdef",
        "Basic dXNlcjpTRUNSRVQ=",
        "PSK: x",
        "pw:x",
        "Shared key = x",
        "preshared: x",
        "pass=x",
        "the psk is x",
        "Passwort: x",
        "das Kennwort ist x",
        "le mot de passe est x",
        "key:hunter2",
        "https://hooks.slack.com/services/T0001/B0001/x",
        "https://contoso.webhook.office.com/webhookb2/x",
        "https://outlook.office.com/webhook/x",
    ],
)
def test_a_value_of_a_secrets_shape_is_known(value: str) -> None:
    assert secret_by_value(value)


@pytest.mark.parametrize(
    "value",
    [
        "network team",
        "2026-11-23T10:30:00Z",
        "1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10",
        "/subscriptions/1f0c9e9e-3c5b-4a53-8a6a-3b0f5c1f2a10/resourceGroups/rg-Network-01",
        "https://wiki.example.com/Networks/HubAndSpoke2026",
        "WestEuropeProductionHubNetwork2026",
        "first.last@example.com",
        "10.0.0.0/16",
        "Basic networking",
        "Compass: north",
        "a passage is between the buildings",
        "The quick brown fox jumps over the lazy dog, twice a day, and three times on Sundays.",
    ],
)
def test_an_ordinary_value_is_kept(value: str) -> None:
    assert kept_tags({"note": value}, PLACE) == ({"note": value}, [])


def test_random_keys_are_known_in_every_writing() -> None:
    rng = random.Random(7)
    for _ in range(300):
        data = rng.randbytes(48)
        assert secret_by_value(base64.b64encode(data).decode())
        assert secret_by_value(data.hex())
    assert secret_by_value(dice.token_hex(24))


def test_no_guid_is_taken_for_a_secret() -> None:
    rng = random.Random(8)
    assert not any(secret_by_value(str(uuid.UUID(int=rng.getrandbits(128)))) for _ in range(2000))


def test_a_dropped_tag_is_named_by_its_key_alone() -> None:
    tags, notices = kept_tags({"owner": "me", "adminPassword": "hunter2", "note": "x Password=hunter2"}, PLACE)
    assert tags == {"owner": "me"}
    assert [notice.kind for notice in notices] == ["secret", "secret"]
    assert "adminPassword" in notices[0].text
    assert notices[0].place == PLACE
    assert "hunter2" not in repr((tags, notices))


def test_a_key_that_is_a_secret_itself_is_not_named() -> None:
    key = "0123456789abcdef0123456789abcdef"
    tags, notices = kept_tags({key: "x"}, PLACE)
    assert not tags
    assert key not in repr(notices)
    assert len(notices) == 1


def test_what_powershell_has_cut_off_is_told_and_no_value() -> None:
    tags, notices = kept_tags({"cost": "System.Object", "owner": "System.Administration"}, PLACE)
    assert tags == {"owner": "System.Administration"}
    assert notices == [Notice("missing", 'PowerShell has cut off the value of the tag "cost"', PLACE)]


def test_numbers_and_truth_values_become_text() -> None:
    assert kept_tags({"a": 1, "b": True, "c": None, "d": ""}, PLACE) == ({"a": "1", "b": "true", "c": "", "d": ""}, [])


@pytest.mark.parametrize("tags", [None, {}, [], ""])
def test_no_tags_are_no_news(tags: object) -> None:
    assert kept_tags(tags, PLACE) == ({}, [])


def test_tags_that_are_no_table_are_told() -> None:
    assert kept_tags(["a"], PLACE) == ({}, [Notice("not understood", "the tags are no table", PLACE)])
    tags, notices = kept_tags({"a": {"b": 1}, "ok": "yes"}, PLACE)
    assert (tags, len(notices)) == ({"ok": "yes"}, 1)


def test_more_tags_than_azure_allows_are_cut_off_and_told() -> None:
    tags, notices = kept_tags({f"t{number}": "x" for number in range(5000)}, PLACE)
    assert (len(tags), [notice.kind for notice in notices]) == (200, ["left out"])


def test_half_a_surrogate_pair_becomes_text_that_can_be_written() -> None:
    tags, _ = kept_tags({"a\ud800": "b\udfff"}, PLACE)
    assert [part.encode() for item in tags.items() for part in item]


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=60)))
def test_every_tag_is_kept_as_it_is_or_named(tags: dict[str, str]) -> None:
    kept, notices = kept_tags(tags, PLACE)
    assert len(kept) + len(notices) == len(tags)
    assert all(tags[key] == value for key, value in kept.items())


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "A1",
        "=",
        "://a:",
        "eyJ",
        "key=",
        "a1B",
        "+/",
        " ",
        "Password",
        "-----BEGI",
        "Basic ",
        "psk",
        "key\t",
        "mot de ",
    ],
)
def test_hostile_values_take_no_time(piece: str) -> None:
    begin = time.process_time()
    kept_tags({piece * 200_000: piece * 200_000, "a": piece * 200_000}, PLACE)
    assert time.process_time() - begin < 2
