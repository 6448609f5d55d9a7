"""Where a film is cut: the picture becomes another one from one frame to the next."""

import numpy as np

from posecoach.core.types import Image
from posecoach.vision.native import cv2
from posecoach.vision.thinned import thinned

# Share of the points of a thinned picture that change by so many grey levels from one frame to the next: in
# rendered and filmed takes 0.06 at the most, at cuts, also between takes of the same room, 0.10 to 0.69.
_CHANGED, _LEVELS = 0.08, 25
# Correlation of the two pictures: in takes 0.89 or more, at cuts 0.80 or less. A lamp that is switched on
# changes the whole picture, but leaves it alike.
_ALIKE = 0.85


class Cuts:
    """Follows the pictures of one source."""

    def __init__(self) -> None:
        self._before: Image | None = None

    def found(self, image: Image) -> bool:
        """Whether there is a cut before the next picture (height, width, 3; BGR)."""
        grid = thinned(image)
        before, self._before = self._before, grid
        if before is None or before.shape != grid.shape:
            return before is not None
        change = cv2.absdiff(before, grid)
        if np.count_nonzero(change > _LEVELS) < _CHANGED * grid.size:
            return False
        return not cv2.matchTemplate(grid, before, cv2.TM_CCOEFF_NORMED)[0, 0] > _ALIKE
