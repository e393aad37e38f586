"""The hosts that somebody set up: their settings, keys, attestations, and what was found on this machine."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.broker import found_servers
from studio_assist.broker.attesting import (
    TYPES,
    AttestationBook,
    longest,
    terms_used,
)
from studio_assist.broker.cards_seen import card_seen
from studio_assist.broker.found_servers import Look
from studio_assist.broker.host_book import (
    HostBook,
    bad_settings,
    by_id,
    changes,
    hold_address,
    no_such,
    with_required,
)
from studio_assist.broker.house import House
from studio_assist.broker.keys import Keys
from studio_assist.broker.policies import DEFAULT, policy_files
from studio_assist.broker.provider_keys import ProviderKeys, origin, sane_key
from studio_assist.broker.session import no_project, utc_now
from studio_assist.broker.standings import Known, described, standing_here, standing_of
from studio_assist.domain.attestation import STATEMENT
from studio_assist.domain.errors import BadInput, StudioError, Unavailable
from studio_assist.domain.generation import BackendInfo, HostSettings
from studio_assist.domain.policy import Policy
from studio_assist.domain.provider import ProviderCard, card_for, where_is
from studio_assist.domain.record import BackendAdded, BackendRemoved
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.gate.case import Attested
from studio_assist.storage.hosts_file import check_settings

if TYPE_CHECKING:
    from studio_assist.broker.session import Session

__all__ = ["Hosts", "Look"]

log = logging.getLogger(__name__)

KeyOf = Callable[[str], Awaitable[str | None]]


class Hosts:
    """Hosts of one broker.

    Args:
        home: the user's own folder: hosts for every project are kept there.
        session: the open project, or None.
        changed: called when a host was added, changed or taken away: backends are made anew.
        info_of: what is known of a backend by its id, once it is made.
    """

    def __init__(
        self,
        home: Path,
        keys: Keys,
        house: House,
        session: Callable[[], Session | None],
        changed: Callable[[], None],
        info_of: Callable[[str], BackendInfo],
        look: Look,
    ) -> None:
        self._keys: Final = ProviderKeys(keys, home)
        self._house: Final = house
        self._session: Final = session
        self._changed: Final = changed
        self._info_of: Final = info_of
        self._look: Final = look
        self._book: Final = HostBook(home, session)
        self._attestations: Final = AttestationBook()
        self._default_policies: Final = policy_files(home)
        #: What the backends were last made with.
        self._in_use: tuple[HostSettings, ...] = ()

    # for the broker and the gate

    def settings(self) -> tuple[HostSettings, ...]:
        """Every host, for backends to be made with: the open project's own, then this machine's others.

        A file that cannot be read gives none; see `problems`. The model on this machine works on.
        """
        self._in_use = self._book.hosts()
        return self._in_use

    def problems(self) -> tuple[StudioError, ...]:
        """What kept a file of hosts from being read when they were last asked for."""
        return self._book.problems

    async def key_of(self, backend: str) -> str | None:
        """The key of a backend, at the moment it is needed; never kept or logged.

        It is the one for the address that the backends were last made with, not for one written since.
        """
        settings = by_id(self._in_use, backend)
        return await self._keys.get(settings) if settings else None

    def in_use(self, backend: str) -> HostSettings | None:
        """The settings that a backend was last made with, or None for one without a host."""
        return by_id(self._in_use, backend)

    def keys_for(self, hosts: Iterable[HostSettings]) -> KeyOf:
        """The same for backends made with exactly these hosts, for as long as they live."""
        known = {settings.id: settings for settings in hosts}

        async def key_of(backend: str) -> str | None:
            settings = known.get(backend)
            return await self._keys.get(settings) if settings else None

        return key_of

    def attested(self, session: Session, backend: str, host: str) -> Attested | None:
        """The attestation that speaks for a backend at a host (with its port), with what was found of it."""
        try:
            return self._attestations.of(session).newest(backend, host)
        except Exception:
            # A gate that cannot see an attestation has none.
            log.exception("attestations")
            return None

    async def look_around(self) -> tuple[protocol.FoundServer, ...]:
        """Look for servers on this machine's usual ports; nothing of any project is sent."""
        return await found_servers.look_around(self._look, self._book.hosts())

    async def look_for_keys(self) -> None:
        """Find out which hosts have a key, so that `standings` knows without waiting for a keychain."""
        for settings in self._book.hosts():
            with contextlib.suppress(StudioError):
                await self._keys.get(settings)

    def standings(self, infos: Iterable[BackendInfo]) -> tuple[protocol.Standing, ...]:
        """How each backend handles data, under the open project's policy or the default one."""
        return tuple(
            standing_here(info) if info.stays_here else standing_of(self._known(info)) for info in infos
        )

    def described(self, info: BackendInfo) -> BackendInfo:
        """The info with what its host keeps: nothing where that is attested, else what the card says."""
        return info if info.stays_here else described(self._known(info))

    # calls

    async def describe_host(self, params: protocol.HostParams) -> protocol.HostSeen:
        """What is known of an address, or of a host. Raises `BadInput` for one that is none."""
        known = by_id(self._book.hosts(), params.backend) if params.backend else None
        try:
            settings = known or HostSettings(id="host", type=params.type, url=params.url, model=params.model)
        except ValidationError as error:
            raise bad_settings(error) from error
        check_settings(settings)
        card = self._card(settings)
        kinds = ("pictures",) if settings.type.endswith("pictures") else ("text",)
        used = terms_used(card, settings, kinds)
        return protocol.HostSeen(
            card=card_seen(card, used or card.terms, where_is(settings.hostname)),
            statement=STATEMENT,
            longest=longest(self._now().astimezone().date()),
        )

    async def add_backend(self, params: protocol.AddBackendParams) -> protocol.BackendAdded:
        """Set a host up, or change one of this id in the same file.

        Raises:
            BadInput: an id that is taken, an unknown type, an address that may not be used, or a bad key.
            Refusal: the provider's card refuses the model, or the project may not be written.
        """
        settings, person = params.settings, params.person
        session = self._session()
        if params.for_project:
            if session is None:
                raise no_project()
            session.may_write()
        check_settings(settings)
        key = sane_key(params.key, "key") if params.key is not None else None
        if key is not None and settings.key_env:
            raise BadInput(
                f"The key of {settings.id} is to come from {settings.key_env}, and one was given too.",
                remedy="Choose one of the two.",
                place="key",
            )
        hold_address(settings, self._card)
        file = self._book.file(for_project=params.for_project)
        before = by_id(file.load(), settings.id)
        if before is not None and origin(before) == origin(settings):
            # Fields that somebody set by hand or by command stay, whoever changes the rest.
            settings = settings.model_copy(update={"fields": {**before.fields, **settings.fields}})
        settings = with_required(settings, self._card)
        self._hold_id(settings.id, is_ours=before is not None, for_project=params.for_project)
        self._try(settings)
        self._keys.name_variable(settings)
        file.put(settings)
        self._changed()
        note = ""
        if before is not None and origin(before) != origin(settings):
            # The key was for the other address, and nothing asks for it there any more.
            await self._keys.remove(before)
        if key is not None:
            _, note = await self._keys.put(settings, key)
        else:
            await self.look_for_keys()
        if before is None or changes(before, settings):
            self._record(
                BackendAdded(
                    backend=settings.id,
                    host=settings.authority,
                    kind=settings.type,
                    model=settings.model,
                    region=settings.region,
                    where=where_is(settings.hostname).value,
                ),
                params,
            )
        log.info("%s added a host: %s", person.id, settings.id)
        info = self._info_of(settings.id)
        return protocol.BackendAdded(
            info=self.described(info), standing=self.standings([info])[0], key_note=note
        )

    async def remove_backend(self, params: protocol.RemoveBackendParams) -> protocol.Nothing:
        """Take a host away, and its key with it.

        Raises:
            BadInput: nobody added one of this id.
            Unavailable: it is gone, and its key may still be in the keychain.
        """
        file, settings = self._book.file_of(params.backend)
        session = self._session()
        if session is not None and file is not self._book.own:
            session.may_write()
        file.remove(settings.id)
        self._changed()
        self._record(BackendRemoved(backend=settings.id), params)
        left = by_id(self._book.hosts(), settings.id)
        # A host of the same id and address, set up for every project, has the same key.
        same = left is not None and origin(left) == origin(settings)
        why = "" if same else await self._keys.remove(settings)
        if why:
            raise Unavailable(
                f"{settings.id} is taken away. {why} A key of it may still be there.",
                remedy=f"Look in the keychain for studio-assist, backend/{settings.id}.",
                place=settings.id,
            )
        return protocol.Nothing()

    async def set_key(self, params: protocol.SetKeyParams) -> protocol.KeySet:
        """Keep a key for the address that the backend has now, or take it away.

        Raises `BadInput` for what is no key, or where the key comes from the environment.
        """
        settings = by_id(self._book.hosts(), params.backend)
        if settings is None:
            raise no_such(params.backend)
        if settings.key_env:
            raise BadInput(
                f"The key of {settings.id} comes from the variable {settings.key_env}.",
                remedy="Set it there, or take the variable out of the backend's settings.",
                place=settings.id,
            )
        if params.key is None:
            why = await self._keys.remove(settings)
            return protocol.KeySet(
                kept=bool(why), note=f"{why} A key may still be there." if why else "The key is taken away."
            )
        kept, note = await self._keys.put(settings, sane_key(params.key, settings.id))
        return protocol.KeySet(kept=kept, note=note)

    async def attest(self, params: protocol.AttestParams) -> protocol.Attested:
        """Put a person's name to it that an account keeps nothing; see `attesting.Attestations.make`."""
        session = self._open()
        settings = by_id(self._book.hosts(), params.backend)
        if settings is None:
            raise no_such(params.backend)
        info = self._info_of(settings.id)
        return await self._attestations.of(session).make(params, settings, info, self._card(settings))

    async def revoke(self, params: protocol.RevokeParams) -> protocol.Nothing:
        """Take an attestation back, for good."""
        await self._attestations.of(self._open()).revoke(params)
        return protocol.Nothing()

    async def list_attestations(self, params: protocol.Nothing) -> protocol.Attestations:
        """Every attestation of the open project, newest first."""
        return protocol.Attestations(attestations=self._attestations.of(self._open()).listed())

    # internals

    def _open(self) -> Session:
        session = self._session()
        if session is None:
            raise no_project()
        return session

    def _now(self) -> datetime:
        session = self._session()
        return session.now() if session else utc_now()

    def _card(self, settings: HostSettings) -> ProviderCard:
        card = card_for(settings.hostname, self._house.cards())
        if card is None:
            raise Unavailable(
                f"Nothing is known of {settings.hostname}: it counts as keeping what it is sent.",
                remedy="Put a provider card for it into the folder providers in your own folder.",
                place=settings.url,
            )
        return card

    def _known(self, info: BackendInfo) -> Known:
        session = self._session()
        settings = by_id(self._book.hosts(), info.id)
        policies, pinned = self._policies(session)
        latest = session.ledger.entries(limit=1, newest_first=True) if session else []
        try:
            cards = self._house.cards()
            material = self._house.material(session) if session else Sensitivity.CONFIDENTIAL
        except StudioError:
            cards, material = (), Sensitivity.CONFIDENTIAL
        host = settings.hostname if settings else (info.host or "")
        authority = settings.authority if settings else (info.host or "")
        return Known(
            info=info,
            settings=settings,
            card=card_for(host, cards),
            attested=self.attested(session, info.id, authority) if session else None,
            policies=policies,
            policies_pinned=pinned,
            sensitivity=material,
            now=self._now(),
            latest=latest[0].at if latest else None,
            has_project=session is not None,
            has_key=settings is not None and self._keys.has(settings),
            removable=settings is not None,
        )

    def _policies(self, session: Session | None) -> tuple[tuple[Policy, ...], bool]:
        if session is not None:
            try:
                return self._house.policies(session)
            except StudioError:
                return (), False
        held = self._default_policies.shelf().held.get(DEFAULT)
        return ((held.value,) if held else ()), True

    def _hold_id(self, backend: str, *, is_ours: bool, for_project: bool) -> None:
        if is_ours:
            return
        elsewhere = by_id(self._book.hosts(), backend) is not None
        if elsewhere and for_project:
            return
        if not elsewhere:
            try:
                self._info_of(backend)
            except StudioError:
                return
        raise BadInput(
            f"There is a backend called {backend} already.", remedy="Choose another id.", place="id"
        )

    def _try(self, settings: HostSettings) -> None:
        """Make the backend once before anything is kept; raises `BadInput` where no plugin takes its type."""
        self._book.trying = settings
        self._changed()
        try:
            self._info_of(settings.id)
        except BadInput as error:
            raise BadInput(
                f"No backend is of the type {settings.type!r}.",
                remedy=f"The types are {', '.join(TYPES)}, and those of plugins that are installed.",
                place="type",
            ) from error
        finally:
            self._book.trying = None
            self._changed()

    def _record(
        self,
        body: BackendAdded | BackendRemoved,
        params: protocol.AddBackendParams | protocol.RemoveBackendParams,
    ) -> None:
        session = self._session()
        if session is not None and not session.read_only and not session.is_altered:
            if isinstance(body, BackendRemoved) and not session.ledger.has_backend(body.backend):
                # Set up outside this project: its record never spoke of it.
                return
            session.meet(params.person)
            session.append(body, person=params.person, durable=True)
