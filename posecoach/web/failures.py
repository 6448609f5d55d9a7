"""What went wrong, for somebody who has the page alone: no command that they could type helps them."""

from posecoach.core.errors import PosecoachError
from posecoach.core.messages import in_brief, sentence
from posecoach.core.translation import tr


def told(error: BaseException) -> str:
    """What went wrong and the way out on the page, on one line."""
    if isinstance(error, PosecoachError):
        return sentence(error)
    if isinstance(error, MemoryError):
        return tr("There is not enough memory: close other programs, and try again.")
    return tr(
        "Something unforeseen went wrong ({what}): reload the page, and try again.", what=in_brief(error)
    )
