"""The files of hosts of one broker, and what a host has to be before it is set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from studio_assist.broker.attesting import endpoints
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.generation import HostSettings, Where
from studio_assist.domain.provider import ProviderCard, where_is
from studio_assist.storage.hosts_file import HostsFile

if TYPE_CHECKING:
    from studio_assist.broker.session import Session


class HostBook:
    """The hosts of the open project, and those of every project on this machine.

    Attributes:
        own: the file in the user's own folder.
        trying: a host that is being tried before it is kept; it stands before all others.
        problems: what kept a file from being read at the last look.
    """

    def __init__(self, home: Path, session: Callable[[], Session | None]) -> None:
        self.own: Final = HostsFile(home)
        self.trying: HostSettings | None = None
        self.problems: tuple[StudioError, ...] = ()
        self._session: Final = session
        self._projects: HostsFile | None = None

    def hosts(self) -> tuple[HostSettings, ...]:
        """Every host as the files say now; the project's wins by its id. What cannot be read gives none."""
        found: dict[str, HostSettings] = {}
        problems: list[StudioError] = []
        if self.trying is not None:
            found[self.trying.id] = self.trying
        for file in self._files():
            try:
                for settings in file.load():
                    found.setdefault(settings.id, settings)
            except StudioError as error:
                problems.append(error)
        self.problems = tuple(problems)
        return tuple(found.values())

    def file(self, *, for_project: bool) -> HostsFile:
        """The file that a host is to go into."""
        return self._files()[0] if for_project else self.own

    def file_of(self, backend: str) -> tuple[HostsFile, HostSettings]:
        """Where a host is kept. Raises `BadInput` where nobody added one of this id."""
        for file in self._files():
            settings = by_id(file.load(), backend)
            if settings is not None:
                return file, settings
        raise no_such(backend)

    def _files(self) -> tuple[HostsFile, ...]:
        session = self._session()
        if session is None:
            return (self.own,)
        if self._projects is None or self._projects.path.parent != session.folder.path:
            self._projects = HostsFile(session.folder.path)
        return self._projects, self.own


def hold_address(settings: HostSettings, card_of: Callable[[HostSettings], ProviderCard]) -> None:
    """Refuse what no request could be sent to anyway, while the person is there to correct it.

    Raises:
        BadInput: an address outside that is not encrypted.
        Refusal: a model that the card of the host refuses.
    """
    if settings.url.startswith("http:") and where_is(settings.hostname) is Where.OUTSIDE:
        raise BadInput(
            f"{settings.hostname} is outside the studio's network, and http is not encrypted.",
            remedy="Use its https address.",
            place="url",
        )
    if not settings.model:
        return
    card = card_of(settings)
    refused = [terms for terms in card.terms if _refuses(terms.refused_models, settings.model)]
    if refused:
        why = refused[0].residual[0] if refused[0].residual else card.about or ""
        raise Refusal(
            f"{card.name}: the model {settings.model} is refused. {why}".strip(),
            remedy="Choose a model that runs on that host itself.",
            place="model",
            rule="keeps-nothing",
        )


def with_required(settings: HostSettings, card_of: Callable[[HostSettings], ProviderCard]) -> HostSettings:
    """The settings with the fields that the card's terms want in every request of this model.

    A value that somebody gave stands; where it is another one, the gate says so. A field that may have any
    value is theirs to give: which providers may answer is no guess of ours.
    """
    if not settings.model:
        return settings
    card = card_of(settings)
    wanted = {
        field.field: field.equals
        for path in endpoints(settings)
        if (terms := card.terms_for("POST", path, settings.model)) is not None
        for field in terms.required
        if field.equals is not None
    }
    return settings.model_copy(update={"fields": {**wanted, **settings.fields}})


def by_id(listed: Iterable[HostSettings], backend: str) -> HostSettings | None:
    """The host of that id, or None."""
    return next((settings for settings in listed if settings.id == backend), None)


def changes(before: HostSettings, after: HostSettings) -> bool:
    """Whether it is another host, model or way of speaking, which the record is told."""
    return any(
        getattr(before, name) != getattr(after, name) for name in ("url", "type", "model", "region", "fields")
    )


def _refuses(patterns: Iterable[str], model: str) -> bool:
    return any(fnmatchcase(model.lower(), pattern.lower()) for pattern in patterns)


def no_such(backend: str) -> BadInput:
    """The error for an id that nobody added."""
    return BadInput(
        f"Nobody has added a host called {backend!r}.",
        remedy="Choose one that was added; what comes with the program sends nothing.",
        place="backend",
    )


def bad_settings(error: ValidationError) -> BadInput:
    """The error for an address that is none. It does not quote it."""
    first = error.errors(include_url=False, include_input=False)[0]
    return BadInput(
        "That is not an address of an API.",
        remedy="Give it as https://host/v1, without the endpoint.",
        place=str(first["loc"][0]) if first["loc"] else None,
    )
