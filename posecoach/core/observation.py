"""Observation: all that is known of one frame before anything is judged."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from posecoach.core.pose import Pose
from posecoach.core.types import Image, Rotation

DARK = 0.15  # light below which a picture is dark; all recordings made so far have more than 0.4
_STILL_S = 0.5  # without a change, after which a picture may be a frozen one: a camera's noise changes it

#: Why a frame may not show what it seems to show.
#:
#: frozen       the picture stands still: the camera hangs, nothing in it may be counted
#: dark         the picture shows nothing: black, or the lens is covered
#: bright       the picture shows nothing: it is white all over
#: dim          so much noise for so little light that haste and bouncing cannot be judged
#: two_people   somebody else is in the picture; `Observation.other` says where
#: too_small    somebody is in the picture, too small to be followed
#: few_frames   fewer than ten frames a second: haste and bouncing cannot be judged
#: gap          more than a second is missing since the frame before
#: lost         the camera gives no pictures: this is the last one it gave
#: turned       the picture was turned because of how the body in it seemed to lie, and nobody asked for it
Doubt = Literal[
    "frozen", "dark", "bright", "dim", "two_people", "too_small", "few_frames", "gap", "lost", "turned"
]

#: What is doubtful about a whole recording.
#:
#: no_time_stamps  the file does not say when its frames are shown: their times follow from a guessed rate
#: slow_motion     it was recorded with more frames a second than it plays: every move looks slower than it
#: was
#: incomplete      its end, or a part in the middle, is missing or damaged: known once all of it was read
#: drawn           posecoach has drawn on it: a figure of its own may be taken for somebody
SourceDoubt = Literal["no_time_stamps", "slow_motion", "incomplete", "drawn"]

#: Where one of two people is in the picture.
PlaceOfTwo = Literal["left", "right", "upper", "lower"]

#: How a picture is.
#:
#: dim    haste and bouncing cannot be judged in it
#: still  it has not changed for a moment, and may turn out to be frozen
#: frozen it stands still, and nothing in it can be believed
#: lost   nor can anything for another reason: it is dark or white, or there is none
PictureState = Literal["there", "dim", "still", "frozen", "lost"]

#: Those in which nothing can be believed.
NO_PICTURE: frozenset[PictureState] = frozenset({"frozen", "lost"})

#: Doubts about a picture in which nobody is believed to be seen, whatever the networks find there.
UNBELIEVABLE: frozenset[Doubt] = frozenset({"frozen", "dark", "bright", "lost"})


@dataclass(frozen=True, eq=False)
class Observation:
    """What a tracker sees in one frame.

    t_s       seconds on the source's own clock
    image     the upright picture (height, width, 3; BGR), in whose pixels the pose is
    rotation  clockwise degrees from the source's picture to the upright one
    pose      the body, or None when nobody was found, or the picture cannot be believed
    light     brightness of the picture, 0 (too dark to see anybody) to 1, measured once a second; None where
              nobody measured it
    doubts    reasons not to believe the frame
    other     pixels of the upright picture where somebody else's hips are, who is not followed
    still_since_s  time of the frame after which hardly anything has changed in the picture, seconds; infinite
              where nobody compared it with others
    alike_since_s  time of the first frame that shows this very picture, or infinite
    """

    t_s: float
    image: Image
    rotation: Rotation = 0
    pose: Pose | None = None
    light: float | None = None
    doubts: frozenset[Doubt] = frozenset()
    other: tuple[float, float] | None = None
    still_since_s: float = inf
    alike_since_s: float = inf

    @property
    def believable(self) -> bool:
        """False for a picture that stands still, or shows nothing."""
        return not self.doubts & UNBELIEVABLE

    @property
    def state(self) -> PictureState:
        """How the picture is."""
        if not self.believable:
            return "frozen" if "frozen" in self.doubts else "lost"
        # A camera that gives few pictures shows another one now and then, a frozen one never does.
        still = self.alike_since_s < self.t_s > self.still_since_s + _STILL_S
        return "still" if still else "dim" if "dim" in self.doubts else "there"

    @property
    def frozen_since_s(self) -> float:
        """Since when the picture is frozen, seconds; infinite where it is not."""
        return self.still_since_s if "frozen" in self.doubts else inf

    @property
    def followed_side(self) -> PlaceOfTwo | None:
        """Where the followed person is in the picture, seen from the other one; None without two people."""
        if self.pose is None or self.other is None:
            return None
        across, down = self.pose.image.mean(axis=0) - self.other
        if abs(down) > abs(across):  # as where one lies behind the other
            return "upper" if down < 0 else "lower"
        return "left" if across < 0 else "right"
