"""`python -m studio_assist.broker`: the broker's process, as the desk starts it."""

import gc

# Nothing of what is loaded at the start is garbage; looking through it takes a tenth of a second.
gc.disable()

from studio_assist.broker.server import main  # noqa: E402  # after the line above
from studio_assist.ending import end  # noqa: E402

if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    end(main())
