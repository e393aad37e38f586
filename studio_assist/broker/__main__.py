"""`python -m studio_assist.broker`: the broker's process, as the desk starts it."""

from studio_assist.broker.server import main

if __name__ == "__main__":
    raise SystemExit(main())
