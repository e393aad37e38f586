"""What did not go as it should, for a report: blocked, refused, recovered, lost; clocks and keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from studio_assist.broker.report_tally import Asked, Tally
from studio_assist.domain import record
from studio_assist.domain.record import Entry
from studio_assist.domain.report import Incident
from studio_assist.domain.values import RequestId
from studio_assist.ledger import Ledger, Verification

_PAGE = 1000


def incidents(tally: Tally, ledger: Ledger, found: Verification) -> tuple[Incident, ...]:
    """Every incident of the period, in the order of the record."""
    told = [
        *(_blocked(tally, entry) for entry in tally.of("blocked")),
        *(_refused(tally, entry) for entry in tally.of("send_refused")),
        *_kept(tally),
        *_clocks(tally, ledger, found),
        *_keys(tally, ledger, found),
    ]
    return tuple(sorted(told, key=lambda one: one.entry))


def _asked(tally: Tally, request: RequestId) -> Asked | None:
    return tally.requests.get(request)


def _blocked(tally: Tally, entry: Entry) -> Incident:
    rules: tuple[str, ...] = ()
    asked: Asked | None = None
    if isinstance(entry.body, record.Judged | record.VerdictGiven):
        rules, asked = entry.body.rules, _asked(tally, entry.body.request)
    words = "An ask was stopped, and nothing of it left."
    if asked:
        scene = f" in scene {asked.body.scene}" if asked.body.scene else ""
        words = (
            f"An ask ({asked.body.task}{scene}) to {asked.body.backend} was stopped, and nothing of it left."
        )
    return Incident(
        kind="blocked",
        entry=entry.number,
        at=entry.at,
        who=tally.who(asked.person if asked else entry.person),
        words=words,
        rules=rules,
    )


def _refused(tally: Tally, entry: Entry) -> Incident:
    asked = _asked(tally, entry.body.request) if isinstance(entry.body, record.SendRefused) else None
    where = f" to {asked.body.backend}" if asked else ""
    return Incident(
        kind="refused",
        entry=entry.number,
        at=entry.at,
        who=tally.who(entry.person),
        words=f"Read what was about to be sent{where}, and did not send it.",
    )


def _kept(tally: Tally) -> Iterable[Incident]:
    for entry in tally.of("recovered", "span_lost", "forgotten"):
        match entry.body:
            case record.Recovered() as body:
                kind, words = "recovered", body.what
            case record.SpanLost() as body:
                kind = "lost"
                words = f"The passage of decision {body.decision} was not found in the script any more."
            case record.Forgotten() as body:
                kind, many = "forgotten", len(body.commitments)
                texts = "text" if many == 1 else "texts"
                words = f"{many} {texts} of entry {body.entry} forgotten on purpose: {body.why}"
            case _:
                continue
        yield Incident(kind=kind, entry=entry.number, at=entry.at, who=tally.who(entry.person), words=words)


def _clocks(tally: Tally, ledger: Ledger, found: Verification) -> Iterable[Incident]:
    for number in found.set_back:
        entry = ledger.entry(number)
        if tally.window.holds(entry.at):
            yield Incident(
                kind="clock",
                entry=entry.number,
                at=entry.at,
                who=tally.who(entry.person),
                words="This entry is dated before the one it follows: a clock was set back.",
            )


def _keys(tally: Tally, ledger: Ledger, found: Verification) -> Iterable[Incident]:
    """Further keys of people that their own key did not sign, and that nobody has vouched for since."""
    vouched = {
        (entry.body.person, entry.body.public)
        for entry in tally.kept["key_vouched"]
        if isinstance(entry.body, record.KeyVouched)
    }
    strange: dict[str, Entry] = {}
    for number in found.unvouched_keys:
        entry = ledger.entry(number)
        body = entry.body
        if isinstance(body, record.KeyAdded) and (entry.person, body.public) not in vouched:
            strange[body.public] = entry
    if not strange:
        return
    signed = Counter[str]()
    after = 0
    while page := ledger.signatures(after, _PAGE):
        signed.update(one.key for one in page if one.key in strange)
        after = page[-1].entry
    for public, entry in strange.items():
        many = signed[public]
        yield Incident(
            kind="key",
            entry=entry.number,
            at=entry.at,
            who=tally.who(entry.person),
            words=f"{many:,} {'entry is' if many == 1 else 'entries are'} signed with key {public[:8]}…, a "
            "further key of this person that nobody has vouched for.",
        )
