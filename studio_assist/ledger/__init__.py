"""The record: an append-only ledger over a Merkle tree, in SQLite."""

from studio_assist.ledger.contents import Contents, commit
from studio_assist.ledger.store import Ledger
from studio_assist.ledger.verify import Verification, verify

__all__ = ["Contents", "Ledger", "Verification", "commit", "verify"]
