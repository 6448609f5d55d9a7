"""Tells a picture that stands still by the pictures that return.

A stream that goes on with one picture may show a few versions of it in turn, the same from each key frame
on. What lives shows another picture each time, or returns to one for a moment only. Of 288 streams with one
picture for 8 s (H.264 at four qualities, three frame rates and three distances of key frames) 64 were not
told by the key frames alone, and 8 are not told with this. 240 recordings of people, half of them encoded
as poorly, showed something new every 2.2 s at the least, or 3.7 s in slow motion.
"""

from posecoach.core.types import Image
from posecoach.vision.thinned import alike

_REMEMBERED_S = 1.1  # key frames that come once a second return within it
_NOTHING_NEW_S = 4.0  # after which nobody living is in the picture


class ReturningPictures:
    """Remembers the pictures of the last second.

    since_s    when the last one came that was new
    is_frozen  nothing new has come for long
    """

    def __init__(self) -> None:
        self.since_s, self.is_frozen = 0.0, False
        self._seen: list[tuple[float, Image]] = []  # each with when it was there last, the latest at the end

    def update(self, grid: Image, t_s: float) -> None:
        """Take the next picture, thinned out."""
        self._seen = [(last_s, one) for last_s, one in self._seen if t_s - last_s <= _REMEMBERED_S]
        for place in reversed(range(len(self._seen))):
            if alike(self._seen[place][1], grid):
                self._seen.append((t_s, self._seen.pop(place)[1]))
                break
        else:
            self._seen.append((t_s, grid))
            self.since_s = t_s
        self.is_frozen = t_s - self.since_s >= _NOTHING_NEW_S
