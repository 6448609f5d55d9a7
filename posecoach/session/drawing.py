"""The annotated picture of a moment, as windows show it and recorders keep it."""

from posecoach.core.types import Image
from posecoach.feedback import overlay
from posecoach.session.pipeline import Moment


def drawn(moment: Moment, mirror: bool = False) -> Image:
    """The upright picture with the body and the coach's view on it; `mirror` as a mirror shows it."""
    return overlay.draw(moment.seen.image, moment.seen.pose, moment.view, mirror)
