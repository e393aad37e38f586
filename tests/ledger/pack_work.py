"""A record worth handing out: two people's keys, checkpoints, witnesses, exports, and a forgotten text."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from ledger_work import OTHER, START, WRITER, Work

from studio_assist.domain.record import SIGNED, CertificateAdded, Exported, KeyAdded, PersonAdded
from studio_assist.domain.values import EntryNumber, PersonId
from studio_assist.ledger import Ledger, witness
from studio_assist.ledger.notes import key_name
from studio_assist.ledger.pack import PackJob, make_pack


class Key:
    """A `Signer` with a key made from a number, the same in every run."""

    def __init__(self, tag: str, person: PersonId, seed: int, *, session_only: bool = False) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.name = key_name(tag, person)
        self.public = self._private.public_key().public_bytes_raw()
        self.session_only = session_only

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


class SignedWork(Work):
    """The same work, signed by whoever does it."""

    keys: dict[PersonId, Key]

    def begin(self) -> None:
        """Make the project, and keys for two people."""
        self.keys = {}
        self.create()
        self.put(PersonAdded(name="R. Okafor", person=WRITER, role="writer"), WRITER)
        self.put(PersonAdded(name="J. Lind", person=OTHER, role="producer"), OTHER)
        for seed, person in enumerate((WRITER, OTHER), 1):
            key = Key(self.ledger.tag, person, seed, session_only=person == OTHER)
            self.put(KeyAdded(public=key.public.hex(), session_only=key.session_only), person)
            self.keys[person] = key

    def put(self, body, person=None, texts=None, durable=False):
        at = START + timedelta(seconds=self.ledger.size)
        signer = self.keys.get(person) if person and isinstance(body, SIGNED) else None
        return self.ledger.append(body, at=at, person=person, contents=texts, durable=durable, signer=signer)

    def now(self):
        return START + timedelta(seconds=self.ledger.size)

    def checkpoint(self, person=WRITER):
        return self.ledger.checkpoint(self.keys[person], self.now())

    def round(self, name: str, outcome: str = "accepted", person=WRITER) -> int:
        """Ask, offer, show, decide; gives the decision's number."""
        self.request(f"r{name}", prompt=f"MARA\nWe hold {name}.")
        self.candidate(f"c{name}", f"We keep the light, {name}.", f"r{name}")
        self.show(f"c{name}", person)
        decision = self.decide(f"c{name}", outcome, person=person, edited=f"We keep it, {name}.").number
        self.end(f"r{name}")
        if outcome != "rejected":
            self.place(decision)
        return decision

    def export(self, file: Path, person=WRITER) -> int:
        digest = sha256(file.read_bytes()).hexdigest()
        kind = file.suffix[1:].lower()
        body = Exported(
            automated=False, final=False, format=kind, name=file.name, sha256=digest, temp_items=1
        )
        return self.put(body, person).number


def make_record(folder: Path, *, rounds: int = 8) -> SignedWork:
    """A project folder with a ledger and a script that was exported. The ledger stays open."""
    folder.mkdir(parents=True)
    work = SignedWork(Ledger.open(folder / "ledger.sqlite"))
    work.begin()
    for number in range(rounds):
        work.round(str(number), ("accepted", "edited", "rejected")[number % 3], (WRITER, OTHER)[number % 2])
        if number % 3 == 2:
            work.checkpoint()
    work.request("rsent")
    work.sent("rsent")
    work.end("rsent")
    script = folder / "Été, day 1.fountain"
    script.write_text("[[TEMP]]\n\nMARA\nWe keep the light.\n", encoding="utf-8")
    work.export(script)
    return work


def add_certificate(work: SignedWork, folder: Path) -> Path:
    """A root certificate, made by openssl, that the record names."""
    made = folder / "root.pem"
    openssl(
        folder, "req -x509 -newkey ed25519 -nodes -days 9 -subj /CN=Larkspur -keyout /dev/null -out root.pem"
    )
    root = sha256(openssl(folder, "x509 -in root.pem -outform DER")).hexdigest()
    work.put(CertificateAdded(root=root, session_only=False), WRITER)
    (folder / "certificates").mkdir()
    return made.rename(folder / "certificates" / f"{root}.pem")


def add_witness(work: SignedWork) -> None:
    """Somebody with a project of their own co-signs the head."""
    stranger = Key("ab" * 8, PersonId("m-sato"), 9)
    offer = witness.offer(work.ledger, work.keys[WRITER], work.now())
    reply = witness.cosign(offer, None, stranger, work.now(), name="M. Sato").reply
    witness.take_in(work.ledger, reply, work.now(), WRITER, work.keys[WRITER])


def add_stamp(work: SignedWork, folder: Path) -> Path:
    """A time authority of the test's own stamps the head; gives its root certificate."""
    authority = folder / "authority"
    authority.mkdir()
    (authority / "leaf.cnf").write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=critical,timeStamping\n"
    )
    (authority / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=leaf.pem\nsigner_key=leaf.key\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\n"
        "ess_cert_id_alg=sha256\n"
    )
    (authority / "serial").write_text("01\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    openssl(authority, f"req -x509 {key} -days 9 -keyout root.key -out root.pem -subj /CN=Test-root")
    openssl(authority, f"req {key} -keyout leaf.key -out leaf.csr -subj /CN=Test-authority")
    openssl(authority, "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 9 "
            "-extfile leaf.cnf -out leaf.pem")  # fmt: skip
    (authority / "r.tsq").write_bytes(witness.timestamp_request(work.checkpoint().note))
    openssl(authority, "ts -reply -config tsa.cnf -section t -queryfile r.tsq -out r.tsr")
    response, root = (authority / "r.tsr").read_bytes(), authority / "root.pem"
    witness.take_timestamp(work.ledger, response, [root.read_bytes()], work.now(), WRITER, work.keys[WRITER])
    return root


def openssl(folder: Path, words: str) -> bytes:
    return subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True).stdout


def pack(work: SignedWork, out: Path, *, disclose=(), files=(), certificates=None, **more):
    """Sign the head and make a pack of all of it."""
    work.checkpoint()
    numbers = tuple(map(EntryNumber, disclose))
    job = PackJob(out=out, disclose=numbers, files=tuple(files), certificates=certificates)
    return make_pack(work.ledger, job, **more)


def run_verifier(folder: Path, *words: str, script: Path | None = None, **env: str) -> tuple[int, str]:
    """Run the pack's own script in a bare interpreter, from elsewhere; gives exit code and what it said."""
    command = [
        sys.executable,
        "-I",
        "-S",
        "-W",
        "error",
        str(script or folder / "verify.py"),
        str(folder),
        *words,
    ]
    done = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def list_anew(folder: Path) -> None:
    """Write the manifest's hashes anew, as a forger would."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    manifest["files"] = {
        name: sha256((folder / name).read_bytes()).hexdigest() for name in names if name != "manifest.json"
    }
    path.write_text(json.dumps(manifest), encoding="utf-8")
