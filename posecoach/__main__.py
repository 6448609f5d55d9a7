"""`posecoach` and `python -m posecoach`."""

import os
import sys

# Judging multiplies matrices so small that threads of NumPy's would mostly wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """The entry point. Ctrl-C ends it without a traceback, even while the commands are being imported."""
    try:
        from posecoach.cli.app import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":  # worker processes import this module too
    main()
