"""Keychains of every temper, in place of a machine's own."""

from __future__ import annotations

import threading

from keyring.errors import KeyringLocked, NoKeyringError, PasswordSetError


class InMemory:
    """Keeps what it is given, as long as the test runs."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        # Windows takes no more: wincred, CRED_MAX_CREDENTIAL_BLOB_SIZE.
        assert len(password.encode("utf-16-le")) <= 2560
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


class Missing:
    """A machine without one, as keyring tells it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError("No recommended backend was available.")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError("No recommended backend was available.")

    def delete_password(self, service: str, username: str) -> None:
        raise NoKeyringError("No recommended backend was available.")


class Locked(InMemory):
    """Locked, and nobody unlocks it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class Full(InMemory):
    """Takes nothing more."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(password)


class Forgetful(InMemory):
    """Takes everything and keeps nothing, as keyring's null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return None


class Foreign(InMemory):
    """Holds something else under our name."""

    def get_password(self, service: str, username: str) -> str | None:
        return "hunter2"


class Hanging(InMemory):
    """Does not answer until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.answered = threading.Event()
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.let_go.wait(20)
        self.answered.set()
        return super().get_password(service, username)
