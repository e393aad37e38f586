"""The sections of a report about decisions and the work: numbers, temp material, whose words it has."""

from __future__ import annotations

from studio_assist.domain.report import Counts, Incident, PersonCounts, Report, TempItem
from studio_assist.interchange import report_charts as charts
from studio_assist.interchange.report_document import Column, Listed, Part, Section, Table, Tiles, Words
from studio_assist.interchange.report_words import (
    counted,
    joined,
    moment,
    number,
    or_none,
    per_cent,
    person,
    task,
    where_in,
)

_KINDS = {
    "blocked": "Blocked",
    "refused": "Not sent",
    "recovered": "Recovered",
    "clock": "Clock set back",
    "key": "Key without a voucher",
    "lost": "Passage lost",
    "forgotten": "Texts forgotten",
}


def summary(report: Report) -> Section:
    """The answer in numbers: what AI touched, who decided, what left."""
    lines = [item for item in report.temp if item.kind == "line"]
    panels = [item for item in report.temp if item.kind == "panel"]
    counts = report.counts
    left = counted(sum(item.lines for item in lines), "line")
    blocked = sum(1 for one in report.incidents if one.kind == "blocked")
    kept = f"{counts.accepted:,} accepted, {counts.edited:,} edited, {counts.rejected:,} rejected"
    tiles = (
        ("Decisions by people", number(counts.decided), kept),
        ("Temp still in the work", number(len(report.temp)), f"{left}, {counted(len(panels), 'board')}"),
        (
            "Words without a model",
            per_cent(report.human_permille) if report.script_words else "None",
            f"of {counted(report.script_words, 'word')} in the script",
        ),
        (
            "Left this machine",
            charts.size(report.bytes_sent),
            f"{counted(len(report.sendings), 'request')}, {number(blocked)} blocked",
        ),
    )
    parts: list[Part] = [Tiles(tiles), Words(_in_words(report))]
    if report.automated_asks or report.automated.decided:
        parts.append(Words(_automated(report), "note"))
    return Section("summary", "In short", tuple(parts))


def decisions(report: Report, *, tables: bool = True) -> Section:
    """Who decided, by day, person and task."""
    drawn = [charts.by_day(report.days), charts.by_person(report.people)]
    parts: list[Part] = [chart for chart in drawn if chart]
    if not report.counts.decided:
        parts.append(Words("No person decided about a candidate in this period."))
    people = [one for one in report.people if not one.automated]
    parts.append(
        Table(
            "What each person did",
            (
                Column("Person", 2.4),
                Column("Roles", 1.8),
                *(
                    Column(name, 1, "right")
                    for name in ("Asked", "Accepted", "Edited", "Rejected", "Replaced", "Drew")
                ),
                Column("Taken back", 1.2, "right"),
            ),
            tuple((one.name, joined(one.roles), number(one.asks), *_counts(one.counts)) for one in people),
            "Nobody has done anything in this period.",
        )
    )
    if tables:
        parts.append(_by_task(report))
        parts.append(Words(_waiting(report)))
        parts += _by_scripts(report)
    return Section("decisions", "Who decided", tuple(parts))


def temp(report: Report, *, text_only: bool = False) -> Section:
    """Every temp item that is still in the work."""
    items = [item for item in report.temp if not text_only or item.kind == "line"]
    columns = (
        Column("Where", 2.9),
        Column("Made by", 2.6),
        Column("Decided by", 1.9),
        Column("When", 1.9),
        Column("How", 1.1),
        Column("Words", 0.9, "right"),
        Column("Changed by a person", 1.4, "right"),
        Column("Entry", 0.9, "right"),
    )
    rows = tuple(_temp_row(report, item) for item in items)
    what = "Text" if text_only else "Temp material"
    parts: list[Part] = []
    if items:
        parts.append(Words(_left_words(items)))
    parts.append(
        Table(f"{what} in the work that is marked TEMP", columns, rows, f"No {what.lower()} is left.")
    )
    title = "Text that began with a model" if text_only else "Temp material still in the work"
    return Section("temp", title, tuple(parts))


def replaced(report: Report, *, text_only: bool = False) -> Section:
    """Every temp item that people took out of the work."""
    items = [item for item in report.replaced if not text_only or item.kind == "line"]
    rows = tuple(
        (
            f"shot {item.shot}" if item.kind == "panel" else where_in(item.scene),
            item.how,
            person(item.by, automated=item.automated),
            moment(report, item.at),
            item.made_by,
            per_cent(item.human_permille) if item.human_permille is not None else "",
            number(item.entry),
        )
        for item in items
    )
    columns = (
        Column("Where", 1.5),
        Column("How", 1.9),
        Column("By", 2),
        Column("When", 1.9),
        Column("Was made by", 2.6),
        Column("Ink", 0.8, "right"),
        Column("Entry", 0.9, "right"),
    )
    told = "Temp material that a person replaced, deleted or took away"
    empty = "Nothing was replaced in this period."
    return Section("replaced", "Replaced by people", (Table(told, columns, rows, empty),))


def authorship(report: Report, *, panels: bool = True) -> Section:
    """Whose words each scene has, and whose picture each panel."""
    parts: list[Part] = [
        Words(
            "A word counts as a model's while it stands in a passage that a model began and that nobody has "
            "replaced, unless a person has changed it there. For every other word the record knows no model; "
            "who wrote it, the record does not say."
        )
    ]
    chart = charts.by_scene(report.by_scene)
    if chart:
        parts.append(chart)
    rows = tuple(
        (
            scene.scene,
            number(scene.page),
            number(scene.words),
            number(scene.temp_words),
            number(scene.model_words),
            per_cent(scene.human_permille),
            number(scene.replaced),
            joined(scene.by),
        )
        for scene in report.by_scene
    )
    columns = (
        Column("Scene", 0.9),
        Column("Page", 0.8, "right"),
        Column("Words", 0.9, "right"),
        Column("In temp passages", 1.3, "right"),
        Column("As a model offered", 1.3, "right"),
        Column("Without a model", 1.3, "right"),
        Column("Passages replaced", 1.3, "right"),
        Column("Who decided there", 2.8),
    )
    parts.append(Table("Words by scene", columns, rows, "The script has no scene."))
    if panels:
        parts.append(_panels(report))
    return Section("authorship", "Human authorship", tuple(parts))


def incidents(report: Report, kinds: tuple[str, ...] = ()) -> Section:
    """What was blocked, refused, recovered, lost; clocks and keys."""
    shown: list[Incident] = [one for one in report.incidents if not kinds or one.kind in kinds]
    rows = tuple(
        (
            _KINDS[one.kind],
            moment(report, one.at),
            one.who,
            one.words + (f" Rules: {', '.join(one.rules)}." if one.rules else ""),
            number(one.entry),
        )
        for one in shown
    )
    columns = (
        Column("What", 1.5),
        Column("When", 1.8),
        Column("Who", 1.8),
        Column("In words", 5.2),
        Column("Entry", 0.9, "right"),
    )
    holds = Words("The record was checked as this report was made, and no entry of it was found altered.")
    table = Table("Incidents in this period", columns, rows, "None in this period.")
    return Section("incidents", "Incidents", (holds, table))


def limits(report: Report) -> Section:
    """What a report cannot say."""
    items = (
        "It says what was done in this program. What somebody did with another tool and brought in, it does "
        "not know.",
        "Times are those of the machine that wrote the record.",
        "Whose a key is, the record says and nobody else; ask the person for its first digits.",
        "Words, questions and candidates are left out on purpose. A pack of the record can disclose single "
        "texts.",
        "Marks, log and checks are this product's own. No studio, guild or academy has asked for them in "
        "this form.",
        "Nothing here is legal advice.",
    )
    return Section("limits", "What this report does not say", (Listed("", items),))


# parts --------------------------------------------------------------------------------------------------


def _counts(counts: Counts) -> tuple[str, ...]:
    each = (counts.accepted, counts.edited, counts.rejected, counts.replaced, counts.drawn, counts.undone)
    return tuple(map(number, each))


def _by_task(report: Report) -> Table:
    rows = tuple(
        (task(one.task), or_none(one.use), *map(number, (one.asks, one.offered)), *_outcomes(one))
        for one in report.tasks
    )
    columns = (
        Column("Task", 2),
        Column("Use, by the policy", 2.6),
        *(Column(name, 1, "right") for name in ("Asked", "Offered", "Accepted", "Edited", "Rejected")),
    )
    return Table("What models were asked for, by people and by scripts", columns, rows, "No model was asked.")


def _outcomes(one: object) -> tuple[str, ...]:
    return tuple(number(int(getattr(one, name))) for name in ("accepted", "edited", "rejected"))


def _by_scripts(report: Report) -> list[Part]:
    scripts: list[PersonCounts] = [one for one in report.people if one.automated]
    if not scripts:
        return []
    columns = (
        Column("Who", 2.4),
        *(Column(name, 1, "right") for name in ("Asked", "Accepted", "Edited", "Rejected", "Replaced")),
    )
    rows = tuple((one.name, number(one.asks), *_counts(one.counts)[:4]) for one in scripts)
    return [
        Words(_automated(report), "note"),
        Table("Automated: done by a script in a person's stead", columns, rows),
    ]


def _panels(report: Report) -> Table:
    states = {"temp": "Temp", "drawn": "Drawn by a person", "replaced": "Redrawn by a person"}
    rows = tuple(
        (
            panel.shot,
            panel.scene,
            states[panel.state],
            panel.made_by,
            panel.by,
            "a file of theirs" if panel.ink_permille is None else per_cent(panel.ink_permille),
            number(panel.entry) if panel.entry else "",
        )
        for panel in report.by_panel
    )
    columns = (
        Column("Shot", 0.8),
        Column("Scene", 0.8),
        Column("Panel", 2),
        Column("Temp picture made by", 2.6),
        Column("Drawn or decided by", 2.1),
        Column("Covered by a person's ink", 1.6, "right"),
        Column("Entry", 0.9, "right"),
    )
    empty = "No panel holds a picture." if report.panels else "The project has no board."
    return Table("Pictures by panel; empty panels are left out", columns, rows, empty)


def _temp_row(report: Report, item: TempItem) -> tuple[str, ...]:
    return (
        item.where,
        item.made_by,
        person(item.by, automated=item.automated),
        moment(report, item.at),
        item.outcome,
        number(item.words) if item.kind == "line" else "",
        per_cent(item.human_permille),
        number(item.entry),
    )


def _left_words(items: list[TempItem]) -> str:
    lost = sum(1 for item in items if item.state == "lost")
    told = f"{counted(len(items), 'item')} marked TEMP; a final export stays closed until each is replaced."
    if lost:
        told += f" {counted(lost, 'passage')} could not be found in the script any more and still counts."
    return told


def _in_words(report: Report) -> str:
    period = report.period
    spoken = counted(period.entries, "entry", "entries")
    asked = counted(report.asks, "time")
    whole = "" if period.entries == period.size else f" of {period.size:,}"
    left = (
        f"{counted(len(report.sendings), 'request')} left this machine."
        if report.sendings
        else "Nothing left this machine."
    )
    return (
        f"This report speaks of {spoken}{whole} of the record. Models and the rule-made drawer were asked "
        f"{asked} and offered {counted(report.offered, 'candidate')}. {left} {_waiting(report)}"
    )


def _waiting(report: Report) -> str:
    if not report.waiting:
        return "No candidate waits for a decision today."
    waits = "waits" if report.waiting == 1 else "wait"
    told = f"{counted(report.waiting, 'candidate')} {waits} for a decision today"
    return f"{told}; nothing of it is in the work."


def _automated(report: Report) -> str:
    made = counted(report.automated.decided, "decision")
    return (
        f"{made} and {counted(report.automated_asks, 'ask')} were made by a script in a person's stead, as "
        "in the sample and the tour. They are in no number of a person's."
    )
