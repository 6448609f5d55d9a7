"""Posterior pelvic tilt: how far a pelvis that stays on the bed has rolled back, as both hips show it."""

from collections.abc import Sequence
from math import exp, nan

# Degrees by which a pelvis turns while the hips open by one: 18 degrees read as 5 to 8 (rendered bodies).
_TURN = 2.5
_SMOOTHED_S = 0.3
_WANDER = 2.0  # degrees by which the hips of who lies still wander (11 rendered bodies)
# How fast rest follows that; in a tilt, which lasts for five seconds or ten; and whoever comes half way back,
# or further: they rest there. The first rest is a mean of so much time.
_REST_S, _TILTED_S, _BACK_S, _FIRST_S = 8.0, 40.0, 2.0, 1.5
_LEGS_S = 8.0  # after which legs that have moved, or hips that no tilt has, rest where they are now
# Degrees of hips and knees between which both legs are bent with their feet down: other legs show no tilt.
_MOST_BENT_HIP, _LEAST_BENT_KNEE = 85.0, 60.0
# Degrees that no tilt opens the hips by, and by which hips on their way are ahead of their mean: there, rest
# stays what it was before.
_NO_TILT, _ON_THE_WAY = 16.0, 1.5
_MOST_TURN = 60.0  # degrees that no pelvis turns by
_LEGS_OFF = 6.0  # degrees by which a knee may be off that may have moved as well: in tilts it is 2 to 4
_UNKNOWN = 40.0  # degrees: the standard deviation of hips above such knees
_NOISE_S, _MOST_NOISE = 3.0, 4.0  # time over which noise is measured, and degrees: what is more is a move
_LEAST_OFF = 0.8  # degrees: the standard deviation of hips that do not tremble


class Tilting:
    """Follows the hips and knees of somebody on their back, which tell how far the pelvis is tilted.

    With the feet in their place, a pelvis that rolls back lifts the joints of the hips a little, and both
    hips open by half of its turn, or less, while the knees stay as they are. A foot that slides along the
    bed, or leaves it, moves the knee as well.
    """

    def __init__(self) -> None:
        self._begin(0.0)

    def _begin(self, t_s: float) -> None:
        self._since_s = self._t_s = self._legs_rest_s = t_s
        # Hip and knee of each side, smoothed and at rest; empty until they were seen.
        self._now: list[list[float]] = [[], []]
        self._rest: list[list[float]] = [[], []]
        self._peak = 0.0  # of the tilt since the hips were last at rest
        self._noise = 0.0

    def follow(
        self, hips: Sequence[float], knees: Sequence[float], off: float, t_s: float
    ) -> tuple[float, float]:
        """Degrees by which the pelvis has turned back since rest, NaN where that is not seen, as above legs
        that lie straight, and 0 where the legs have moved or may have; and its standard deviation.

        hips, knees  flexion, left and right, in degrees, NaN where unseen;  off  the knees' larger deviation
        t_s          rises from call to call
        """
        if not any(self._now) or t_s - self._legs_rest_s > _LEGS_S:
            self._begin(t_s)
            if not _feet_are_down(hips, knees):
                return nan if all(knee < _LEAST_BENT_KNEE for knee in knees) else 0.0, _TURN * _LEAST_OFF
        elapsed_s, self._t_s = t_s - self._t_s, t_s
        opened, bent, trembles = [], [], []
        for angles, now, rest in zip(zip(hips, knees, strict=True), self._now, self._rest, strict=True):
            if any(angle != angle for angle in angles):
                continue
            if not now:
                now[:] = rest[:] = angles
            trembles.append(now[0] - angles[0])
            _approach(now, angles, elapsed_s, _SMOOTHED_S)
            opened.append(rest[0] - now[0])
            bent.append(now[1] - rest[1])
        if not opened:
            return nan, 0.0
        tilt, moves = _mean(opened), abs(_mean(trembles))
        self._noise += _share(elapsed_s, _NOISE_S) * (min(moves, _MOST_NOISE) - self._noise)
        unsure = _LEAST_OFF + self._noise
        if off > _LEGS_OFF:
            tilt, unsure = 0.0, _UNKNOWN
        elif abs(_mean(bent)) > max(tilt, 0.0) + _WANDER:
            tilt = 0.0
        else:
            self._legs_rest_s = t_s if -_WANDER < tilt < _NO_TILT else self._legs_rest_s
            self._follow_rest(tilt, moves, elapsed_s)
        return min(_TURN * max(tilt, 0.0), _MOST_TURN), _TURN * unsure

    def _follow_rest(self, tilt: float, moves: float, elapsed_s: float) -> None:
        self._peak = max(self._peak, tilt) if tilt > _WANDER else 0.0
        age_s = self._t_s - self._since_s
        if age_s < _FIRST_S:
            slow_s = age_s / 2
        elif tilt > _NO_TILT or moves > _ON_THE_WAY:
            return
        elif self._peak:
            slow_s = _BACK_S if tilt < self._peak / 2 else _TILTED_S
        else:
            slow_s = _REST_S if tilt > -_WANDER else _TILTED_S  # an arched back is no rest either
        for now, rest in zip(self._now, self._rest, strict=True):
            if now:
                _approach(rest, now, elapsed_s, slow_s)


def _feet_are_down(hips: Sequence[float], knees: Sequence[float]) -> bool:
    """Whether both legs that are seen are bent as far as legs are whose feet stand on the bed."""
    return all(not hip > _MOST_BENT_HIP for hip in hips) and all(
        not knee < _LEAST_BENT_KNEE for knee in knees
    )


def _approach(values: list[float], to: Sequence[float], elapsed_s: float, slow_s: float) -> None:
    share = _share(elapsed_s, slow_s)
    for at, value in enumerate(to):
        values[at] += share * (value - values[at])


def _share(elapsed_s: float, slow_s: float) -> float:
    return 1 - exp(-elapsed_s / slow_s) if slow_s > 0 else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
