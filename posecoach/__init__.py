"""A camera coach for gentle lower-back stretches done in bed.

A frame becomes a pose, a pose becomes measurements of a body on a bed, measurements become verdicts, and
verdicts and a clock become coaching. `docs/architecture.md` shows the rooms this takes.
"""

__version__ = "0.2.0"
