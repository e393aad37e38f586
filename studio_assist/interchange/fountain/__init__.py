"""Fountain 1.1, read without loss, edited line by line, and written with the least markup.

Source: the Fountain syntax, fountain.io/syntax, version 1.1.
"""

from __future__ import annotations

from studio_assist.interchange.fountain.read import read_script_bytes
from studio_assist.interchange.fountain.script import Script, parse
from studio_assist.interchange.fountain.write import after_enter, after_tab, as_element, blank_lines_needed

__all__ = [
    "Script",
    "after_enter",
    "after_tab",
    "as_element",
    "blank_lines_needed",
    "parse",
    "read_script_bytes",
]
