"""Policies: what a production has agreed to, as sentences with their sources.

A policy is a TOML file in `resources/policies` that people may read and replace. Every sentence knows where
it comes from, when that was checked, and whether it was checked at the source itself; what was not is shown
as unverified wherever the sentence is shown. None of it is legal advice. Pure: files are read elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, Self, cast

from pydantic import StringConstraints, ValidationError, model_validator

from studio_assist.domain.errors import BadInput
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import Value

#: The version of the file format that this program reads.
FORMAT: Final = 1

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
#: One or more plain words on one line.
Plain = Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=r"^\S[^\r\n]*$")]


class PolicySource(Value):
    """Where a sentence comes from.

    Attributes:
        copy_of: date of the copy that was read, where the original has dates; else None.
        checked_on: when somebody last compared the sentence with its source.
        verified: checked at the source itself. False means from a secondary source.
    """

    name: Plain
    copy_of: date | None = None
    checked_on: date
    verified: bool


class Principle(Value):
    """One thing that a production answers with yes, no or unsure.

    Attributes:
        note: how the program reads it where it could be read in two ways, or "".
        question: as it is asked of one purpose, or "" where it is not; `wanted` is the answer that fits.
    """

    id: Slug
    sentence: Plain
    note: str = ""
    question: str = ""
    wanted: Literal["yes", "no"] = "yes"
    source: PolicySource


class PolicyRule(Value):
    """One sentence about what may be put into a tool.

    Attributes:
        area: what it is about; "always" for what every use asks for.
        trigger: as it is asked of one use ("It names a work or a public figure"); a yes asks for approval. ""
            where it is not asked.
        needs: what opens it: "nothing" is a plain statement, "notice" telling the contact, "evidence" a
            document on file, "consent" a recorded consent, "disclosure" a sheet that goes with the work,
            "marks" the marks that this program puts on by itself, "approval" somebody's written yes.
    """

    id: Slug
    area: Literal["always", "data", "creative", "talent", "ethics", "writing", "marking", "factual"]
    sentence: Plain
    trigger: str = ""
    needs: Literal["nothing", "notice", "evidence", "consent", "disclosure", "marks", "approval"]
    source: PolicySource


class Use(Value):
    """Something that people want to do with a generative tool: one row of the guidance's matrix, or finer.

    Attributes:
        media: "Text", "Image", "Picture, audio": what comes out.
        icon: name of the program's icon.
        verdict: "go" if the principles are followed; "judgement": escalate if it matters to the story;
            "escalate" always.
        why: the sentence behind the verdict.
        tasks: ids of the program's tasks that are this use; those of an escalated use are closed until a
            clearance of it is approved.
        clears: ids of the policy's rules that an approval of this use answers, in its scope.
    """

    id: Slug
    title: Plain
    media: Plain
    icon: Slug
    about: Plain
    verdict: Literal["go", "judgement", "escalate"]
    why: Plain
    tasks: tuple[Slug, ...] = ()
    clears: tuple[Slug, ...] = ()
    source: PolicySource


class Leaving(Value):
    """What may go through the gate at all under a policy.

    Attributes:
        most: the most sensitive class that may leave.
        pseudonyms_from: from this class on names are replaced before anything leaves.
        two_people_from: from this class on a second named person has to say yes.
        ask_once: classes for which *Ask once a session for this host and class* may be chosen.
        ask_once_here: it may be chosen for servers on this machine, whatever the class.
        approvals: rules of this policy whose written approval a class needs before it leaves.
    """

    most: Sensitivity
    pseudonyms_from: Sensitivity = Sensitivity.PUBLIC
    two_people_from: Sensitivity = Sensitivity.PERSONAL
    ask_once: tuple[Sensitivity, ...] = ()
    ask_once_here: bool = False
    approvals: dict[Sensitivity, tuple[Slug, ...]] = {}


class Policy(Value):
    """A policy, complete: every sentence carries its own source.

    Attributes:
        version: of the guidance, as its author counts.
        allows: the furthest place where a model may run at all: "here" on this machine, "studio" inside the
            company, "outside" at a provider that the gate lets through.
        overlay: it adds rules to another policy and is never a project's only one.
        leaving: what may go through the gate; None where nothing may, and for overlays that change nothing.
        disclaimer: shown wherever the policy is shown.
    """

    id: Slug
    title: Plain
    version: Plain
    about: Plain
    disclaimer: Plain
    allows: Literal["here", "studio", "outside"]
    overlay: bool = False
    leaving: Leaving | None = None
    source: PolicySource
    principles: tuple[Principle, ...] = ()
    rules: tuple[PolicyRule, ...] = ()
    uses: tuple[Use, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.principles and not self.overlay:
            raise ValueError("a policy that is no overlay has at least one principle")
        known = {rule.id for rule in self.rules}
        named = [
            rule for rules in (self.leaving.approvals if self.leaving else {}).values() for rule in rules
        ]
        if not known.issuperset(named):
            raise ValueError(f"approvals name no rule of this policy: {', '.join(set(named) - known)}")
        cleared = {rule for use in self.uses for rule in use.clears}
        if not known.issuperset(cleared):
            raise ValueError(f"uses clear no rule of this policy: {', '.join(cleared - known)}")
        return self

    @property
    def all_verified(self) -> bool:
        """Whether every sentence was checked at its source."""
        return all(part.source.verified for part in (self, *self.principles, *self.rules, *self.uses))

    def rule(self, rule_id: str) -> PolicyRule | None:
        """The rule of that id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def use(self, use_id: str) -> Use | None:
        """The use of that id, or None."""
        return next((use for use in self.uses if use.id == use_id), None)

    @property
    def wants_notice(self) -> PolicyRule | None:
        """The rule that asks for the contact to be told of every use, or None."""
        return next((rule for rule in self.rules if rule.area == "always" and rule.needs == "notice"), None)


def policy_of(content: Mapping[str, object], place: str) -> Policy:
    """Read a policy from what its TOML file holds.

    A principle, rule or use without a source of its own takes the file's.

    Args:
        content: the file as `tomllib` reads it.
        place: what to call the file in an error.

    Raises:
        BadInput: another format, or a field that is missing, wrong or unknown.
    """
    if content.get("format") != FORMAT:
        raise BadInput(
            f"This policy is of format {content.get('format')!r}; this program reads format {FORMAT}.",
            remedy="Use a policy file made for this version, or install a newer Studio Assist.",
            place=place,
        )
    fields = {
        key: value for key, value in content.items() if key not in ("format", "principle", "rule", "use")
    }
    source = content.get("source")
    fields["principles"] = _with_source(content.get("principle"), source)
    fields["rules"] = _with_source(content.get("rule"), source)
    fields["uses"] = _with_source(content.get("use"), source)
    if isinstance(leaving := content.get("leaving"), dict):
        fields["leaving"] = _leaving(cast("dict[str, object]", leaving))
    try:
        policy = Policy.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"This policy cannot be read: {where}: {first['msg']}.",
            remedy="Correct the file, or restore the one that came with the program.",
            place=place,
        ) from error
    ids = [part.id for part in (*policy.principles, *policy.rules, *policy.uses)]
    for twice in ids:
        if ids.count(twice) > 1:
            raise BadInput(
                f"This policy uses the id {twice!r} twice.",
                remedy="Give every principle and rule an id of its own.",
                place=place,
            )
    return policy


def _with_source(parts: object, source: object) -> object:
    """The tables as a tuple, each with a source. What is no list of tables the model refuses."""
    if parts is None:
        return ()
    if not isinstance(parts, list):
        return parts
    return tuple(
        {"source": source, **{key: _tuple(value) for key, value in cast("dict[str, object]", part).items()}}
        if isinstance(part, dict)
        else part
        for part in cast("list[object]", parts)
    )


def _leaving(table: dict[str, object]) -> dict[str, object]:
    """The table with its words as classes. What is no class stays a word, which the model refuses."""
    read: dict[str, object] = {}
    for name, value in table.items():
        if name == "approvals" and isinstance(value, dict):
            approvals = cast("dict[str, object]", value)
            read[name] = {_class(key): _tuple(rules) for key, rules in approvals.items()}
        elif isinstance(value, list):
            read[name] = tuple(_class(one) for one in cast("list[object]", value))
        else:
            read[name] = _class(value)
    return read


def _class(word: object) -> object:
    return Sensitivity(word) if isinstance(word, str) and word in set(Sensitivity) else word


def _tuple(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value
