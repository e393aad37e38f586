"""Hosts in the window: the way to each sheet, and what becomes of what is asked there.

The sheets are loaded when the first of them is wanted: a window that sends nothing pays nothing for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from studio_assist import protocol
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.kit import Button, Label, PrimaryButton, Sheet
from studio_assist.desk.models import badges_of
from studio_assist.desk.shell import Command
from studio_assist.desk.theme import Theme
from studio_assist.domain.generation import BackendInfo

if TYPE_CHECKING:
    from studio_assist.desk.providers.attest_sheet import AttestSheet, AttestWanted
    from studio_assist.desk.providers.host_sheet import HostSheet, HostWanted
    from studio_assist.desk.providers.key_sheets import HostRow
    from studio_assist.desk.studio import Studio
    from studio_assist.domain.people import Person

#: Whose own service a host is: the type that its address is asked about under.


class ProviderControl(QObject):
    """Carries between the sheets of hosts and the broker."""

    def __init__(self, theme: Theme, studio: Studio) -> None:
        super().__init__(studio)
        self._theme: Final = theme
        self._studio: Final = studio
        add = studio.shell.commands.add
        add(Command("models.add_host", "Add a host", self.add_host, icon="plus"))
        add(Command("models.keys", "Keys", self.keys, icon="key"))
        add(Command("models.attest", "Attest a provider", self.attest, icon="shield-check"))
        add(Command("models.attestations", "Attestations", self.attestations, icon="shield-check"))
        studio.shell.provider_wanted.connect(self._do)

    # methods

    def act(self, backend: str) -> bool:
        """Do what a host lacks: its key, its attestation, its model. False where it lacks nothing."""
        standing = self._studio.models.standing_of(backend)
        info = self._studio.models.info_of(backend)
        if standing is None or info is None or info.host is None or standing.needs is None:
            return False
        if standing.needs == "key":
            self.key(backend)
        elif standing.needs == "attestation":
            self.attest(backend)
        else:
            self.add_host(change=info)
        return True

    def add_host(
        self, found: protocol.FoundServer | None = None, *, change: BackendInfo | None = None
    ) -> None:
        """Put up the sheet of a new host, filled in with a found server, or with one to be changed."""
        person = self._person(lambda: self.add_host(found, change=change))
        if person is None:
            return
        from studio_assist.desk.providers.host_sheet import HostSheet

        guard_overrides()
        studio = self._studio
        taken = {info.id for info in studio.models.everything} - ({change.id} if change else set())
        project = studio.state is not None and not studio.state.read_only
        sheet = HostSheet(self._theme, studio.shell, taken, found=found, project=project)
        if change is not None:
            sheet.fill(change)
        sheet.describe.connect(lambda url, kind, model: self._describe(sheet, url, kind, model))
        sheet.wanted.connect(lambda wanted: self._add(sheet, wanted, person))
        sheet.use_wanted.connect(studio.models.choose)
        sheet.attest_wanted.connect(self.attest)
        sheet.open()

    def keys(self) -> None:
        """List the hosts with the states of their keys."""
        from studio_assist.desk.providers.key_sheets import KeysSheet

        guard_overrides()
        models = self._studio.models
        hosts = [self._row(info) for info in models.hosts]
        removable = frozenset(name for name, standing in models.standings.items() if standing.removable)
        sheet = KeysSheet(self._theme, self._studio.shell, hosts, removable)
        sheet.key_wanted.connect(self.key)
        sheet.remove_wanted.connect(self.remove)
        sheet.add_wanted.connect(self.add_host)
        sheet.open()

    def key(self, backend: str) -> None:
        """Ask for the key of one host."""
        info = self._studio.models.info_of(backend)
        person = self._person(lambda: self.key(backend))
        if info is None or person is None:
            return
        from studio_assist.desk.providers.key_sheets import KeySheet

        guard_overrides()
        sheet = KeySheet(self._theme, self._studio.shell, self._row(info))

        def done(kept: protocol.KeySet) -> None:
            sheet.show_done(kept)
            self._look()

        def send(key: str | None) -> None:
            params = protocol.SetKeyParams(backend=backend, key=key, person=person)
            call = self._studio.client.call(protocol.SET_KEY, params, owner=sheet)
            call.on_done(done).on_error(sheet.show_error)

        sheet.wanted.connect(send)
        sheet.open()

    def remove(self, backend: str) -> None:
        """Ask whether a host is to be taken away."""
        info = self._studio.models.info_of(backend)
        person = self._person(lambda: self.remove(backend))
        if info is None or person is None:
            return
        from studio_assist.desk.providers.key_sheets import RemoveSheet

        guard_overrides()
        sheet = RemoveSheet(self._theme, self._studio.shell, self._row(info))

        def gone(_nothing: protocol.Nothing) -> None:
            sheet.dismiss()
            self._look()

        def send() -> None:
            params = protocol.RemoveBackendParams(backend=backend, person=person)
            call = self._studio.client.call(protocol.REMOVE_BACKEND, params, owner=sheet)
            call.on_done(gone).on_error(sheet.show_error)

        sheet.wanted.connect(send)
        sheet.open()

    def attest(self, backend: str = "") -> None:
        """Put up the sheet that a person signs, or say that it takes an open project, or a host."""
        studio = self._studio
        if studio.state is None:
            self._say_why_not(
                "Open a project first",
                "An attestation belongs to a project: it is signed by a named person, kept there with its "
                "evidence, and written into its record.",
                (("Open a project…", studio.open_other), ("New project…", studio.start_page.ask_project)),
            )
            return
        hosts = list(studio.models.hosts)
        if not hosts:
            self._say_why_not(
                "No host to attest",
                "Nothing leaves this machine as it is set up now, so there is nothing to answer for.",
                (("Add a host…", self.add_host),),
            )
            return
        person = self._person(lambda: self.attest(backend))
        if person is None:
            return
        from studio_assist.desk.providers.attest_sheet import Attestable, AttestSheet

        guard_overrides()
        ledger = studio.record.ledger
        signer = f"Signed by {person.name}."
        if ledger is not None and ledger.key_note:
            signer += f" {ledger.key_note}"
        sheet = AttestSheet(
            self._theme,
            studio.shell,
            [Attestable(info.id, info.name, info.host or "", info.model) for info in hosts],
            backend or (studio.models.chosen.id if studio.models.chosen else ""),
            signer,
            datetime.now().astimezone().date(),
        )
        sheet.described.connect(lambda host: self._describe_host(sheet, host))
        sheet.wanted.connect(lambda wanted: self._sign(sheet, wanted, person))
        sheet.list_wanted.connect(self.attestations)
        sheet.open()

    def attestations(self) -> None:
        """List the project's attestations."""
        studio = self._studio
        person = studio.person
        if studio.state is None or person is None:
            self.attest()
            return
        from studio_assist.desk.providers.attestations_sheet import AttestationsSheet

        guard_overrides()
        sheet = AttestationsSheet(self._theme, studio.shell)

        def read() -> None:
            call = studio.client.call(protocol.LIST_ATTESTATIONS, protocol.Nothing(), owner=sheet)
            call.on_done(sheet.show_list).on_error(sheet.show_error)

        def revoked(_nothing: protocol.Nothing) -> None:
            sheet.show_revoked()
            read()
            self._look()

        def revoke(attestation: str, why: str) -> None:
            params = protocol.RevokeParams(attestation=attestation, why=why, person=person)
            call = studio.client.call(protocol.REVOKE, params, owner=sheet)
            call.on_done(revoked).on_error(sheet.show_error)

        sheet.revoke_wanted.connect(revoke)
        sheet.attest_wanted.connect(self.attest)
        sheet.open()
        read()

    # slots

    def _do(self, action: str, backend: str) -> None:
        match action:
            case "add":
                self.add_host()
            case "key":
                self.key(backend)
            case "attest":
                self.attest(backend)
            case "remove":
                self.remove(backend)
            case _:
                self.attestations()

    # internals

    def _person(self, then: object) -> Person | None:
        """Who is at the keyboard; where nobody said, they are asked, and `then` goes on."""
        person = self._studio.person
        if person is None and callable(then):
            self._studio.start_page.ask_person(then=then)
        return person

    def _row(self, info: BackendInfo) -> HostRow:
        from studio_assist.desk.providers.key_sheets import HostRow

        standing = self._studio.models.standing_of(info.id)
        return HostRow(
            info.id,
            info.name,
            standing.state if standing else "",
            standing.has_key if standing else False,
            standing.blocked if standing else "",
            badges_of(info, standing),
        )

    def _look(self) -> None:
        """What there is changed; the ports of this machine need not be asked again."""
        self._studio.models.look(again=False)

    def _describe(self, sheet: HostSheet, url: str, kind: str, model: str) -> None:
        params = protocol.HostParams(url=url, type=kind, model=model)
        call = self._studio.client.call(protocol.DESCRIBE_HOST, params, owner=sheet)
        call.on_done(lambda seen: sheet.show_host(url, seen))
        call.on_error(lambda error: sheet.show_no_card(url, error.message))

    def _describe_host(self, sheet: AttestSheet, backend: str) -> None:
        info = self._studio.models.info_of(backend)
        if info is None or info.host is None:
            return
        params = protocol.HostParams(backend=backend)
        call = self._studio.client.call(protocol.DESCRIBE_HOST, params, owner=sheet)
        call.on_done(lambda seen: sheet.show_host(backend, seen))
        call.on_error(lambda error: sheet.show_unknown(backend, error))

    def _add(self, sheet: HostSheet, wanted: HostWanted, person: Person) -> None:
        def added(done: protocol.BackendAdded) -> None:
            self._studio.models.take_in(done.info, done.standing)
            self._look()
            sheet.show_added(done, can_use="text" in done.info.kinds)

        params = protocol.AddBackendParams(
            settings=wanted.settings, key=wanted.key, person=person, for_project=wanted.for_project
        )
        # Who closes the sheet meanwhile sees what became of it in the lists.
        sheet.closed.connect(self._look)
        call = self._studio.client.call(protocol.ADD_BACKEND, params, owner=sheet)
        call.on_done(added).on_error(sheet.show_error)

    def _sign(self, sheet: AttestSheet, wanted: AttestWanted, person: Person) -> None:
        def signed(done: protocol.Attested) -> None:
            sheet.show_signed(done)
            self._look()

        params = protocol.AttestParams(
            backend=wanted.backend,
            evidence=wanted.evidence,
            until=wanted.until,
            plan=wanted.plan,
            region=wanted.region,
            models=wanted.models,
            person=person,
        )
        sheet.closed.connect(self._look)
        call = self._studio.client.call(protocol.ATTEST, params, owner=sheet)
        call.on_done(signed).on_error(sheet.show_error)

    def _say_why_not(self, title: str, words: str, ways: tuple[tuple[str, object], ...]) -> None:
        sheet = Sheet(self._theme, self._studio.shell, title, icon="shield-check")
        sheet.setObjectName("attest_why_not_sheet")
        sheet.body.addWidget(Label(self._theme, words, wrap=True))
        close = Button(self._theme, "Close", key="Esc")
        close.clicked.connect(sheet.dismiss)
        sheet.footer.addStretch(1)
        sheet.footer.addWidget(close)

        def go(way: object) -> None:
            sheet.dismiss()
            if callable(way):
                way()

        for at, (label, way) in enumerate(ways):
            button = PrimaryButton(self._theme, label) if not at else Button(self._theme, label)
            button.setObjectName(f"why_not_{at}")
            button.clicked.connect(lambda _checked=False, way=way: go(way))
            sheet.footer.addWidget(button)
        sheet.closed.connect(sheet.deleteLater)
        sheet.open()
