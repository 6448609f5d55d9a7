"""Makes dim, noisy and blurred pictures readable for the pose networks; leaves good ones alone.

In a dark bedroom the camera gives little more than noise. The parts that do not move are averaged over time,
as much as the noise requires, and the brightness is stretched over the whole range. Moving parts come from
the newest picture, so nothing lags behind. A camera out of focus, or a fingerprint on the lens, gives soft
edges: they are sharpened.
"""

from bisect import bisect_right
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posecoach.core.types import Image
from posecoach.vision.native import cv2

_GRID = 8  # every eighth pixel is enough to measure the brightness
_LONGEST_SIDE = 400  # pixels of an enhanced picture, at most; the networks see 256
_DARK, _BRIGHT = 1.0, 99.5  # percentiles that become black and white
_FULL_RANGE = 120.0  # between them: a picture with less is stretched
_NEARLY_BLACK = 16.0  # where nothing is brighter, a limb at rest leaps by whole grey levels
_MIDDLE = 50.0  # a median below this is raised
# Where most is below the one, and nothing above the other, a limb has few grey levels, too. A lit body in a
# black room or between black bars has more.
_BLACK_MIDDLE, _UNLIT = 4.0, 64.0
_GAMMA = 0.6
_QUIET, _NOISY = 0.03, 0.12  # noise as a share of the range: from no averaging to full averaging
_AVERAGE = 0.25  # share of the newest picture where the noise is strongest
_NOISE_MEMORY = 0.9  # of the noise estimate, per picture
_MEDIAN_CHANGE = 0.954  # median change between two pictures with noise of standard deviation 1
_DOUBT = 0.1  # share of the sharpness that is discounted where the noise is strongest
_LAMP = 1.0  # ratio of noise to the range of the averaged picture: about there bodies are lost
_BLOCK = 9  # pixels over which a change is compared with the noise
_MOVED, _SURELY_MOVED = 3.0, 6.0  # standard deviations of the change that noise alone makes in a block
_NEWEST = 0.8  # share of the newest picture where something certainly moves
_MEDIAN = 0.6745  # median size of noise of standard deviation 1
_BLUR_SIDE = (
    320  # pixels of the longest side at which blur is looked for, about as large as the networks see it
)
_BLUR_TAPS = 5  # pixels over which the picture is blurred once more
_BLUR_EVERY = 10  # pictures between two looks: the focus changes slowly
# Share of its differences that a picture keeps when it is blurred once more: up to 0.6 in good pictures,
# rendered or real; 0.8 and more when out of focus by 4 pixels of 640 (standard deviation).
_FOCUSED, _OUT_OF_FOCUS = 0.65, 0.8
_STEEPER = 3.0  # largest share of the difference to a blurred picture that is added
_SOFT = 2.5  # pixels, standard deviation of that blur


class Enhanced(NamedTuple):
    """A picture, and the scale by which it was made smaller."""

    image: Image
    scale: float


class LowLightEnhancer:
    """Enhances the pictures of one source; remembers their light and noise."""

    def __init__(self) -> None:
        self._before: Image | None = None  # the last picture's grid
        self._noise = 0.0  # standard deviation, grey levels
        self._range = 255.0  # grey levels between dark and bright
        self._brightest = self._middle = 255.0  # grey level of what is bright, and the median
        self._pictures = 0
        self._share = 1.0  # of the newest picture in what is seen
        self._average: NDArray[np.float32] | None = None
        self._averages = 0
        self._blur = 0.0  # 0..1
        self._looks = 0

    @property
    def trust(self) -> float:
        """Weight of a joint's sharpness, 0..1: in noise the network is overconfident."""
        return 1 - _DOUBT * (1 - self._share) / (1 - _AVERAGE)

    @property
    def dim(self) -> bool:
        """True when so much noise is averaged, or the picture has so few grey levels, that limbs at rest seem
        to bounce."""
        return self._noise > _NOISY * self._range or self._almost_black

    @property
    def dark(self) -> bool:
        """True when it is dim for want of light: an even picture has less range than noise in any light, but
        its noise is small beside its level."""
        return self.dim and (self._noise > _NOISY * self._middle or self._almost_black)

    @property
    def lamp_needed(self) -> bool:
        """True when there is more noise than picture, for want of light: only a lamp helps."""
        return self.dark and self._noise > _LAMP * self._range

    @property
    def _almost_black(self) -> bool:
        unlit = self._middle < _BLACK_MIDDLE and self._brightest < _UNLIT
        return unlit or self._brightest < _NEARLY_BLACK

    def enhance(self, image: Image) -> Enhanced:
        """`image` (height, width, 3; BGR) as the networks should see it; itself where it is good."""
        grid = self._note(image)
        dark, middle, bright = _percentiles(grid, (_DARK, 50, _BRIGHT))
        self._brightest, self._middle = bright, middle
        self._share = share = float(
            np.interp(self._noise / max(bright - dark, 1.0), (_QUIET, _NOISY), (1.0, _AVERAGE))
        )
        dim = bright - dark < _FULL_RANGE or middle < _MIDDLE
        blur = self._blurred(image) if share == 1.0 else 0.0  # noise has edges of its own
        if share == 1.0 and not dim and not blur:
            self._average, self._range = None, bright - dark
            return Enhanced(image, 1.0)
        image, scale = _shrunk(image, _LONGEST_SIDE)
        if share < 1.0:
            image = self._averaged(image, share)
            # Noise would widen the range.
            dark, bright = _percentiles(image[::2, ::2, 1], (_DARK, _BRIGHT))
        else:
            self._average = None
        self._range = bright - dark
        if dim:
            levels = np.clip((np.arange(256) - dark) / max(bright - dark, 1.0), 0, 1)
            image = _image(cv2.LUT(image, np.rint(255 * levels**_GAMMA).astype(np.uint8)))
        if blur:
            soft = cv2.GaussianBlur(image, (0, 0), _SOFT)
            image = _image(cv2.addWeighted(image, 1 + _STEEPER * blur, soft, -_STEEPER * blur, 0))
        return Enhanced(image, scale)

    def _note(self, image: Image) -> Image:
        """Update the noise estimate; returns the grid of the picture's brightness."""
        grid = np.ascontiguousarray(image[::_GRID, ::_GRID, 1])
        if self._before is not None and self._before.shape == grid.shape:
            # Most of the picture stands still: the median of the changes is noise alone.
            (change,) = _percentiles(_image(cv2.absdiff(grid, self._before)), (50,))
            change /= _MEDIAN_CHANGE
            self._pictures += 1
            keep = min(_NOISE_MEMORY, 1 - 1 / self._pictures)
            self._noise = keep * self._noise + (1 - keep) * change
        self._before = grid
        return grid

    def _blurred(self, image: Image) -> float:
        """How far out of focus the pictures are, 0..1; measured now and then.

        A sharp picture loses most of its small differences when it is blurred; a blurred one has none to lose
        (Crété-Roffet et al., SPIE 6492, 2007).
        """
        if self._looks % _BLUR_EVERY == 0:
            grey = cv2.cvtColor(_shrunk(image, _BLUR_SIDE)[0], cv2.COLOR_BGR2GRAY).astype(np.float32)
            kept = max(_differences_kept(grey), _differences_kept(grey.T))
            self._blur = float(np.interp(kept, (_FOCUSED, _OUT_OF_FOCUS), (0.0, 1.0)))
        self._looks += 1
        return self._blur

    def _averaged(self, image: Image, share: float) -> Image:
        """The picture averaged over time where nothing moves."""
        new = cv2.GaussianBlur(image, (3, 3), 0).astype(np.float32)
        if self._average is None or self._average.shape != new.shape:
            self._average, self._averages = new, 1
        else:
            self._averages += 1
            change = new - self._average
            local = np.abs(cv2.blur(change.mean(axis=2), (_BLOCK, _BLOCK)))
            noise = max(float(np.median(local[::2, ::2])) / _MEDIAN, 1e-3)
            moved = ((local / noise - _MOVED) / (_SURELY_MOVED - _MOVED)).clip(0, _NEWEST)
            share = max(share, 1 / self._averages)
            self._average += (share + (1 - share) * moved)[:, :, None] * change
        return _image(cv2.convertScaleAbs(self._average))


def _percentiles(grey: Image, percents: Iterable[float]) -> list[float]:
    """What `np.percentile` gives for bytes, from their counts, which takes a tenth of its time."""
    below = np.bincount(grey.ravel(), minlength=256).cumsum().tolist()
    values = []
    for percent in percents:
        place = percent / 100 * (grey.size - 1)
        low, high = bisect_right(below, int(place)), bisect_right(below, ceil(place))
        values.append(float(low + (place - int(place)) * (high - low)))
    return values


def _shrunk(image: Image, longest_side: int) -> Enhanced:
    """`image` with at most so many pixels a side."""
    scale = min(1.0, longest_side / max(image.shape[:2]))
    if scale < 1:
        height, width = (max(1, round(scale * side)) for side in image.shape[:2])
        image = _image(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))
    return Enhanced(image, scale)


def _differences_kept(grey: NDArray[np.float32]) -> float:
    """Share (0..1) of the differences between neighbours in a row that is left once the rows are blurred."""
    before = np.abs(np.diff(grey, axis=1))
    after = np.abs(np.diff(cv2.blur(grey, (_BLUR_TAPS, 1)), axis=1))
    lost = np.maximum(before - after, 0).sum()
    return 1 - float(lost) / max(float(before.sum()), 1.0)


def _image(array: object) -> Image:
    return np.asarray(array, np.uint8)
