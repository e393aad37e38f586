"""Which sections a reader gets, in which order, and what is said first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from studio_assist.domain.report import Report, ReportFor
from studio_assist.interchange import report_rules_sections as rules
from studio_assist.interchange import report_sections as work
from studio_assist.interchange.report_document import Document, Facts, Section, Words
from studio_assist.interchange.report_words import counted, moment, period

#: Said in every report.
DISCLAIMER: Final = (
    "Not legal advice. The marks, the record and its checks are this product's own controls, and no "
    "requirement of a studio, guild or academy."
)

_Make = Callable[[Report], Section]


class _Kind(NamedTuple):
    title: str
    opening: str
    sections: tuple[_Make, ...]


def document_of(report: Report) -> Document:
    """A report as its reader gets it."""
    kind = KINDS[report.kind]
    sections = tuple(make(report) for make in kind.sections)
    return Document(
        title=kind.title,
        project=report.project,
        opening=kind.opening,
        facts=Facts(tuple(_facts(report))),
        sections=sections,
        foot=DISCLAIMER,
        made=moment(report, report.made),
        keywords=("disclosure report", report.kind),
    )


def _facts(report: Report) -> list[tuple[str, str]]:
    held = report.integrity
    pairs = [
        ("Project", report.project + (" (the sample that came with the program)" if report.sample else "")),
        ("Period", period(report)),
        ("Entries of the record", f"{report.period.entries:,} of {report.period.size:,}"),
        ("Made", f"{moment(report, report.made)} by {report.by}, with {report.made_with}"),
    ]
    if report.recipient:
        pairs.append(("For", report.recipient))
    length = f"{counted(report.script_pages, 'page')}, {counted(report.script_words, 'word')}"
    scenes = counted(len(report.by_scene), "scene")
    pairs += [
        ("The work today", f"{scenes}, {length}, {counted(report.panels, 'panel')}"),
        ("Record", f"Checked and intact: {held.size:,} entries, root {held.root[:16]}…"),
        ("Times", f"{report.zone}; days are those of this zone"),
    ]
    return pairs


# what a guild's and an award's reader gets besides -----------------------------------------------------


def _credit(report: Report) -> Section:
    lines = sum(item.lines for item in report.temp if item.kind == "line")
    told = "No line that began with a model is left in this text."
    if lines:
        told = (
            f"This text holds {counted(lines, 'line')} that began with a model and that no person has "
            "replaced yet. They are marked TEMP in the file."
        )
    credit = (
        "This sheet gives nobody a writing credit for words that a model offered, and no credit is printed "
        "for them anywhere in what this program exports."
    )
    approved = sum(1 for one in report.clearances if one.state == "approved")
    asked = (
        "The record holds no approval of a use of generative tools. That the company consented, and the "
        "writer, has to be shown in another way."
    )
    if approved:
        asked = f"{counted(approved, 'approval')} of a use of generative tools: listed below, with its scope."
    parts = (Words(f"Recipient of this sheet: {report.recipient}. {told}"), Words(credit), Words(asked))
    return Section("handover", "What is handed over", parts)


def _statement(report: Report) -> Section:
    made = sum(scene.model_words for scene in report.by_scene)
    temp = [panel for panel in report.by_panel if panel.state == "temp"]
    model = sum(1 for panel in temp if panel.ai)
    own = len(report.by_panel) - len(temp)
    deciders = sum(1 for one in report.people if one.counts.decided and not one.automated)
    human = (
        f"Human: {report.script_words - made:,} of {counted(report.script_words, 'word')} in the script have "
        f"no model on record. Panels of the board that are a person's own picture: {own:,}."
    )
    ai = (
        f"AI: {counted(made, 'word')} stand in the script as a model offered them. Panels that hold a "
        f"model's picture: {model:,}; that rules drew, without a model: {len(temp) - model:,}."
    )
    who = (
        f"Who decided: {counted(deciders, 'person', 'people')}, in "
        f"{counted(report.counts.decided, 'decision')}, each about one candidate that they had been shown. "
        f"They replaced or took out {counted(report.counts.replaced, 'item')} since."
    )
    return Section("statement", "The statement", (Words(human), Words(ai), Words(who)))


KINDS: Final[dict[ReportFor, _Kind]] = {
    "full": _Kind(
        "Disclosure report",
        "What AI touched in this project, who decided about it, and what left the machine: everything that "
        "the record holds for the period, without a word of the script.",
        (
            work.summary,
            rules.policies,
            rules.tools,
            rules.sendings,
            rules.uses,
            work.decisions,
            work.temp,
            work.replaced,
            work.authorship,
            work.incidents,
            rules.files,
            rules.integrity,
            work.limits,
        ),
    ),
    "contact": _Kind(
        "Disclosure to the studio contact",
        "For the studio's contact: which generative tools this production uses and for what, how its "
        "questions were answered, who approved, and what did not go as it should.",
        (
            work.summary,
            rules.uses,
            rules.policies,
            rules.tools,
            work.temp,
            work.decisions,
            work.incidents,
            rules.integrity,
            work.limits,
        ),
    ),
    "guild": _Kind(
        "AI disclosure sheet",
        "Goes with a text that is handed over. It says which of its passages a model made, by scene and "
        "page, who decided about each, and what people have changed since.",
        (
            _credit,
            lambda report: work.temp(report, text_only=True),
            lambda report: work.replaced(report, text_only=True),
            lambda report: work.authorship(report, panels=False),
            lambda report: work.decisions(report, tables=False),
            lambda report: rules.uses(report, titles=False),
            rules.integrity,
            work.limits,
        ),
    ),
    "awards": _Kind(
        "Human authorship statement",
        "For an award's committee: what people made, what a model made, and who decided.",
        (
            _statement,
            work.authorship,
            lambda report: work.decisions(report, tables=False),
            work.replaced,
            work.temp,
            lambda report: rules.tools(report, detail=False),
            rules.integrity,
            work.limits,
        ),
    ),
    "security": _Kind(
        "AI tools for a security assessment",
        "For a security assessment: every tool with its host, what it keeps, who attested that, what it "
        "received, and who approved it.",
        (
            rules.tools,
            rules.sendings,
            lambda report: work.incidents(report, ("blocked", "refused", "key", "clock")),
            rules.policies,
            lambda report: rules.uses(report, titles=False),
            rules.files,
            rules.integrity,
            work.limits,
        ),
    ),
}
