"""The house's rules in a real project: a policy holds only as the record pins it, and no name is overlooked."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from broker_work import OTHER, SCRIPT, WRITER, Opened, in_a_loop, new_project, opened

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.house import House
from studio_assist.broker.policies import pin_of
from studio_assist.broker.session import no_project
from studio_assist.domain import record
from studio_assist.domain.clearance import ClearanceRequest
from studio_assist.domain.errors import BadInput, Damaged, Refusal
from studio_assist.domain.generation import Prompt, TextRequest
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.tasks import Task, examples
from studio_assist.gate.inspect import Inspector
from studio_assist.gate.lexicon import Lexicon
from studio_assist.gate.replace import replace
from studio_assist.gate.tokens import Tokens
from studio_assist.interchange.fountain import parse
from studio_assist.ledger import verify
from studio_assist.paths import resource
from studio_assist.storage.project import ProjectFolder

NETFLIX = resource("policies", "netflix-2025.toml")


def house_of(project: Opened, home: Path) -> House:
    return House(home, lambda: project.broker.session)


async def choose(project: Opened, policy: str = "netflix-2025", **more: object) -> protocol.Policies:
    params = protocol.ChoosePolicyParams(policy=policy, person=OTHER, **more)  # pyright: ignore[reportArgumentType]
    return await project.broker.handle(protocol.CHOOSE_POLICY, params)


async def name(
    project: Opened, text: str, kind: NameKind = NameKind.CHARACTER, **more: object
) -> protocol.Names:
    params = protocol.SetNameParams(text=text, kind=kind, person=WRITER, **more)  # pyright: ignore[reportArgumentType]
    return await project.broker.handle(protocol.SET_NAME, params)


# Policies ------------------------------------------------------------------------------------------------


@in_a_loop
async def test_a_person_pins_the_policy_and_any_change_of_it_opens_nothing(fresh: Path, home: Path) -> None:
    own = home / "policies" / "netflix-2025.toml"
    own.parent.mkdir()
    shutil.copy(NETFLIX, own)
    async with opened(fresh) as project:
        session, house = project.broker.session, house_of(project, home)
        overlays = ("writers-agreement",)
        told = await choose(project, overlays=overlays, material=Sensitivity.PERSONAL)
        assert (told.chosen, told.overlays, told.material, told.pinned) == (
            "netflix-2025", overlays, Sensitivity.PERSONAL, True
        )  # fmt: skip
        entry = session.ledger.entries(type="policy_chosen", newest_first=True, limit=1)[0]
        assert entry.person == OTHER.id
        policies, pinned = house.policies(session)
        assert ([one.id for one in policies], pinned) == (["netflix-2025", "writers-agreement"], True)
        assert house.material(session) is Sensitivity.PERSONAL
        size = session.ledger.size
        await choose(project, overlays=overlays, material=Sensitivity.PERSONAL)
        assert session.ledger.size == size, "nothing was chosen anew"

        text = own.read_text(encoding="utf-8")
        own.write_text(text.replace('most = "talent-or-personal"', 'most = "internal"'), encoding="utf-8")
        policies, pinned = house.policies(session)
        assert policies[0].leaving
        assert policies[0].leaving.most is Sensitivity.INTERNAL
        assert not pinned, "the file is another one"
        assert (await choose(project, overlays=overlays, material=Sensitivity.PERSONAL)).pinned

        toml = fresh / "project.toml"
        said = toml.read_text(encoding="utf-8")
        for change in (
            said.replace('["writers-agreement"]', "[]"),
            said.replace('material = "talent-or-personal"', 'material = "public"'),
            said.replace('policy = "netflix-2025"', 'policy = "local-only"'),
        ):
            assert change != said
            toml.write_text(change, encoding="utf-8")
            assert house.policies(session)[1] is False, "project.toml says what nobody chose"
            toml.write_text(said, encoding="utf-8")
        assert house.policies(session)[1]
        own.unlink()
        assert house.policies(session)[1] is False, "the built-in file is not the one that was chosen"
    assert verify(fresh).ok


@in_a_loop
async def test_a_file_of_the_users_own_that_cannot_be_read_is_never_replaced_by_the_built_in_one(
    fresh: Path, home: Path
) -> None:
    for folder in ("policies", "providers"):
        (home / folder).mkdir()
    async with opened(fresh) as project:
        session, house = project.broker.session, house_of(project, home)
        await choose(project)
        assert house.policies(session)[1]
        broken = home / "policies" / "netflix-2025.toml"
        misnamed = home / "policies" / "ours.toml"
        expiry = resource("providers", "openai.toml").read_text(encoding="utf-8").replace("expires_on", "# ")
        (home / "providers" / "openai.toml").write_text(expiry, encoding="utf-8")
        assert "openai" not in {card.id for card in house.cards()}
        for file, text in (
            (broken, "format = 1\nid = "),
            (broken, NETFLIX.read_text(encoding="utf-8").replace("allows = ", "alows = ")),
            (broken, "format = 1\n" + "#" * 300_000),
            (broken, "a = " + "[" * 5000),
            (misnamed, NETFLIX.read_text(encoding="utf-8")),
            (misnamed, 'id = "netflix-2025"\nbroken'),
        ):
            file.write_text(text, encoding="utf-8")
            assert house.policies(session) == ((), False)
            told = await project.broker.handle(protocol.LIST_POLICIES, protocol.Nothing())
            assert "netflix-2025" not in {one.id for one in told.policies}
            assert any(file.name in problem for problem in told.problems)
            assert any("openai.toml" in problem for problem in told.problems)
            with pytest.raises(BadInput):
                await choose(project)
            file.unlink()
        assert house.policies(session)[1]


@in_a_loop
async def test_a_policy_is_chosen_by_a_person_from_those_that_there_are(fresh: Path, home: Path) -> None:
    async with opened(fresh) as project:
        size, said = project.broker.session.ledger.size, (fresh / "project.toml").read_bytes()
        for policy, overlays in (
            ("stays-here", ()),
            ("writers-agreement", ()),
            ("netflix-2025", ("local-only",)),
            ("netflix-2025", ("factual", "factual")),
            ("netflix-2025", ("../netflix-2025",)),
        ):
            with pytest.raises(BadInput):
                await choose(project, policy, overlays=overlays)
        with pytest.raises(Refusal):
            await project.broker.handle(
                protocol.CHOOSE_POLICY, protocol.ChoosePolicyParams(policy="local-only", person=AUTOMATED)
            )
        assert project.broker.session.ledger.size == size
        assert (fresh / "project.toml").read_bytes() == said
    with pytest.raises(BadInput):
        pin_of("factual", home)
    assert pin_of("netflix-2025", home).policy.id == "netflix-2025"


@in_a_loop
async def test_a_crash_between_file_and_entry_leaves_a_policy_that_opens_nothing(
    fresh: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(fresh) as project:
        await choose(project, "local-only")
        session = project.broker.session
        with monkeypatch.context() as patch:
            patch.setattr(session, "append", lambda *_args, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                await choose(project)
        policies, pinned = house_of(project, home).policies(session)
        assert ([one.id for one in policies], pinned) == (["netflix-2025"], False)


def test_policies_can_be_read_with_no_project_open(home: Path) -> None:
    broker = Broker(lambda _event: None)
    told = asyncio.run(broker.handle(protocol.LIST_POLICIES, protocol.Nothing()))
    assert (told.chosen, told.policies[0].id, told.problems) == ("netflix-2025", "netflix-2025", ())
    assert all(one.sentences and one.disclaimer for one in told.policies)


def test_a_project_that_need_not_say_more_says_what_it_said_before(fresh: Path) -> None:
    folder = ProjectFolder.open(fresh)
    before = folder.path.joinpath("project.toml").read_text(encoding="utf-8")
    assert "overlays" not in before
    assert "material" not in before
    folder.save_info(
        folder.info.model_copy(update={"overlays": ("factual",), "material": Sensitivity.PUBLIC})
    )
    folder.save_info(ProjectFolder.open(fresh).info.model_copy(update={"overlays": (), "material": Sensitivity.CONFIDENTIAL}))  # fmt: skip
    info = ProjectFolder.open(fresh).info
    assert (info.overlays, info.material) == ((), Sensitivity.CONFIDENTIAL)


# Names ---------------------------------------------------------------------------------------------------


@in_a_loop
async def test_the_list_holds_the_scripts_names_and_a_persons_own(fresh: Path) -> None:
    async with opened(fresh) as project:
        listed = await project.broker.handle(protocol.LIST_NAMES, protocol.ListNamesParams())
        of_script = {term.text for term in listed.names}
        assert {"MAYA", "EWAN", "Larkspur"} <= of_script
        await name(project, "Skerra Point", NameKind.PLACE, aliases=("Skerra", "SKERRA", "Skerra Point"))
        changed = await name(project, "Skerra Head", NameKind.PLACE, aliases=("Skerra",), was="Skerra Point")
        own = [term for term in changed.names if term.source == "person"]
        assert own == [NameTerm(text="Skerra Head", kind=NameKind.PLACE, aliases=("Skerra",))]
        listed = await name(project, "Maya", NameKind.PERSON)
        assert NameTerm(text="Maya", kind=NameKind.PERSON) in listed.names, "a person's word stands above"
        for wrong, was in (
            ("Maia", "EWAN"),
            ("Maya", "Skerra Head"),
            ("Maia", "Nobody"),
            ("a\nb", None),
            (" ", None),
        ):
            with pytest.raises(BadInput):
                await name(project, wrong, was=was)
        remove = protocol.RemoveNameParams(text="maya", person=OTHER)
        listed = await project.broker.handle(protocol.REMOVE_NAME, remove)
        assert "MAYA" in {term.text for term in listed.names}, "the script's own is back"
        with pytest.raises(BadInput, match="comes from the script"):
            await project.broker.handle(protocol.REMOVE_NAME, remove)
        entries = project.broker.session.ledger.entries(type="names_changed", limit=10)
        assert [entry.person for entry in entries] == [WRITER.id, WRITER.id, WRITER.id, OTHER.id]
        last = entries[-1].body
        assert isinstance(last, record.NamesChanged)
        held = project.broker.session.ledger.content(last.content)
        assert held == (fresh / "names.toml").read_text(encoding="utf-8")
    assert verify(fresh).ok


@in_a_loop
async def test_a_list_of_names_that_cannot_be_read_stops_everything(fresh: Path, home: Path) -> None:
    async with opened(fresh) as project:
        await name(project, "Skerra")
        (fresh / "names.toml").write_text('[[name]]\ntext = "Skerra"\nkind = "plaice"\n', encoding="utf-8")
        session, house = project.broker.session, house_of(project, home)
        script = parse(project.state.script).screenplay
        for look in (
            lambda: house.terms(session, script),
            lambda: house.answers(session),
            lambda: house.keep_answers(session, ("Beltane",), ()),
        ):
            with pytest.raises(Damaged, match="what kind"):
                look()
        with pytest.raises(Damaged):
            await name(project, "Maia")
        (fresh / "names.toml").unlink()
        with pytest.raises(Damaged, match="is gone"):
            house.terms(session, script)


@in_a_loop
async def test_answers_last_until_somebody_says_otherwise(fresh: Path, home: Path) -> None:
    async with opened(fresh) as project:
        session, house = project.broker.session, house_of(project, home)
        given = NameTerm(text="MAYA", kind=NameKind.CHARACTER, aliases=("Mayhem",))
        house.keep_answers(session, ("Beltane", "Old  Skerry"), (given,))
        house.keep_answers(session, (), (given.model_copy(update={"aliases": ("The Wren",)}),))
        script = parse(project.state.script).screenplay
        maya = next(term for term in house.terms(session, script) if term.text == "MAYA")
        assert maya.aliases == ("Mayhem", "The Wren")
        assert {"Beltane", "Old Skerry"} <= house.answers(session).words
        size = session.ledger.size
        house.keep_answers(session, ("Beltane",), (given,))
        assert session.ledger.size == size, "nothing new was said"
        forget = protocol.RemoveNameParams(text="Beltane", no_name=True, person=WRITER)
        await project.broker.handle(protocol.REMOVE_NAME, forget)
        listed = await name(project, "Old Skerry", NameKind.PLACE)
        assert listed.no_names == ()
        assert not {"Beltane", "Old Skerry"} & house.answers(session).words
        house.keep_answers(session, ("Odile",), ())
        for text, said in (
            (SCRIPT, True),
            (SCRIPT + "\nODILE BREM (40) enters.\n\nODILE BREM\nNo.\n", False),
        ):
            house.terms(session, parse(text).screenplay)
            assert ("Odile" in house.answers(session).words) is said, "since then it is a name in the script"


@in_a_loop
async def test_names_in_our_own_prompts_hold_nobody_up_and_those_of_a_production_are_still_replaced(
    fresh: Path, home: Path
) -> None:
    async with opened(fresh) as project:
        session, house = project.broker.session, house_of(project, home)

        def look(task: Task, script: str, note: str = "") -> tuple[list[str], str]:
            """What would be asked about one request, and what would leave."""
            text = examples(task) + f"\nNote: {note}\n"
            asked = TextRequest(prompts=(Prompt(text=text),), count=1, seed=1, max_tokens=9)
            lexicon = Lexicon(house.terms(session, parse(script).screenplay))
            answers = house.answers(session, asked)
            found = Inspector(lexicon, answers).text(text)
            return [one.text for one in found.questions], replace(text, lexicon, Tokens(), answers).text

        tasks = project.broker.tasks()
        assert [look(task, SCRIPT)[0] for task in tasks.values()] == [[] for _ in tasks]
        beats = tasks["beats"]
        assert "Anna" in look(beats, SCRIPT)[1]
        # Written by a person: it is asked about.
        assert look(beats, SCRIPT, "like Anna, but colder")[0] == ["Anna"]
        assert look(beats, SCRIPT, "tomorrow, on Annapurna")[0] == ["Annapurna"]
        assert "Tom" in Inspector(Lexicon(()), house.answers(session)).text("He saw Tom.").questions[0].text
        # On the list: it is replaced, as in every other text.
        asked, left = look(beats, SCRIPT + "\nANNA\nYes.\n")
        assert (asked, "Anna" in left, "Tom" in left) == ([], False, True)
        await name(project, "Tom")
        asked, left = look(beats, SCRIPT)
        assert (asked, "Tom" in left) == ([], False)


# Clearance -----------------------------------------------------------------------------------------------


@in_a_loop
async def test_a_draft_for_clearance_is_a_file_an_entry_and_words_for_a_mail(fresh: Path) -> None:
    async with opened(fresh) as project:
        request = project.offer("A line.")[0].id.rsplit("-", 1)[0]
        params = protocol.DraftClearanceParams(
            request=request,  # pyright: ignore[reportArgumentType]
            rule="keeps-nothing",
            why="Northlight keeps prompts 30 days.",
            backend="northlight",
            person=WRITER,
        )
        draft = await project.broker.handle(protocol.DRAFT_CLEARANCE, params)
        again = await project.broker.handle(protocol.DRAFT_CLEARANCE, params)
        assert again == draft
        kept = ClearanceRequest.model_validate_json(Path(draft.path).read_bytes())
        assert (kept.request, kept.scene, kept.task, kept.number) == (request, "14", "alt-lines", 1)
        assert Path(draft.path) == fresh / "clearance" / "requests" / f"{draft.id}.json"
        assert all(part in draft.text for part in ("Larkspur", "R. Okafor", "30 days", "14", "C-001"))
        entries = project.broker.session.ledger.entries(type="clearance_drafted", limit=5)
        assert [entry.person for entry in entries] == [WRITER.id]
        for wrong in ({"request": "nobody"}, {"rule": "No Rule"}, {"why": " "}):
            with pytest.raises(BadInput):
                await project.broker.handle(protocol.DRAFT_CLEARANCE, params.model_copy(update=wrong))
        assert len(list(Path(draft.path).parent.iterdir())) == 1


# The command line ----------------------------------------------------------------------------------------


def test_names_on_the_command_line(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from studio_assist.cli import main

    def run(*words: str) -> tuple[int, object]:
        code = main(["names", str(fresh), *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    before = (fresh / "ledger.sqlite").read_bytes()
    code, listed = run()
    assert code == 0
    assert {"text": "MAYA", "kind": "character", "aliases": [], "source": "script"} in list(listed)  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType]
    assert (fresh / "ledger.sqlite").read_bytes() == before, "looking writes nothing"
    added = ("--add", "Skerra Point", "--kind", "place", "--by", "M. Lind")
    assert run(*added, "--alias", "Skerra")[0] == 0
    code, listed = run(*added, "--alias", "The Point")
    skerra = {"text": "Skerra Point", "kind": "place", "aliases": ["Skerra", "The Point"], "source": "person"}
    assert (code, skerra in list(listed)) == (0, True)  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType]
    code, listed = run("--remove", "skerra point")
    assert (code, skerra in list(listed)) == (0, False)  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType]
    assert run("--remove", "MAYA")[0] == 2
    assert run("--add", "Skerra")[0] == 2
    assert run("--alias", "Skerra")[0] == 2


@in_a_loop
async def test_a_project_can_be_read_only_and_its_rules_are_still_read(fresh: Path, home: Path) -> None:
    async with opened(fresh) as project:
        await choose(project)
        await name(project, "Skerra")
    async with opened(fresh, read_only=True) as project:
        house = house_of(project, home)
        assert house.policies(project.broker.session)[1]
        with pytest.raises(Refusal):
            await name(project, "Maia")
        with pytest.raises(Refusal):
            await choose(project, "local-only")


@in_a_loop
async def test_without_a_project_there_is_no_list(home: Path) -> None:
    def none() -> None:
        raise no_project()

    with pytest.raises(type(no_project())):
        await House(home, none).list_names(protocol.ListNamesParams())  # pyright: ignore[reportArgumentType]


@in_a_loop
async def test_a_script_that_is_new_brings_its_own_names(tmp_path: Path) -> None:
    folder = tmp_path / "Two.studio"
    await new_project(folder, SCRIPT.replace("MAYA", "ODILE").replace("Maya", "Odile"))
    async with opened(folder) as project:
        listed = await project.broker.handle(protocol.LIST_NAMES, protocol.ListNamesParams())
        other = await project.broker.handle(protocol.LIST_NAMES, protocol.ListNamesParams(script=SCRIPT))
    assert "ODILE" in {term.text for term in listed.names}
    assert "MAYA" in {term.text for term in other.names}
