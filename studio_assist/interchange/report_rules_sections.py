"""The sections of a report about rules: policies, tools, what left, clearance, files, and the record."""

from __future__ import annotations

from studio_assist.domain.report import ClearanceHeld, PolicyHeld, Report, Tool
from studio_assist.interchange import report_charts as charts
from studio_assist.interchange.report_document import (
    Code,
    Column,
    Facts,
    Listed,
    Part,
    Section,
    Table,
    Words,
)
from studio_assist.interchange.report_words import (
    FORGOTTEN,
    counted,
    day,
    joined,
    material,
    moment,
    number,
    or_none,
)

_PLACES = {"here": "This machine", "studio": "Studio network", "outside": "Outside"}
_CHECK = """\
# with Studio Assist: the project's folder, or a pack of it
studio-assist ledger verify PROJECT

# without it: ask for a pack (a folder). In that folder:
python3 verify.py
python3 verify.py --against CHECKPOINT.note     # the text above, kept in a file

# by hand, in the project: one entry's leaf, and the same from the tree
N={entry}
(printf '\\000'
 sqlite3 ledger.sqlite "SELECT entry FROM entries WHERE number = $N" | tr -d '\\n') | sha256sum
sqlite3 ledger.sqlite "SELECT lower(hex(hash)) FROM nodes WHERE level = 0 AND place = $N - 1"

# the checkpoint's signature (Ed25519), with its text in CHECKPOINT.note
printf '302a300506032b6570032100%s' {key} | xxd -r -p | openssl pkey -pubin -inform DER -out key.pem
sed '/^$/,$d' CHECKPOINT.note > text
sed '1,/^$/d' CHECKPOINT.note | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > signature
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature"""


def policies(report: Report) -> Section:
    """What the project is held to, by version and hash."""
    columns = (
        Column("Policy", 3),
        Column("Version", 1.3),
        Column("File", 1.6),
        Column("Unverified", 1.4, "right"),
        Column("SHA-256 of its file", 4.2, code=True),
    )
    rows = tuple(
        (
            f"{one.title} ({one.id})" + (", on top" if one.overlay else ""),
            or_none(one.version),
            one.state,
            f"{len(one.unverified):,} of {one.sentences:,}",
            one.sha256 or "–",
        )
        for one in report.policies
    )
    parts: list[Part] = [
        Facts((("Material counts as", report.material),)),
        Table("Policies of this project", columns, rows, "The project names no policy."),
    ]
    for one in report.policies:
        parts += _unverified(one)
    changes = tuple(
        (
            moment(report, one.at),
            one.by,
            joined(f"{name} {sha256[:12]}…" for name, sha256 in one.policies),
            material(one.material),
            number(one.entry),
        )
        for one in report.policy_changes
    )
    heads = (
        Column("When", 1.8),
        Column("By", 1.8),
        Column("Policies, with their hash", 4),
        Column("Material", 2),
        Column("Entry", 0.9, "right"),
    )
    parts.append(Table("When the policy was chosen", heads, changes, "The record names no policy."))
    return Section("policies", "Policies", tuple(parts))


def tools(report: Report, *, detail: bool = True) -> Section:
    """Which models and services were asked, what each received, and on what terms."""
    columns = (
        Column("Tool", 2),
        Column("Model", 1.9),
        Column("Where", 2.5),
        Column("Asked", 0.9, "right"),
        Column("Offered", 0.9, "right"),
        Column("Kept", 0.8, "right"),
        Column("Sent", 0.8, "right"),
        Column("Bytes", 1.1, "right"),
        Column("Names replaced", 1.2, "right"),
    )
    rows = tuple(
        (
            tool.name,
            joined(tool.models),
            _PLACES[tool.where] + (f", {tool.host}" if tool.host else ""),
            number(tool.asks),
            number(tool.offered),
            number(tool.kept),
            number(tool.sends),
            charts.size(tool.bytes),
            f"at least {tool.names_replaced:,}" if tool.unread else number(tool.names_replaced),
        )
        for tool in report.tools
    )
    parts: list[Part] = [
        Table("Tools, and what each received", columns, rows, "No tool was asked or set up.")
    ]
    chart = charts.what_left(report.tools)
    parts.append(chart or Words("Nothing left this machine in this period."))
    if detail:
        for tool in report.tools:
            parts += _terms(report, tool)
    return Section("tools", "Tools", tuple(parts))


def sendings(report: Report) -> Section:
    """Everything that left, with who let it."""
    columns = (
        Column("When", 1.8),
        Column("To", 3.2),
        Column("Bytes", 1, "right"),
        Column("Class", 2),
        Column("Approved by", 1.9),
        Column("Seconded by", 1.7),
        Column("Entry", 0.9, "right"),
    )
    rows = tuple(
        (
            moment(report, one.at),
            one.origin,
            number(one.bytes),
            or_none(material(one.sensitivity)),
            one.approved_by,
            or_none(one.seconded_by),
            number(one.entry),
        )
        for one in report.sendings
    )
    empty = "Nothing left this machine in this period."
    return Section("sent", "What left this machine", (Table("Requests that left", columns, rows, empty),))


def uses(report: Report, *, titles: bool = True) -> Section:
    """Who was told, what was asked for and answered, and who consented."""
    parts: list[Part] = [_notices(report)]
    if report.wants_notice and not report.notices:
        parts.append(
            Words(
                "The policy asks for the studio contact to be told of every use. Nothing in the record of "
                "this period says that somebody did.",
                "warning",
            )
        )
    columns = (
        Column("Request", 1),
        Column("Use", 2.6),
        Column("State", 1.2),
        Column("Asked by", 1.6),
        Column("Answer recorded by", 1.7),
        Column("Given by", 1.7),
        Column("Holds until", 1.4),
    )
    rows = tuple(
        (
            one.label,
            _use(one, titles=titles),
            one.state,
            next((step.by for step in one.steps if step.what in ("sent", "drafted")), "–"),
            next((step.by for step in one.steps if step.what in ("approved", "refused")), "–"),
            FORGOTTEN if one.given_by is None else or_none(one.given_by),
            day(one.until) if one.until else "–",
        )
        for one in report.clearances
    )
    parts.append(
        Table("Clearance requests", columns, rows, "No request in this period, and none approved today.")
    )
    for one in report.clearances:
        parts += _answers(report, one, titles=titles)
    parts.append(_consents(report))
    return Section("uses", "Uses, answers and approvals", tuple(parts))


def files(report: Report) -> Section:
    """What was exported and handed over."""
    columns = (
        Column("File", 2.6),
        Column("Format", 1.2),
        Column("When", 1.8),
        Column("By", 1.6),
        Column("Temp", 0.7, "right"),
        Column("Handed to", 1.6),
        Column("SHA-256", 3, code=True),
        Column("Entry", 0.9, "right"),
    )
    rows = tuple(
        (
            one.name,
            one.format + (", final" if one.final else ""),
            moment(report, one.at),
            one.by,
            number(one.temp_items),
            (FORGOTTEN if one.recipient is None else one.recipient) if one.handed_over else "–",
            one.sha256,
            number(one.entry),
        )
        for one in report.files
    )
    told = Table("Files that left the project", columns, rows, "No file was exported in this period.")
    return Section("files", "Exported files", (told,))


def integrity(report: Report) -> Section:
    """That the record holds, and how anybody can check it."""
    held = report.integrity
    head = held.checkpoint
    signed = "Nobody has signed a checkpoint."
    if head:
        key = f"key {(head.key or '')[:16]}…" + (", kept for that session only" if head.session_only else "")
        signed = f"Entries 1 to {head.size:,}, by {head.who}, {moment(report, head.at)}, {key}"
    pairs = (
        ("Checked", f"{moment(report, held.checked_at)}, as this report was made: intact"),
        ("Entries", number(held.size)),
        ("Root", held.root),
        ("Newest checkpoint", signed),
        ("After that checkpoint", counted(held.unsigned, "entry", "entries")),
        (
            "Texts forgotten",
            f"{held.forgotten:,}; their entries stand" if held.forgotten else "None",
        ),
    )
    columns = (
        Column("Witness", 3),
        Column("Kind", 1.6),
        Column("Up to entry", 1.2, "right"),
        Column("When", 1.9),
        Column("Key", 3, code=True),
    )
    rows = tuple(
        (
            one.who + ("" if one.checked else " (could not be checked here)"),
            "person" if one.key else "time authority",
            number(one.size),
            moment(report, one.at),
            f"{one.key[:16]}…" if one.key else "–",
        )
        for one in held.witnesses
    )
    parts: list[Part] = [
        Words(held.claim),
        Facts(pairs),
        Table("Witnesses", columns, rows, "Nobody outside has witnessed this record yet."),
    ]
    if held.note:
        parts.append(Code("The newest signed checkpoint. Keep it: the record can be held to it", held.note))
        text = _CHECK.format(entry=held.size, key=(head.key if head else None) or "KEY")
        parts.append(Code("How to check", text))
    return Section("integrity", "Integrity of the record", tuple(parts))


# parts --------------------------------------------------------------------------------------------------


def _unverified(policy: PolicyHeld) -> list[Part]:
    parts: list[Part] = []
    if policy.source:
        checked = f" It was last compared on {day(policy.checked_on)}." if policy.checked_on else ""
        source = policy.source.rstrip(".")
        parts.append(Words(f"{policy.title}. Source: {source}.{checked} {policy.disclaimer}", "note"))
    if policy.unverified:
        listed = tuple(f"{sentence} ({source})" for sentence, source in policy.unverified)
        parts.append(Listed(f"Not checked at the source: {policy.title}", listed))
    return parts


def _terms(report: Report, tool: Tool) -> list[Part]:
    if not tool.host:
        return []
    card = tool.card
    pairs = [("Host", tool.host), ("Where", _PLACES[tool.where]), ("Region", tool.region or "not set")]
    if tool.first_at and tool.last_at:
        pairs.append(("Used", f"{moment(report, tool.first_at)} to {moment(report, tool.last_at)}"))
    if card:
        checked = "" if card.verified else ", not checked at the source"
        pairs.append(
            (
                "Provider card",
                f"{card.name} ({card.id}), checked {day(card.checked_on)}{checked}, holds until "
                f"{day(card.expires_on)}. Source: {card.source}",
            )
        )
        pairs += [("Terms", line) for line in card.lines]
        pairs += [("Kept even so", line) for line in card.residual]
    else:
        pairs.append(("Provider card", "None: what is kept there is not known"))
    for one in tool.attestations:
        plan = f"; {one.plan}" if one.plan else ""
        where = f"; {one.region}" if one.region else ""
        pairs.append(
            (
                "Attestation",
                f"{one.state}: {one.by}, {moment(report, one.made)}, until {day(one.until)}{plan}{where}; "
                f"evidence {one.evidence[:16]}…; entry {one.entry:,}",
            )
        )
    if not tool.attestations:
        pairs.append(("Attestation", "None"))
    pairs.append(("Approved today by", joined(tool.approvals) or "No clearance names it"))
    pairs.append(("Asks that were blocked", number(tool.blocked)))
    return [Words(tool.name, "lead"), Facts(tuple(pairs))]


def _notices(report: Report) -> Table:
    columns = (
        Column("Told", 1.8),
        Column("Studio contact", 2.4),
        Column("How", 1.4),
        Column("By", 1.8),
        Column("Uses named", 3.6),
        Column("Entry", 0.9, "right"),
    )
    rows = tuple(
        (
            moment(report, one.told),
            FORGOTTEN if one.contact is None else one.contact,
            FORGOTTEN if one.how is None else one.how,
            one.by,
            joined(one.uses),
            number(one.entry),
        )
        for one in report.notices
    )
    return Table(
        "When the studio contact was told", columns, rows, "The record names no notice to a contact."
    )


def _answers(report: Report, one: ClearanceHeld, *, titles: bool) -> list[Part]:
    pairs = [("Applies", sentence) for sentence in one.triggers]
    if one.rule:
        pairs.append(("Asked because of the rule", one.rule))
    if one.scope:
        pairs.append(("Approved for", one.scope))
    pairs += [("Evidence, SHA-256", sha256) for sha256 in one.evidence]
    pairs += [
        (step.what.capitalize(), f"{step.by}, {moment(report, step.at)}, entry {step.entry:,}")
        for step in one.steps
    ]
    named = one.use or (one.title if titles else "") or one.rule or "a use that its file does not name"
    head = f"{one.label}: {named}"
    parts: list[Part] = [Words(head, "lead")]
    if one.answers:
        columns = (Column("Question", 5), Column("Answer", 1.2))
        rows = tuple((question, answer.capitalize()) for question, answer in one.answers)
        parts.append(Table(f"{one.label}: how the questions were answered", columns, rows))
    return [*parts, Facts(tuple(pairs))]


def _use(one: ClearanceHeld, *, titles: bool) -> str:
    named = (one.use, one.title if titles and one.title != one.use else "")
    return or_none(": ".join(filter(None, named)))


def _consents(report: Report) -> Table:
    columns = (
        Column("Who consents", 2.2),
        Column("To", 2.2),
        Column("Represented by", 2),
        Column("State", 1.1),
        Column("Holds until", 1.4),
        Column("Document, SHA-256", 3, code=True),
        Column("Entry", 0.9, "right"),
    )
    rows = tuple(
        (
            FORGOTTEN if one.person is None else one.person,
            joined(one.kinds),
            or_none(one.representation),
            one.state,
            day(one.until),
            one.document,
            number(one.entry),
        )
        for one in report.consents
    )
    told = "Consents to uses of a likeness, voice or performance"
    return Table(told, columns, rows, "None in this period, and none is valid today.")
