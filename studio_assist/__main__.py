"""`python -m studio_assist` is `studio-assist`."""

from studio_assist.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
