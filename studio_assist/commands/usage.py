"""What can be said on the command line: every command, what it takes, and what runs it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, NoReturn, cast, get_args

from studio_assist import __version__
from studio_assist.domain.errors import BadInput
from studio_assist.domain.export_formats import BoardField, ExportFormat, PanelFormat

#: The command that stands behind no word at all, or behind a project's folder.
WINDOW: Final = "(window)"

Commands = argparse._SubParsersAction  # pyright: ignore[reportPrivateUsage]  # argparse names its type no other way


class Parser(argparse.ArgumentParser):
    """An argument parser that raises what it finds wrong and never ends the program for it."""

    def error(self, message: str) -> NoReturn:
        sentence = message[0].upper() + message[1:].rstrip(".")
        raise BadInput(f"{sentence}.", remedy=f"Run {self.prog} --help to see how it is used.")


def parser_of_all() -> Parser:
    """The command line whole, with every command of this release."""
    parser = Parser(
        prog="studio-assist",
        description="Temp words and temp boards that a person decides on, and a record that shows it.",
        usage="studio-assist [PROJECT]\n       studio-assist COMMAND …",
        epilog="Without a command the window opens. Every command takes --json. "
        "Exit 0: done; 1: what was asked about does not hold; 2: bad usage or input.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"studio-assist {__version__}")
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, dest="command", prog=parser.prog
    )
    for name, (function, about, build) in COMMANDS.items():
        build(_command(commands, name, function, about))
    _window(_command(commands, WINDOW, "window:open_window", None))
    return parser


def _command(commands: Commands[Parser], name: str, run: str, about: str | None) -> Parser:
    if about is None:
        # Without a help text argparse leaves a command out of the list.
        command = commands.add_parser(name, allow_abbrev=False)
    else:
        sentence = f"{about[0].upper()}{about[1:]}."
        command = commands.add_parser(name, allow_abbrev=False, help=about, description=sentence)
    command.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document"
    )
    command.set_defaults(run=run)
    return command


def _window(parser: Parser) -> None:
    parser.prog = "studio-assist"
    parser.add_argument("project", nargs="?", type=Path, metavar="PROJECT", help="the project's folder")


def _tour(parser: Parser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the pictures go; tour/ by itself")


def _new(parser: Parser) -> None:
    parser.add_argument("project", type=Path, metavar="DIR", help="the folder to make")
    parser.add_argument("--title", required=True, metavar="T", help="the production's title")
    parser.add_argument("--policy", metavar="ID", help="what the production has agreed to")
    parser.add_argument("--script", type=Path, metavar="FILE", help="a Fountain script to begin with")


def _sample(parser: Parser) -> None:
    parser.add_argument("project", type=Path, metavar="DIR", help="the folder to make")


def _info(parser: Parser) -> None:
    _add_project(parser)


def _script(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a Fountain script")


def _backends(parser: Parser) -> None:
    parser.add_argument("--project", type=Path, metavar="P", help="as this project sees them")


def _ask(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument(
        "--task", required=True, metavar="T", help="what to ask for: alt-lines, beats, board, shots, …"
    )
    parser.add_argument("--scene", metavar="N", help="the scene's number")
    parser.add_argument("--line", type=_line, metavar="N", help="the n-th speech of the scene")
    parser.add_argument("--shot", metavar="NUMBER", help="board: this shot alone")
    parser.add_argument("--backend", metavar="ID", help="the model to ask")
    parser.add_argument("--count", type=_count, metavar="N", help="how many candidates, 1 to 8")
    parser.add_argument("--seed", type=_seed, metavar="N", help="the same seed gives the same candidates")
    parser.add_argument("--note", default="", metavar="TEXT", help="what you are after, in your words")


def _gate(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("--backend", required=True, metavar="ID", help="who would be asked")
    parser.add_argument("--text", type=Path, required=True, metavar="FILE", help="what would be asked")
    parser.add_argument(
        "--image",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a picture that would go along",
    )


def _names(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("--add", metavar="TEXT", help="put a name on the list, or change its kind")
    kinds = ("character", "person", "title", "place", "organisation", "other")
    parser.add_argument("--kind", choices=kinds, help="what the added name names")
    parser.add_argument(
        "--alias", action="append", default=[], metavar="A", help="another way to write the added name"
    )
    parser.add_argument("--remove", metavar="TEXT", help="take a name off that somebody added")
    _add_person(parser)


def _backend(parser: Parser) -> None:
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, dest="backend_command"
    )
    add = _command(commands, "add", "hosts:add", "set up a host that a model runs at")
    _add_project(add)
    add.add_argument("--id", required=True, metavar="ID", help="what it is to be called: northlight")
    add.add_argument("--type", required=True, metavar="T", help="openai, openai-compatible, anthropic, …")
    add.add_argument("--host", required=True, metavar="URL", help="address of its API: https://host/v1")
    add.add_argument("--model", metavar="M", help="the model, as the host calls it")
    add.add_argument("--name", metavar="NAME", help="its name, as lists show it")
    add.add_argument("--region", metavar="R", help="where it is asked to work")
    add.add_argument(
        "--field",
        type=_field,
        action="append",
        default=[],
        metavar="PATH=VALUE",
        help='a field that its terms ask for: provider.only=["deepinfra"]',
    )
    key = add.add_mutually_exclusive_group()
    key.add_argument("--key-env", metavar="VAR", help="the variable that holds the key")
    key.add_argument("--key", type=_from_input, metavar="-", help="read the key from standard input")
    _add_person(add)
    remove = _command(commands, "remove", "hosts:remove", "take a host away, and its key with it")
    _add_project(remove)
    remove.add_argument("--id", required=True, metavar="ID", help="the backend")
    _add_person(remove)


def _attest(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("--backend", required=True, metavar="ID", help="the backend at that host")
    parser.add_argument("--evidence", type=Path, required=True, metavar="FILE", help="what says so")
    parser.add_argument("--until", type=_date, required=True, metavar="DATE", help="the last day: 2027-02-03")
    parser.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    parser.add_argument("--plan", metavar="TEXT", help="what the account has; the provider card's by itself")
    parser.add_argument("--region", metavar="R", help="where the provider promises to work on it")


_ROLES: Final = "writer,artist,producer,approver"


def _report(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="pdf, html, csv or json, by its ending"
    )
    kinds = ("full", "contact", "guild", "awards", "security")
    parser.add_argument(
        "--for", dest="kind", choices=kinds, default="full", help="for whom; everything by itself"
    )
    parser.add_argument(
        "--recipient", default="", metavar="NAME", help="to whom it goes; the record keeps it"
    )
    parser.add_argument("--since", type=_date, metavar="DATE", help="the first day it speaks of")
    parser.add_argument("--until", type=_date, metavar="DATE", help="the last day it speaks of")
    _add_person(parser)


def _people(parser: Parser) -> None:
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, dest="people_command"
    )
    _add_project(_command(commands, "list", "people:show", "print everybody, their roles and keys"))
    invite = _command(commands, "invite", "people:invite", "write an invitation for somebody elsewhere")
    _add_project(invite)
    invite.add_argument("--name", required=True, metavar="NAME", help="who is invited")
    invite.add_argument(
        "--roles", required=True, metavar="R,R", help="their roles: writer,artist,producer,approver"
    )
    invite.add_argument("--out", required=True, type=Path, metavar="FILE", help="where the invitation goes")
    _add_person(invite)
    join = _command(commands, "join", "people:join", "answer an invitation with your own key")
    join.add_argument("invitation", type=Path, metavar="INVITATION", help="the file you were given")
    join.add_argument("--out", required=True, type=Path, metavar="FILE", help="where the answer goes")
    _add_person(join)
    admit = _command(commands, "admit", "people:admit", "look at an answer, or take it in")
    _add_project(admit)
    admit.add_argument("answer", type=Path, metavar="ANSWER", help="the file that came back")
    admit.add_argument("--key", metavar="KEY", help="the key as they read it to you; without it, only looks")
    _add_person(admit)
    roles = _command(commands, "roles", "people:roles", "give somebody roles in place of those they have")
    _add_project(roles)
    roles.add_argument("--who", required=True, metavar="WHO", help="their name, or the id that list prints")
    roles.add_argument(
        "--roles", required=True, metavar="R,R", help="writer,artist,producer,approver, or none"
    )
    _add_person(roles)
    vouch = _command(commands, "vouch", "people:vouch", "stand behind the key that somebody read to you")
    _add_project(vouch)
    vouch.add_argument("--who", required=True, metavar="WHO", help="their name, or the id that list prints")
    vouch.add_argument("--key", required=True, metavar="KEY", help="the key as they read it to you")
    _add_person(vouch)


def _contact(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("--name", metavar="N", help="who was told; without it, say who was")
    parser.add_argument("--how", metavar="TEXT", default="mail", help="mail, meeting, call …")
    parser.add_argument("--when", type=_date, metavar="DATE", help="the day; today by itself")
    parser.add_argument(
        "--use", action="append", default=[], metavar="ID", help="an intended use, as the policy names it"
    )
    _add_person(parser)


def _ledger(parser: Parser) -> None:
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, dest="ledger_command"
    )
    verify = _command(commands, "verify", "record:verify", "check every entry of a record")
    verify.add_argument(
        "path", type=Path, metavar="PATH", help="a project's folder, a pack, or a ledger.sqlite"
    )
    verify.add_argument("--copy", type=Path, metavar="OTHER", help="another copy of it: says what differs")
    show = _command(commands, "show", "record:show", "print what the record holds")
    _add_project(show)
    show.add_argument("--entry", type=_line, metavar="N", help="this entry alone, with its texts")
    witness = _command(
        commands, "witness", "record_witness:witness", "have a record witnessed, or witness one"
    )
    _add_project(witness)
    witness.add_argument(
        "--out", type=Path, metavar="FILE", help="write what a witness needs (.tsq: RFC 3161)"
    )
    witness.add_argument(
        "--in", type=Path, metavar="FILE", dest="into", help="take an answer in; with --out, be the witness"
    )
    witness.add_argument("--authority", type=Path, metavar="PEM", help="root of the time authority you trust")
    _add_person(witness)
    forget = _command(commands, "forget", "record_witness:forget", "forget the texts of one entry for good")
    _add_project(forget)
    forget.add_argument("--entry", type=_line, required=True, metavar="N", help="the entry that holds them")
    forget.add_argument("--why", required=True, metavar="TEXT", help="the reason; it stays in the record")
    _add_person(forget)
    pack = _command(commands, "pack", "record_pack:pack", "hand a record out for others to check")
    _add_project(pack)
    pack.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to make")
    pack.add_argument(
        "--disclose",
        type=_line,
        nargs="+",
        action="extend",
        default=[],
        metavar="N",
        help="entries whose texts go along; no other text does",
    )
    pack.add_argument(
        "--file",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="PATH",
        help="exported files that go along",
    )
    _add_person(pack)


def _mark(parser: Parser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, dest="mark_command")
    read = _command(commands, "read", "marks:read", "read every mark on a file and say whether they agree")
    read.add_argument("file", type=Path, metavar="FILE", help="a picture, a film, a PDF or a Fountain script")
    read.add_argument("--project", type=Path, metavar="P", help="ask this project; else whichever fits")


def _import(parser: Parser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="fountain, fdx, pdf, storyboarder, pictures or a folder of them; otio, edl, xml: lists changes",
    )
    parser.add_argument("--into", type=Path, required=True, metavar="PROJECT", dest="project")
    parser.add_argument("--scene", metavar="N", default="", help="boards: the scene that new shots belong to")
    parser.add_argument(
        "--conflicts",
        choices=("both", "ours", "theirs"),
        default="both",
        help="script: what stands where both sides changed; both by itself",
    )
    _add_person(parser)


def _export(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("--format", required=True, choices=(*get_args(ExportFormat), *get_args(PanelFormat)))
    parser.add_argument(
        "--shot", metavar="NUMBER", help="png, ora, psd: this panel alone; else --out is a folder"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="PATH", help="the file to write")
    parser.add_argument("--final", action="store_true", help="refuse while temp material is left")
    parser.add_argument(
        "--scenes", metavar="N-N", default="", help="these scenes alone: 14 or 14-17 or 3,14-17"
    )
    parser.add_argument(
        "--panels", type=int, choices=(1, 2, 3, 4, 6, 9), metavar="N", help="boards-pdf: panels on a page"
    )
    parser.add_argument("--paper", choices=("a4", "letter"), help="boards-pdf: the paper")
    parser.add_argument("--portrait", action="store_true", help="boards-pdf: upright pages")
    parser.add_argument(
        "--fields", metavar="F,F", help=f"boards-pdf: {','.join(get_args(BoardField))}; none: none"
    )
    parser.add_argument(
        "--height", type=int, choices=(360, 540, 720, 1080, 2160), metavar="PX", help="films: frame height"
    )
    parser.add_argument("--no-captions", action="store_true", help="films: without dialogue")
    parser.add_argument(
        "--no-slate", action="store_true", help="films: no slate on frames that show no temp material"
    )
    parser.add_argument(
        "--every-frame",
        action="store_true",
        help="frames-png, frames-jpeg: a file for every frame, not one a shot",
    )
    parser.add_argument("--no-empty", action="store_true", help="boards-pdf: leave empty panels out")


def _add_person(parser: Parser) -> None:
    parser.add_argument("--by", metavar="NAME", help="who does it; your profile's name by itself")


def _add_project(parser: Parser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT", help="the project's folder")


def _whole(least: int, most: int | None, what: str) -> Callable[[str], int]:
    def read(word: str) -> int:
        if word.isascii() and word.isdigit() and least <= int(word) <= (most or sys.maxsize):
            return int(word)
        reach = f"from {least} to {most}" if most else f"from {least} on"
        raise argparse.ArgumentTypeError(f"{word!r} is no {what}; it is a whole number {reach}")

    return read


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is no day; write it as 2027-02-03") from None


def _from_input(word: str) -> str:
    # What was given is not said again: it may be the key.
    if word != "-":
        raise argparse.ArgumentTypeError("a key is never an argument; give - and pipe it in, or type it")
    return word


def _field(word: str) -> tuple[str, object]:
    """A field of the request's body by its dotted path; the value as JSON, or else as the text it is."""
    path, sign, value = word.partition("=")
    if not sign or not path:
        raise argparse.ArgumentTypeError(f"{word!r} is no field; it is written PATH=VALUE")
    try:
        read: object = json.loads(value)
    except ValueError:
        return path, value
    return path, tuple(cast("list[object]", read)) if isinstance(read, list) else read


_count: Final = _whole(1, 8, "count")
_line: Final = _whole(1, None, "place in a list")
_seed: Final = _whole(0, 2**31 - 1, "seed")

#: Every command of this release: what runs it, what it does, and what it takes.
COMMANDS: Final[dict[str, tuple[str, str, Callable[[Parser], None]]]] = {
    "tour": (
        "window:tour",
        "go through the main job on a copy of the sample, with a picture of each step",
        _tour,
    ),
    "new": ("project:new", "make a project", _new),
    "sample": ("project:sample", "make the sample project", _sample),
    "info": ("project:info", "say where a project stands", _info),
    "script": ("script:script", "read a script and print its elements", _script),
    "backends": ("models:backends", "list the models that can be asked", _backends),
    "ask": ("models:ask", "ask a model for candidates and leave them undecided", _ask),
    "gate": ("gate:gate", "say what would happen to a text at the gate; sends nothing", _gate),
    "names": ("names:names", "list the production's names, add one or take one off", _names),
    "backend": ("hosts:add", "set up a host that a model runs at, or take one away", _backend),
    "report": ("report:report", "write a disclosure report for one kind of reader", _report),
    "people": ("people:show", "list who is on a project, invite, admit, give roles, vouch for keys", _people),
    "contact": ("clear:contact", "note that the studio's contact was told of the intended uses", _contact),
    "clearances": ("clear:clearances", "print clearance requests and where they stand", _add_project),
    "attest": ("hosts:attest", "put a named person's word to it that a host keeps nothing", _attest),
    "ledger": ("record:verify", "check, print, witness, forget or hand out", _ledger),
    "mark": ("marks:read", "read the marks on a picture or document", _mark),
    "import": ("incoming:take_in", "take a script, boards or pictures into a project", _import),
    "export": (
        "export:export",
        "write a marked copy: script, boards, animatic, timeline or shot list",
        _export,
    ),
}
