"""Another person's or machine's signature over the head: what goes between them, and what is refused."""

from __future__ import annotations

import json

import forging
import pytest
from forging import SIZE
from ledger_work import OTHER, START, WRITER, PersonKey, Work

from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.record import PersonAdded
from studio_assist.ledger import Ledger, notes, verify, witness


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.sqlite"
    forging.make(path)
    return path


@pytest.fixture
def work(path):
    ledger, work = forging.resume(path)
    with ledger:
        yield work


@pytest.fixture
def stranger():
    return PersonKey("9" * 16, OTHER, 9)


def offered(work) -> str:
    return witness.offer(work.ledger, work.keys[WRITER], work.now)


def cosigned(work, stranger, **more) -> str:
    return witness.cosign(offered(work), None, stranger, work.now, name="J. Lind", **more).reply


def changed(text: str, **fields: object) -> str:
    return json.dumps(json.loads(text) | fields)


def take(work, reply: str):
    return witness.take_in(work.ledger, reply, work.now, WRITER, work.keys[WRITER])


def test_a_head_goes_out_is_cosigned_and_comes_back_as_a_witness(path, work, stranger):
    offer = offered(work)
    assert work.ledger.last_checkpoint().size == SIZE
    signed = witness.cosign(offer, None, stranger, work.now, name="J. Lind")
    assert (signed.size, signed.agreed) == (SIZE, 0)
    kept = take(work, signed.reply)
    assert (kept.size, kept.kind, kept.name, kept.key) == (SIZE, "person", "J. Lind", stranger.public.hex())
    assert work.ledger.witnesses() == [kept]
    entry = work.ledger.entry(SIZE + 1)
    assert entry.person == WRITER
    assert (entry.body.size, entry.body.root) == (SIZE, work.ledger.root_at(SIZE))
    assert work.ledger.signature(entry.number) is not None
    found = verify(path)
    assert found.ok
    (seen,) = found.witnesses
    assert (seen.name, seen.size, seen.time, seen.checked) == ("J. Lind", SIZE, kept.at, True)


def test_the_same_reply_is_taken_in_once(work, stranger):
    reply = cosigned(work, stranger)
    first = take(work, reply)
    size = work.ledger.size
    assert take(work, reply) == first
    assert work.ledger.size == size


def test_a_witness_with_a_copy_says_up_to_where_it_agrees(work, stranger, path, tmp_path):
    copy = tmp_path / "copy.sqlite"
    work.ledger.close()
    copy.write_bytes(path.read_bytes())
    work.ledger, _ = forging.resume(path)
    for name in ("later", "latest"):
        work.decided(name, name)
    with Ledger.open(copy, create=False) as own:
        agreed = witness.cosign(offered(work), own, stranger, START, name="x").agreed
    # Proofs are offered for 1, 2, 4, 8 … entries back, here 16 of 47; the copy goes to 35.
    assert agreed == SIZE + 12 - 16
    work.ledger.close()


def test_a_copy_of_another_project_is_not_compared(work, stranger, tmp_path):
    with Ledger.open(tmp_path / "other.sqlite") as other:
        theirs = Work(other)
        theirs.meet()
        assert witness.cosign(offered(work), other, stranger, START, name="x").agreed == 0


def test_a_witness_compares_with_what_it_signed_before(work, stranger):
    first = cosigned(work, stranger)
    take(work, first)
    work.decided("more", "more")
    second = witness.cosign(offered(work), None, stranger, work.now, name="J. Lind", before=first)
    assert second.agreed == SIZE
    take(work, second.reply)
    assert witness.check(first, work.ledger).ok
    assert witness.check(second.reply, work.ledger).ok


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda offer: "", "not an offer"),
        (lambda offer: "{}", "not an offer"),
        (lambda offer: changed(offer, more=1), "not an offer"),
        (lambda offer: changed(offer, origin="studio-assist/" + "0" * 16), "not signed by its own key"),
        (lambda offer: changed(offer, vkeys=[]), "not signed by its own key"),
        (lambda offer: offer.replace("\\n35\\n", "\\n36\\n"), "not signed by its own key"),
        (lambda offer: changed(offer, note="x\n\n— y z\n"), "note|checkpoint"),
    ],
)
def test_what_is_not_a_good_offer_is_not_signed(work, stranger, spoil, error):
    with pytest.raises(BadInput, match=error):
        witness.cosign(spoil(offered(work)), None, stranger, START, name="J. Lind")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda reply: "nothing", "not a witness's reply"),
        (lambda reply: changed(reply, v=2), "not a witness's reply"),
        (lambda reply: changed(reply, vkey="x"), "not a public key"),
        (lambda reply: changed(reply, origin="studio-assist/" + "0" * 16), "not a witness's reply"),
        (lambda reply: reply.replace("\\n35\\n", "\\n34\\n"), "good co-signature"),
        (
            lambda reply: changed(
                reply, vkey=notes.vkey("x", PersonKey("", OTHER, 3).public, notes.COSIGNATURE)
            ),
            "good co-signature",
        ),
    ],
)
def test_what_is_not_a_good_reply_is_not_taken_in(work, stranger, spoil, error):
    reply = cosigned(work, stranger)
    size = work.ledger.size
    with pytest.raises(BadInput, match=error):
        take(work, spoil(reply))
    assert work.ledger.size == size


def test_a_reply_for_another_project_is_named_as_one(work, stranger, tmp_path):
    other = tmp_path / "other.sqlite"
    with Ledger.open(other) as ledger:
        theirs = Work(ledger)
        theirs.meet()
        theirs.join()
        reply = witness.cosign(
            witness.offer(ledger, theirs.keys[WRITER], START), None, stranger, START, name="J. Lind"
        ).reply
    with pytest.raises(BadInput, match="another project"):
        take(work, reply)


def test_a_copy_that_parted_earlier_refuses(work, stranger, path, tmp_path):
    copy = tmp_path / "copy" / "ledger.sqlite"
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    ledger, theirs = forging.resume(copy)
    with ledger:
        theirs.decided("other", "other")
        work.decided("mine", "mine")
        with pytest.raises(Refusal, match="rewritten or rolled back") as refused:
            witness.cosign(offered(work), ledger, stranger, START, name="J. Lind")
    assert "Nothing was signed" in refused.value.remedy


def test_a_copy_that_was_only_looked_at_still_vouches_and_one_that_was_worked_in_does_not(
    work, path, tmp_path
):
    work.checkpoint()
    work.ledger.close()
    copy = tmp_path / "copy" / "ledger.sqlite"
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    work.ledger, _ = forging.resume(path)
    for name in ("later", "latest"):
        work.decided(name, name)
    ledger, theirs = forging.resume(copy)
    with ledger:
        # Opening it made the witness known there, and showed them a card that waits.
        theirs.put(PersonAdded(name="J. Lind", person=OTHER, role="producer"), OTHER)
        theirs.join(OTHER, seed=7)
        looked = PersonKey(ledger.tag, OTHER, 7)
        signed = witness.cosign(offered(work), ledger, looked, START, name="J. Lind")
        assert signed.agreed == SIZE
        assert take(work, signed.reply).size == work.ledger.size - 1
        theirs.decided("other", "other")
        with pytest.raises(Refusal, match="rewritten or rolled back"):
            witness.cosign(offered(work), ledger, looked, START, name="J. Lind")
    work.ledger.close()
