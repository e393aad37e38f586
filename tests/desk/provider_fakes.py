"""Hosts, servers and cards as a broker would tell of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from studio_assist import protocol
from studio_assist.domain.attestation import LONGEST_DAYS, STATEMENT
from studio_assist.domain.generation import BackendInfo, Where
from studio_assist.domain.values import EntryNumber
from studio_assist.protocol.setup import Badge

TODAY = datetime.now().astimezone().date()
LONGEST = TODAY + timedelta(days=LONGEST_DAYS)
LEAVES = Badge(text="Off machine, asks first", icon="leaves")
KEEPS_NONE = Badge(text="0 days kept", icon="kept")
BLOCKED = "OpenAI keeps what it is sent for 30 days, and nobody has attested otherwise."

HERE = BackendInfo(
    id="embedded",
    name="On this machine",
    where=Where.HERE,
    model="SmolLM2-135M",
    quality="very small offline model: rough ideas",
)
NORTHLIGHT = BackendInfo(
    id="northlight",
    name="Northlight Inference",
    where=Where.OUTSIDE,
    host="api.northlight.example",
    model="nl-70b",
)
OPENAI = BackendInfo(
    id="openai", name="OpenAI", where=Where.OUTSIDE, host="api.openai.com", model="gpt-5.1", ready=False
)
STANDINGS = (
    protocol.Standing(
        backend="embedded", state="Ready", badges=(Badge(text="Nothing leaves", icon="stays"),)
    ),
    protocol.Standing(
        backend="northlight",
        state="Attested to 3 Feb 2027",
        badges=(LEAVES, KEEPS_NONE),
        needs="key",
        removable=True,
    ),
    protocol.Standing(
        backend="openai",
        state="No key",
        badges=(
            Badge(text="Off machine", icon="leaves"),
            Badge(text="30 days kept, blocked", icon="blocked", tone="bad"),
        ),
        blocked=BLOCKED,
        needs="key",
        removable=True,
    ),
)
OLLAMA = protocol.FoundServer(
    kind="Ollama",
    port=11434,
    url="http://localhost:11434/v1",
    type="openai-compatible",
    running=True,
    models=("llama3.2:3b", "mistral:7b", "qwen2.5:7b"),
)
SERVERS = (
    OLLAMA,
    protocol.FoundServer(kind="ComfyUI", port=8188, url="http://localhost:8188", type="", running=False),
    protocol.FoundServer(
        kind="LM Studio",
        port=1234,
        url="http://localhost:1234/v1",
        type="openai-compatible",
        running=False,
    ),
    protocol.FoundServer(
        kind="vLLM", port=8000, url="http://localhost:8000/v1", type="openai-compatible", running=False
    ),
)
MACHINE = protocol.Backends(
    backends=(HERE, NORTHLIGHT, OPENAI), found=(), standings=STANDINGS, servers=SERVERS
)


def card(name: str = "Northlight Inference", known: str = "northlight", **more: Any) -> protocol.CardSeen:
    terms = protocol.TermsSeen(
        id="chat",
        plan="API, zero retention by contract",
        retention="What it is sent is kept for 30 days",
        trains="It trains on nothing",
        zero="Nothing is kept under a contract that says so",
        can_be_attested=True,
        required=("store: false",),
        forbidden=("tools",),
        residual=("Requests that are flagged as abuse are kept even so.",),
    )
    seen = protocol.CardSeen(
        id=known,
        name=name,
        where="outside",
        about="",
        source="Northlight: How we handle your data",
        checked_on=date(2026, 10, 31),
        expires_on=date(2027, 4, 30),
        terms=(terms,),
    )
    return seen.model_copy(update=more)


def described(params: protocol.HostParams) -> protocol.HostSeen:
    """The card of an address: Northlight's, OpenAI's, the own server's, or the one that knows nothing."""
    if "northlight" in params.url:
        seen = card()
    elif "openai.com" in params.url:
        seen = card("OpenAI API", "openai", source="OpenAI platform documentation: Your data")
    elif "localhost" in params.url:
        seen = card("A server of our own", "own-server", where="here")
    else:
        seen = card("A provider without a card", "other-host", about="Nothing is known of it.")
    return protocol.HostSeen(card=seen, statement=STATEMENT, longest=LONGEST)


def added(params: protocol.AddBackendParams) -> protocol.BackendAdded:
    settings = params.settings
    return protocol.BackendAdded(
        info=BackendInfo(
            id=settings.id,
            name=settings.name,
            where=Where.OUTSIDE,
            host=settings.hostname,
            model=settings.model,
        ),
        standing=protocol.Standing(
            backend=settings.id,
            state="No attestation",
            badges=(LEAVES,),
            needs="attestation",
            has_key=params.key is not None,
            removable=True,
        ),
        key_note="The key is in the system keychain." if params.key else "",
    )


def attested(params: protocol.AttestParams) -> protocol.Attested:
    return protocol.Attested(
        attestation="att-1",
        entry=EntryNumber(1285),
        until=params.until,
        warnings=("Requests that are flagged as abuse are kept even so.",),
    )


LISTED = protocol.Attestations(
    attestations=(
        protocol.AttestationSeen(
            id="att-2",
            backend="northlight",
            host="api.northlight.example",
            by="R. Okafor",
            plan="Zero retention by contract",
            region="eu-west",
            made=datetime(2026, 11, 3, tzinfo=UTC).date(),
            until=date(2027, 2, 3),
            evidence="northlight-dpa.pdf",
            state="valid",
        ),
        protocol.AttestationSeen(
            id="att-1",
            backend="northlight",
            host="api.northlight.example",
            by="J. Lindqvist",
            plan="Zero retention by contract",
            region="",
            made=date(2026, 5, 2),
            until=date(2026, 11, 1),
            evidence="northlight-mail.eml",
            state="expired",
        ),
    )
)

ANSWERS: dict[str, Any] = {
    "list_backends": MACHINE,
    "describe_host": described,
    "add_backend": added,
    "remove_backend": protocol.Nothing(),
    "set_key": lambda params: protocol.KeySet(
        kept=True, note="The key is in the system keychain." if params.key else "The key is gone."
    ),
    "attest": attested,
    "revoke": protocol.Nothing(),
    "list_attestations": LISTED,
    "close_project": protocol.Nothing(),
}
