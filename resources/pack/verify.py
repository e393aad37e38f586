#!/usr/bin/env python3
"""Check a pack of a Studio Assist record, without Studio Assist.

    python3 verify.py [FOLDER] [--all] [--json] [--against NOTE] [--tsa-root PEM]

FOLDER is the pack; the folder of this script by itself. Needs Python 3.8 or newer and nothing else; for
signatures it calls the program openssl, version 3 or newer. It writes nothing into the pack and opens no
network. GUIDE.txt says what the checks show and what they cannot.

Ends with 0 where all holds, 1 where something does not, 2 where this is no pack that can be read, and 3 where
all that was looked at holds but signatures were not checked.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

FORMATS = ("studio-assist pack 1", "studio-assist pack 2")
LONGEST_LINE = 4 << 20  # bytes of one entry, signature or disclosed text
LARGEST_FILE = 64 << 20  # bytes of a file that is read whole
MOST_FAULTS = 10  # told of one check
SIGNATURES = 500  # of single entries that are checked without --all
SIGNED = {"decision", "decision_undone", "replaced", "span_deleted"} | {
    "exported",
    "forgotten",
    "witnessed",
    "pack_made",
    "policy_chosen",
    "attestation_made",
    "attestation_revoked",
    "send_approved",
    "send_seconded",
    "send_refused",
    "panel_drawn",
    "panel_replaced",
    "panel_cleared",
    "panel_restored",
    "clearance_sent",
    "clearance_approved",
    "clearance_refused",
    "clearance_withdrawn",
    "consent_recorded",
    "consent_revoked",
    "contact_told",
    "handed_over",
    "roles_given",
    "key_vouched",
    "sound_added",
    "sound_marked",
    "boards_imported",
}
NOT_AS_IT_SHOULD = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}  # by looking into a folder
WORDS = {
    0: "All of it holds.",
    1: "This pack does not hold: see the lines that begin with BAD.",
    2: "This is no pack that can be read.",
    3: "What was checked holds. Signatures were not checked.",
}


class Unreadable(Exception):
    """This is no pack, or none that can be read."""


class Report:
    """What was found, one line a finding: its state (ok, bad, note, skip), its check, and words."""

    def __init__(self):
        self.lines, self.faults, self.unsigned = [], {}, False

    def add(self, state, check, text):
        # Names come out of the pack; whoever made it must not write to the reader's terminal.
        text = "".join(sign if sign.isprintable() else "?" for sign in text)
        self.lines.append({"state": state, "check": check, "text": text})

    def bad(self, check, text):
        self.faults[check] = self.faults.get(check, 0) + 1
        if self.faults[check] <= MOST_FAULTS:
            self.add("bad", check, text)

    def need(self, holds, check, text):
        if not holds:
            self.bad(check, text)
        return holds

    def done(self, check, text):
        """A check has come to its end: say what holds, or how much more does not."""
        if not self.faults.get(check):
            self.add("ok", check, text)
        elif self.faults[check] > MOST_FAULTS:
            self.add("bad", check, f"and {self.faults[check] - MOST_FAULTS} more")

    @contextmanager
    def reading(self, check, what):
        """Whatever is wrong with what a file holds is a finding, not the end."""
        try:
            yield
        except NOT_AS_IT_SHOULD as error:
            self.bad(check, f"{what} cannot be read ({type(error).__name__}: {str(error)[:100]})")


# Reading, with bounds: a pack comes from outside ---------------------------------------------------------


def exact(digits):
    if len(digits) > 17 or abs(int(digits)) > 2**53 - 1:
        raise ValueError("a number that not every reader holds exactly")
    return int(digits)


def not_whole(word):
    raise ValueError("a number that is not whole")


READER = json.JSONDecoder(parse_int=exact, parse_float=not_whole, parse_constant=not_whole)


def canonical(value):
    """The one way to write a value, RFC 8785: here for ASCII names and no number but whole ones."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Pack:
    """The plain files of a folder, by name. Only what stands in it is opened, whatever a file claims."""

    def __init__(self, folder):
        self.paths, self.strange = {}, []
        for place, folders, files in os.walk(folder):
            for path in (Path(place, name) for name in folders + files):
                name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
                mode = path.lstat().st_mode
                if path.name in LEFT_BY_SYSTEMS:
                    continue
                if stat.S_ISREG(mode):
                    self.paths[name] = path
                elif not stat.S_ISDIR(mode):
                    self.strange.append(name)
        for name in ("manifest.json", "entries.jsonl"):
            if name not in self.paths:
                raise Unreadable(f"{folder} is no pack: it has no {name}.")

    def under(self, folder):
        return sorted(name for name in self.paths if name.startswith(folder + "/"))

    def read(self, name):
        with self.paths[name].open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise Unreadable(f"{name} is larger than any pack makes it.")
        return data

    def json(self, name):
        return READER.decode(self.read(name).decode())

    def lines(self, name):
        if name not in self.paths:
            return
        with self.paths[name].open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), 1):
                if len(line) > LONGEST_LINE:
                    raise Unreadable(f"{name}, line {number} is longer than any pack makes it.")
                yield number, line[:-1] if line.endswith(b"\n") else line

    def sha256(self, name):
        found = hashlib.sha256()
        with self.paths[name].open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                found.update(block)
        return found.hexdigest()


# The tree: RFC 9162, section 2.1 ------------------------------------------------------------------------


def leaf_of(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_of(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows by one leaf after another."""

    def __init__(self, leaves=()):
        self.size, self.peaks = 0, []
        for leaf in leaves:
            self.add(leaf)

    def add(self, top):
        place = self.size
        while place & 1:
            top, place = node_of(self.peaks.pop(), top), place >> 1
        self.peaks.append(top)
        self.size += 1

    def root(self):
        top = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            top = node_of(peak, top)
        return top.hex()


def led_to(top, place, size, path):
    """The root that an inclusion proof leads to; None where it has the wrong length."""
    first, last = place, size - 1
    for step in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            top = node_of(step, top)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            top = node_of(top, step)
        first, last = first >> 1, last >> 1
    return top.hex() if last == 0 else None


# Signatures: C2SP signed-note, tlog-checkpoint, tlog-cosignature; Ed25519 by openssl ---------------------


class Note:
    """A checkpoint: a text (origin, size, root, other lines) and signatures (name, key id, bytes)."""

    def __init__(self, data):
        text, _, below = data.decode().partition("\n\n")
        lines = text.split("\n")
        self.data, self.text, self.origin, self.size = data, text + "\n", lines[0], exact(lines[1])
        self.root, self.extra = base64.b64decode(lines[2], validate=True).hex(), lines[3:]
        self.signatures = []
        for name, blob in re.findall("^\u2014 ([^ \n]+) ([^ \n]+)$", below, re.MULTILINE):
            signature = base64.b64decode(blob, validate=True)
            self.signatures.append((name, signature[:4], signature[4:]))

    def signed_by(self, key, kind):
        """(key, message, signature) of one who signed, or None. Kind 1 is a signer, 4 a witness."""
        for name, key_id, signature in self.signatures:
            if key_id == hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]:
                if kind == 1:
                    return key, self.text.encode(), signature
                time = int.from_bytes(signature[:8], "big")
                return key, f"cosignature/v1\ntime {time}\n{self.text}".encode(), signature[8:]
        return None


class OpenSsl:
    """The program openssl; `missing` says why it cannot be used, or is empty."""

    def __init__(self, folder):
        self.folder, self.program, self.missing = Path(folder), shutil.which("openssl"), ""
        # A known signature (RFC 8032, 7.1, test 2) must hold, and must not hold for another message.
        key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        signature = bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
        if self.program is None:
            self.missing = "the program openssl was not found"
        elif not self.holds(key, b"\x72", signature) or self.holds(key, b"\x73", signature):
            self.missing = f"{self.program} is older than OpenSSL 3.0, or another program"

    def run(self, files, *words):
        """Whether openssl says yes. `files` are what its options are to find, by option."""
        with tempfile.TemporaryDirectory(dir=str(self.folder)) as folder:
            for option, data in files.items():
                path = Path(folder, option)
                path.write_bytes(data)
                words += (option, str(path))
            command = [self.program, *words]
            return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0

    def holds(self, key, message, signature):
        der = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + key)
        public = b"-----BEGIN PUBLIC KEY-----\n" + der + b"\n-----END PUBLIC KEY-----\n"
        files = {"-inkey": public, "-in": message, "-sigfile": signature}
        return self.run(files, "pkeyutl", "-verify", "-pubin", "-rawin")

    def stamped(self, token, data, roots, time):
        # Certificates have to be good when they stamped, not now.
        files = {"-data": data, "-in": token, "-CAfile": roots}
        return self.run(files, "ts", "-verify", "-attime", time)


# The checks ----------------------------------------------------------------------------------------------


class Record:
    """What the entries say that later checks need, by number of the entry."""

    def __init__(self):
        self.leaves, self.roots, self.spoken, self.certificates = [], {}, {}, set()
        self.signed, self.keys, self.exports, self.witnessed, self.forgotten = {}, {}, {}, {}, {}
        self.approved, self.sent = {}, {}

    def take(self, number, person, body):
        kind = body["type"]
        if kind in SIGNED or kind == "key_added":
            self.signed[number] = person, kind
        if kind == "key_added":
            self.keys[body["public"]] = person, number, body["session_only"]
        elif kind == "certificate_added":
            self.certificates.add(body["root"])
        elif kind == "exported":
            self.exports[body["sha256"]] = number
        elif kind == "send_approved":
            self.approved[number] = body
        elif kind == "sent":
            self.sent[number] = body
        elif kind == "witnessed":
            self.witnessed[number] = body
        elif kind == "forgotten":
            self.forgotten.update(dict.fromkeys(body["commitments"], number))

    def root(self, size):
        if size not in self.roots and 0 < size <= len(self.leaves):
            self.roots[size] = Tree(self.leaves[:size]).root()
        return self.roots.get(size)


def check_manifest(pack, report):
    manifest = pack.json("manifest.json")
    if not isinstance(manifest, dict) or manifest.get("format") not in FORMATS:
        raise Unreadable("manifest.json is of another format; a newer verify.py may know it.")
    named, here = manifest["files"], set(pack.paths) - {"manifest.json"}
    for name in pack.strange:
        report.bad("manifest", f"{name} is a link or a device; a pack has none")
    for name in sorted(here | set(named)):
        if name not in here:
            report.bad("manifest", f"{name} is gone")
        elif name not in named:
            report.bad("manifest", f"{name} is not named in manifest.json")
        elif pack.sha256(name) != named[name]:
            report.bad("manifest", f"{name} is not the file that manifest.json names")
    report.done("manifest", f"{len(named)} files are those that manifest.json names")
    return manifest


def check_entries(pack, report, wanted, disclosed):
    """Replay all entries; keeps the roots at the `wanted` sizes and the bytes of the `disclosed` entries."""
    record, tree, latest, set_back = Record(), Tree(), "", []
    for number, data in pack.lines("entries.jsonl"):
        with report.reading("entries", f"entry {number}"):
            entry = READER.decode(data.decode())
            if entry["number"] != number:
                report.bad("entries", f"entry {entry['number']} stands where entry {number} should")
            elif canonical(entry) != data:
                report.bad("entries", f"entry {number} is not in canonical form")
            record.take(number, entry["person"], entry["body"])
            if entry["at"] < latest:
                set_back.append(number)
            latest = entry["at"]
        if number in disclosed:
            record.spoken[number] = data
        record.leaves.append(leaf_of(data))
        tree.add(record.leaves[-1])
        if number in wanted:
            record.roots[number] = tree.root()
    if not record.leaves:
        raise Unreadable("The pack holds no entry.")
    report.done("entries", f"{tree.size} entries, in order and in canonical form")
    if set_back:
        report.add("note", "entries", f"a clock was set back before entries {set_back[:20]}")
    return record


def check_checkpoints(notes, manifest, record, report, jobs):
    """Every checkpoint over the replayed tree. One that fits and the next that does not name a range."""
    fits, size, origin = 0, len(record.leaves), "studio-assist/" + record.leaves[0].hex()[:16]
    for name, note in sorted(notes.items(), key=lambda pair: pair[1].size):
        signers = list(filter(None, (note.signed_by(bytes.fromhex(key), 1) for key in record.keys)))
        jobs += [("checkpoints", name, *signer) for signer in signers]
        if note.size > size:
            report.bad("checkpoints", f"{name} is over {note.size} entries; the pack holds {size}")
        elif record.root(note.size) != note.root:
            text = f"entries {fits + 1} to {note.size} are not all those that {name} is over"
            report.bad("checkpoints", text)
        elif report.need(note.origin == origin, "checkpoints", f"{name} is of another record"):
            report.need(signers, "checkpoints", f"{name} is signed by no key that the record names")
            fits = note.size
        last = note, signers
    if notes and last[1]:
        note, key = last[0], last[1][0][0].hex()
        text = f"the last is by {record.keys[key][0]}, key {key[:16]}…; " + "; ".join(note.extra)
        report.add("note", "checkpoints", text)
    told = [manifest.get(name) for name in ("size", "root", "origin")]
    fit = told == [size, record.root(size), origin]
    report.need(fit, "checkpoints", "size, root or origin in manifest.json are not those of the entries")
    covered = size in (note.size for note in notes.values())
    report.need(covered, "checkpoints", f"there is no checkpoint over all {size} entries")
    report.done("checkpoints", f"{len(notes)} fit the entries, the last over all {size}")


def check_sent(record, report):
    """What left the machine, a person had approved: these bytes, for this host, that many times."""
    left = {}
    for number, body in record.sent.items():
        with report.reading("sent", f"entry {number}"):
            by = body["approval"]
            yes = record.approved.get(by) if by < number else None
            if report.need(yes, "sent", f"entry {number} was sent and nobody had approved it"):
                once = yes["scope"] == "once"
                same = ("origin", "bytes", "envelope", "request") if once else ("origin",)
                fit = all(yes[name] == body[name] for name in same)
                report.need(fit, "sent", f"entry {number} is not what entry {by} approved")
                left[by] = left.get(by, 0) + 1
                often = once and left[by] > yes["times"]
                report.need(not often, "sent", f"entry {number} is one more than entry {by} approved")
    report.done("sent", f"{len(record.sent)} times something left, each approved by a person before")


def check_proofs(pack, notes, record, report):
    """Inclusion proofs against signed roots: where entries were altered, they tell which still stand."""
    roots = {note.size: note.root for note in notes.values()}
    for name in pack.under("proofs"):
        with report.reading("proofs", name):
            proof = pack.json(name)
            number, size, leaf = proof["entry"], proof["size"], bytes.fromhex(proof["leaf"])
            root = led_to(leaf, number - 1, size, map(bytes.fromhex, proof["path"]))
            text = f"{name} does not lead to the root of a checkpoint over {size} entries"
            if report.need(root and root == proof["root"] == roots.get(size), "proofs", text):
                same = record.leaves[number - 1 : number] == [leaf]
                report.need(same, "proofs", f"entry {number} is not the one that {name} was made for")
    report.done("proofs", f"{len(pack.under('proofs'))} entries are shown to stand under a signed root")


def check_signed(pack, record, report, jobs, every):
    """Whose key is named for each entry that a person answers for. openssl checks the signatures later."""
    check, found, since, tag = "signed entries", {}, {}, record.leaves[0].hex()[:16]
    for line, data in pack.lines("signatures.jsonl"):
        with report.reading(check, f"line {line} of signatures.jsonl"):
            row = READER.decode(data.decode())
            number, key, signature = row["entry"], row["key"], bytes.fromhex(row["signature"])
            who, added, _ = record.keys.get(key, (None, 0, False))
            if number not in record.signed or number in found:
                report.bad(check, f"line {line} of signatures.jsonl is for no entry that needs one")
            elif report.need(
                who == record.signed[number][0] and added < number,
                check,
                f"entry {number} is signed with a key that is not its person's",
            ):
                message = f"studio-assist entry v1\n{tag}\n{record.leaves[number - 1].hex()}\n"
                found[number] = bytes.fromhex(key), message.encode(), signature
    kept = {number for _, number, session_only in record.keys.values() if not session_only}
    for number, (person, kind) in record.signed.items():
        if kind == "key_added":
            if number not in found and since.get(person):
                text = f"entry {number} adds a key of {person} that no earlier one vouches for"
                report.add("note", check, text)
            since[person] = since.get(person) or number in kept
        elif number not in found and person in since:
            report.bad(check, f"entry {number} ({kind}) lacks its person's signature")
    with report.reading(check, "keys.json"):
        told = {
            row["key"]: (row["person"], row["entry"], row["session_only"]) for row in pack.json("keys.json")
        }
        report.need(told == record.keys, check, "keys.json names other keys than the entries do")
    report.done(check, f"{len(found)} entries are signed with keys of their persons")
    chosen = sorted(found)[0 if every else -SIGNATURES :]
    jobs += [("signatures", f"entry {number}", *found[number]) for number in chosen]
    if len(chosen) < len(found):
        text = f"the last {len(chosen)} of {len(found)} signed entries are checked; --all checks each"
        report.add("note", "signatures", text)


def check_witnesses(pack, record, report, jobs, stamps):
    """The proof behind each entry that says who else holds, or stamped, a head of this record."""
    proofs = [name for name in pack.under("witnesses") if name.endswith((".note", ".tsr"))]
    files = {pack.sha256(name): name for name in proofs}
    for number, body in record.witnessed.items():
        with report.reading("witnesses", f"entry {number} or its proof"):
            size, who = body["size"], f"{body['name']} over {body['size']} entries"
            name = files.pop(body["proof"], None)
            if not report.need(name, "witnesses", f"the proof for entry {number} ({who}) is not in the pack"):
                continue
            stem, is_stamp = name.rpartition(".")[0], body["kind"] == "timestamp"
            note = Note(pack.read(stem + ".checkpoint" if is_stamp else name))
            same = record.root(size) == body["root"] == note.root and size == note.size
            if not report.need(same, "witnesses", f"{name} ({who}) is over other entries than these"):
                continue
            moment = datetime.fromisoformat(body["witnessed"][:19] + "+00:00")
            time, token = str(int(moment.timestamp())), pack.read(name)
            if is_stamp:
                same = moment.strftime("%Y%m%d%H%M%S").encode() in token
                report.need(same, "witnesses", f"{name} ({who}) was stamped at another time than told")
                stamps.append((f"{name} ({who})", token, note.data, pack.read(stem + ".pem"), time))
                continue
            signed = note.signed_by(bytes.fromhex(body["key"]), 4)
            signed = signed and f"\ntime {time}\n".encode() in signed[1] and signed
            if report.need(signed, "witnesses", f"{name} ({who}) is not co-signed by that key then"):
                jobs.append(("witnesses", f"{name} ({who})", *signed))
    for name in files.values():
        report.bad("witnesses", f"{name} is named by no entry")
    report.done("witnesses", f"{len(record.witnessed)}, and their proofs are here")


def check_texts(pack, record, report):
    """Disclosed texts open commitments of their entries, and forgotten ones are not among them."""
    count = 0
    for count, data in pack.lines("contents.jsonl"):
        with report.reading("texts", f"line {count} of contents.jsonl"):
            row = READER.decode(data.decode())
            number, commitment, salt = row["entry"], row["commitment"], bytes.fromhex(row["salt"])
            text = row["text"].encode() if "text" in row else base64.b64decode(row["base64"], validate=True)
            opens = len(salt) == 32 and hmac.new(salt, text, "sha256").hexdigest() == commitment
            report.need(opens, "texts", f"the text disclosed for entry {number} is not the one it commits to")
            spoken = f'"{commitment}"'.encode() in record.spoken.get(number, b"")
            report.need(spoken, "texts", f"entry {number} does not speak of the text disclosed for it")
            if commitment in record.forgotten:
                report.bad("texts", f"a text is here that entry {record.forgotten[commitment]} had forgotten")
    report.done("texts", f"{count} disclosed texts are those that entries commit to")
    if record.forgotten:
        text = f"{len(record.forgotten)} were forgotten, by entries {sorted(set(record.forgotten.values()))}"
        report.add("note", "texts", text)


def check_files(pack, record, report):
    for name in pack.under("files"):
        known = pack.sha256(name) in record.exports
        report.need(known, "files", f"{name} is no file that an exported entry names")
    report.done("files", f"{len(pack.under('files'))} are those that exported entries name")
    for name in pack.under("certificates"):
        blocks = re.findall(rb"-----BEGIN CERTIFICATE-----(.*?)-----END", pack.read(name), re.DOTALL)
        roots = {hashlib.sha256(base64.b64decode(block)).hexdigest() for block in blocks}
        report.need(
            roots & record.certificates, "certificates", f"{name} is no certificate that an entry names"
        )
    report.done("certificates", f"{len(pack.under('certificates'))} files")


def check_against(path, record, report):
    """A checkpoint that was kept elsewhere: what alone shows a record that was rewritten or rolled back."""
    note, size = Note(Path(path).read_bytes()), len(record.leaves)
    if report.need(
        note.size <= size, "against", f"{path} is over {note.size} entries; the pack holds {size}"
    ):
        same = record.root(note.size) == note.root
        report.need(same, "against", f"the first {note.size} entries are not those that {path} is over")
    report.done("against", f"the first {note.size} entries are those that {path} is over")


def check_signatures(report, jobs, stamps, authority):
    with tempfile.TemporaryDirectory(prefix="pack-") as folder:
        openssl = OpenSsl(folder)
        report.unsigned = bool(openssl.missing)
        if openssl.missing:
            report.add("skip", "signatures", f"none was checked: {openssl.missing}")
            return
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            for job, holds in threads.map(lambda job: (job, openssl.holds(*job[2:])), jobs):
                report.need(holds, job[0], f"{job[1]}: the signature does not hold")
        for what, token, note, root, time in stamps:
            if report.need(
                openssl.stamped(token, note, authority or root, time),
                "witnesses",
                f"{what}: the time stamp does not hold",
            ):
                whose = "the authority you gave" if authority else "the authority that the pack itself names"
                report.add("ok", "witnesses", f"{what}: the time stamp holds, by {whose}")
        report.done("signatures", f"{len(jobs)} hold (openssl)")


def check_pack(folder, report, every, against, roots):
    pack, notes, jobs, stamps = Pack(folder), {}, [], []
    manifest = check_manifest(pack, report)
    for name in pack.under("checkpoints"):
        with report.reading("checkpoints", name):
            notes[name] = Note(pack.read(name))
    wanted = {note.size for note in notes.values()}
    record = check_entries(pack, report, wanted, set(manifest["disclosed"]))
    check_checkpoints(notes, manifest, record, report, jobs)
    check_sent(record, report)
    check_proofs(pack, notes, record, report)
    check_signed(pack, record, report, jobs, every)
    check_witnesses(pack, record, report, jobs, stamps)
    check_texts(pack, record, report)
    check_files(pack, record, report)
    if against:
        check_against(against, record, report)
    check_signatures(report, jobs, stamps, roots and Path(roots).read_bytes())
    return len(record.leaves), record.root(len(record.leaves))


def main():
    parser = argparse.ArgumentParser(description="Check a pack of a Studio Assist record.")
    parser.add_argument("folder", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--all", action="store_true", help="check the signature of every signed entry")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--against", metavar="NOTE", help="a checkpoint of this record that was kept elsewhere"
    )
    parser.add_argument("--tsa-root", metavar="PEM", help="root certificate of the time-stamp authority")
    given = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    report, size, root = Report(), None, None
    try:
        size, root = check_pack(given.folder, report, given.all, given.against, given.tsa_root)
        code = 1 if report.faults else 3 if report.unsigned else 0
    except (Unreadable, OSError, *NOT_AS_IT_SHOULD) as error:
        report.bad("pack", str(error) or type(error).__name__)
        code = 2
    if given.json:
        found = {"code": code, "ok": code == 0, "size": size, "root": root, "lines": report.lines}
        print(json.dumps(found))
        return code
    for line in report.lines:
        print(f"{line['state'].upper():5} {line['check']:15} {line['text']}")
    print(WORDS[code])
    return code


if __name__ == "__main__":
    sys.exit(main())
