"""What is filled in for a host, and what is wrong with it, as plain values."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.generation import HostSettings

#: Types of host, with their words and the address that each begins with; who writes, then who draws.
TYPES: Final = (
    ("openai", "OpenAI", "Its own service", "https://api.openai.com/v1"),
    ("openai-compatible", "OpenAI-compatible server", "Ollama, LM Studio, vLLM", ""),
    ("anthropic", "Anthropic", "Its own service", "https://api.anthropic.com/v1"),
    ("openai-pictures", "OpenAI images", "Its own service, pictures", "https://api.openai.com/v1"),
    ("comfyui", "ComfyUI", "Pictures, by graphs", "http://127.0.0.1:8188"),
    ("a1111", "Web UI", "Pictures: A1111, Forge, SD.Next", "http://127.0.0.1:7860"),
    ("sdcpp", "stable-diffusion.cpp", "Pictures, by its sd-server", "http://127.0.0.1:1234"),
    ("openai-compatible-pictures", "Compatible images", "Pictures: LocalAI, vLLM", ""),
)
#: Types whose name says nothing of who it is.
_ANYBODY: Final = frozenset({"openai-compatible", "openai-compatible-pictures"})
_WRONG: Final = {
    "url": "An address begins with https://, or with http:// on this machine: https://api.example.com/v1.",
    "model": "Type the model's name as the host calls it.",
    "id": "An id has up to 40 small letters, digits and hyphens.",
    "key_env": "The name of a variable has letters, digits and _ only. A key itself does not belong here.",
    "region": "A region is a short name, such as eu-west.",
    "name": "A name is up to a line long.",
}
_SECOND_LEVEL: Final = frozenset({"co", "com", "ac", "org", "net", "gov"})


@dataclass(frozen=True, slots=True)
class HostForm:
    """The fields as typed. `key_env` is None where a key is typed in place of a variable's name."""

    type: str
    url: str
    model: str
    name: str
    id: str
    region: str
    key_env: str | None

    def settings(self, taken: Collection[str]) -> tuple[HostSettings | None, dict[str, str]]:
        """The settings, or what is wrong by field.

        Args:
            taken: ids that other backends have.
        """
        wrong: dict[str, str] = {}
        settings: HostSettings | None = None
        try:
            settings = HostSettings(
                id=self.id,
                type=self.type,
                name=self.name,
                url=self.url.rstrip("/"),
                model=self.model,
                region=self.region,
                key_env=self.key_env or "",
            )
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False, include_context=False):
                field = str(one["loc"][0]) if one["loc"] else "url"
                wrong[field] = _WRONG.get(field, "This cannot be used.")
        if not self.model:
            wrong["model"] = _WRONG["model"]
        if self.id in taken:
            wrong["id"] = "Another provider has this id."
        if self.key_env == "":
            wrong["key_env"] = "Type the name of the variable that holds the key."
        return (None if wrong else settings), wrong


def name_for(kind: str, url: str, found: str = "") -> str:
    """A name to begin with: of the service, of the server that was found, or of the host."""
    if found:
        return found
    own = next((title for name, title, _, _ in TYPES if name == kind and name not in _ANYBODY), "")
    if own:
        return own
    host = url.partition("://")[2].split("/", 1)[0].rsplit(":", 1)[0].lower()
    if not host or host.startswith(("localhost", "127.", "[")):
        return "Own server" if host else ""
    labels = host.split(".")
    if all(label.isdigit() for label in labels) or len(labels) == 1:
        return host
    at = -3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else -2
    return labels[at].capitalize()


def id_for(name: str, taken: Collection[str]) -> str:
    """An id that is made from a name and that nothing else has."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36]
    if not stem:
        return ""
    found, number = stem, 2
    while found in taken:
        found, number = f"{stem}-{number}", number + 1
    return found


def can_be_looked_up(url: str) -> bool:
    """Whether an address is whole enough to ask for its card."""
    return (
        re.match(
            r"https?://[^/\s]+\.[a-zA-Z]{2,}|https?://(localhost|\[|\d+\.\d+\.\d+\.\d+|[a-z0-9-]+:\d)", url
        )
        is not None
    )
