"""`posecoach` and `python -m posecoach`."""

import sys


def main() -> None:
    """The entry point. Ctrl-C ends it without a traceback, even while the commands are being imported."""
    try:
        from posecoach.cli.app import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":  # worker processes import this module too
    main()
