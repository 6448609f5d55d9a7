"""`python -m posecoach` is the same as `posecoach`."""

from posecoach.cli import main

if __name__ == "__main__":  # worker processes import this module too
    main()
