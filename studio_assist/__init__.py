"""Studio Assist: temp words and temp boards that a person decides on, and a record that shows it."""

import os
from typing import Final

__version__: Final = "0.1.0"

# Packages that happen to be installed could hook into pydantic and see every script and prompt: none may.
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
