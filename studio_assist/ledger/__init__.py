"""The record: an append-only ledger over a Merkle tree, in SQLite."""

from studio_assist.ledger.contents import Contents, commit
from studio_assist.ledger.store import Ledger
from studio_assist.ledger.verify import CheckpointFound, Verification, WitnessFound, verify

__all__ = ["CheckpointFound", "Contents", "Ledger", "Verification", "WitnessFound", "commit", "verify"]
