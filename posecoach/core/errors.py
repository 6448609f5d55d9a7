"""What can go wrong, as one tree. Each message is one sentence that names the thing and the way out.

PosecoachError
├── InputError         a file, name or value that the user gave cannot be used (exit status 2)
├── SourceError        a camera or video cannot be opened or read
├── ModelError         the pose model is missing or damaged
├── OutputError        a result cannot be shown or written
└── SafetyError        the answers about safety speak against a session (exit status 3)
"""


class PosecoachError(Exception):
    """Base of every error that posecoach raises on purpose; its text is meant for the user."""

    exit_status = 1


class InputError(PosecoachError):
    """A file, name or value that the user gave cannot be used."""

    exit_status = 2


class SourceError(PosecoachError):
    """A camera or video cannot be opened or read."""


class ModelError(PosecoachError):
    """The pose model is missing or damaged."""

    @classmethod
    def unusable(cls) -> "ModelError":
        """For a file that holds other networks, or none."""
        return cls(
            "The pose model cannot be used: run 'posecoach model fetch', or give another with --model."
        )


class OutputError(PosecoachError):
    """A result cannot be shown or written."""


class SafetyError(PosecoachError):
    """The answers about safety speak against a session; the text is the advice."""

    exit_status = 3
