"""Whether bytes are text, something that opens, or noise. What was decoded by chance is noise."""

from __future__ import annotations

from studio_assist.gate.containers import is_container


def readable(data: bytes) -> str | bytes | None:
    """Bytes as text if they are text, as they are if they open as something, None if they are noise."""
    if is_container(data):
        return data
    return utf_text(data)


def mostly_text(data: bytes) -> str | None:
    """The same for long enough data that may have a few foreign bytes before or behind."""
    text = data.decode("utf-8", "replace")
    odd = sum(not (" " <= char <= "~" or char in "\r\n\t") for char in text)
    return text if len(text) >= 16 and odd * 5 <= len(text) else None


def utf_text(data: bytes) -> str | None:
    """Bytes as text in UTF-8 or UTF-16, if nearly all of it can be printed; None otherwise."""
    if len(data) < 3:
        return None
    for encoding in _likely(data):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        odd = 0 if text.isprintable() else sum(not (char.isprintable() or char in "\r\n\t") for char in text)
        if odd * 20 <= len(text):
            return text
    return None


def legacy_text(data: bytes) -> str | None:
    """The same for encodings from before UTF-8, which write "Tom%E1s"."""
    return utf_text(data) or data.decode("latin-1")


def _likely(data: bytes) -> tuple[str, ...]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    if data[1::2].count(0) * 2 > len(data) // 2 and len(data) % 2 == 0:
        return ("utf-16-le", "utf-8")
    if data[::2].count(0) * 2 > len(data) // 2 and len(data) % 2 == 0:
        return ("utf-16-be", "utf-8")
    return ("utf-8",)
