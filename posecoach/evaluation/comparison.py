"""A recording beside a sample of the same exercise: how far, how fast, how long, and in what order of time.

What is compared is the value that defines the exercise's position, such as the hip flexion of the leg that
is drawn in. Both curves are brought to one rate, the moves are found in them, and dynamic time warping says
which moment of the one belongs to which of the other. What was unseen stays a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from dtaidistance import dtw

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.assessment.thresholds import GAP_S
from posecoach.core.pose import Array
from posecoach.core.types import Side

_RATE = 20.0  # samples a second
_MOST = 1500  # samples of one curve that are aligned; aligning takes their square in time and memory
_SMOOTHED, _EVEN_OUT = 5, 7  # samples over which values, and the alignment, are smoothed
_HALF, _LEFT = 0.5, 0.3  # share of the range that begins a movement, and below which it is over
_EDGES = (0.2, 0.8)  # share of the range between which a move's speed is taken
_LEAST_RANGE = 0.6  # share of an attempt's rise from which a curve has movements at all
_AROUND_S = 1.5  # of rest before and after the movements that takes part in the alignment
_STRETCH = 0.03  # cost of standing still in one curve while the other goes on, as a share of the range


@dataclass(frozen=True, eq=False)
class MotionProfile:
    """What one recording shows of an exercise.

    t_s        (samples,) seconds, evenly spaced;  value  (samples,) degrees, NaN where unseen
    movements  first and last sample of each way into depth and back
    rest       where the moves begin, degrees;  peak  how far they go, on average; None where not seen
    speed_in, speed_out   degrees a second of a typical move in and out; None where not seen
    """

    result: Result
    t_s: Array
    value: Array
    movements: tuple[tuple[int, int], ...]
    rest: float | None
    peak: float
    speed_in: float | None
    speed_out: float | None

    @property
    def range(self) -> float | None:
        """Degrees from rest to peak."""
        return None if self.rest is None else self.peak - self.rest

    @property
    def holds_s(self) -> tuple[float, ...]:
        """Seconds of each time in position."""
        return self.result.holds_s

    @property
    def begin_s(self) -> float:
        """When the first movement begins; the curve's own beginning where there is none."""
        return float(self.t_s[self.movements[0][0]] if self.movements else self.t_s[0])


@dataclass(frozen=True, eq=False)
class Comparison:
    """A recording against a sample.

    t_s      (n,) seconds on the sample's clock, of the movements that both show
    sample   (n,) the sample's value then;  yours  (n,) the recording's at the same point of the move
    target   the value at which the position begins
    """

    exercise: Exercise
    sample_curve: MotionProfile
    your_curve: MotionProfile
    t_s: Array
    sample: Array
    yours: Array
    target: float

    @property
    def apart(self) -> float | None:
        """Degrees between the two, on average over what both show."""
        apart = np.abs(self.sample - self.yours)
        return float(np.nanmean(apart)) if np.isfinite(apart).any() else None


def profile(
    result: Result, t_s: Sequence[float], measures: Mapping[str, Sequence[float | None]]
) -> MotionProfile | None:
    """The defining curve of a result's exercise on the side that was worked; None where it was never seen.

    `t_s` are the frames' times in seconds, `measures` their values by name (None: unseen).
    """
    exercise = CATALOGUE[result.exercise or ""]
    found = _defining(exercise, result.side, measures, len(t_s))
    if not np.isfinite(found).any():
        return None
    even_s, value = _even(np.asarray(t_s, dtype=np.float64), found)
    return _described(result, exercise, even_s, value)


def compare(sample: MotionProfile, yours: MotionProfile) -> Comparison:
    """Two curves of the same exercise."""
    exercise = CATALOGUE[sample.result.exercise or ""]
    t_s, of_sample, of_yours = _aligned(sample, yours)
    return Comparison(
        exercise=exercise,
        sample_curve=sample,
        your_curve=yours,
        t_s=t_s,
        sample=of_sample,
        yours=of_yours,
        target=exercise.limits[exercise.motions[0].enter].default,
    )


# -- one curve -----------------------------------------------------------------------------------------------


def _defining(
    exercise: Exercise, side: Side, measures: Mapping[str, Sequence[float | None]], count: int
) -> Array:
    """The motion's value frame by frame; where both sides are worked, that of the one further in."""
    motions = [motion for motion in exercise.motions if motion.side == side] or exercise.motions
    found = np.full(count, np.nan)
    for index in range(count):
        frame = {name: values[index] for name, values in measures.items()}
        values = [motion.value(frame) for motion in motions]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            found[index] = max(known)
    return found


def _even(t_s: Array, value: Array) -> tuple[Array, Array]:
    """The values at an even rate, smoothed a little; gaps longer than `GAP_S` stay gaps."""
    count = max(2, round((t_s[-1] - t_s[0]) * _RATE) + 1)
    even_s = np.linspace(t_s[0], max(t_s[-1], t_s[0] + 1 / _RATE), count)
    seen_s, seen = t_s[np.isfinite(value)], value[np.isfinite(value)]
    after = np.searchsorted(seen_s, even_s).clip(0, len(seen_s) - 1)
    before = (np.searchsorted(seen_s, even_s, side="right") - 1).clip(0, len(seen_s) - 1)
    smooth = _smooth(np.interp(even_s, seen_s, seen), _SMOOTHED)
    outside = (even_s < seen_s[0] - 1 / _RATE) | (even_s > seen_s[-1] + 1 / _RATE)
    unseen = (seen_s[after] - seen_s[before] > GAP_S) | outside
    return even_s, np.where(unseen, np.nan, smooth)


def _smooth(values: Array, width: int) -> Array:
    """The mean over `width` samples (an odd number) around each."""
    return np.convolve(np.pad(values, width // 2, mode="edge"), np.full(width, 1 / width), "valid")


def _described(result: Result, exercise: Exercise, t_s: Array, value: Array) -> MotionProfile:
    low, high = (float(np.nanpercentile(value, share)) for share in (5, 98))
    moves = _movements(value, low, high) if high - low >= _LEAST_RANGE * exercise.attempt else ()
    if not moves:
        return MotionProfile(result, t_s, value, (), None, high, None, None)
    resting = value[value < low + _EDGES[0] * (high - low)]
    return MotionProfile(
        result,
        t_s,
        value,
        moves,
        rest=float(np.median(resting)) if len(resting) else None,
        peak=fmean(float(np.nanpercentile(value[start : end + 1], 90)) for start, end in moves),
        speed_in=_speed(t_s, value, low, high, [start for start, _ in moves]),
        speed_out=_speed(-t_s[::-1], value[::-1], low, high, [len(value) - 1 - end for _, end in moves]),
    )


def _movements(value: Array, low: float, high: float) -> tuple[tuple[int, int], ...]:
    """First and last sample of each stay above half of the range; unseen samples change nothing."""
    moves, start, last = list[tuple[int, int]](), -1, -1
    for index in np.flatnonzero(np.isfinite(value)):
        share = (value[index] - low) / (high - low)
        if start < 0 and share >= _HALF:
            start = int(index)
        if start >= 0 and share >= _HALF:
            last = int(index)
        if start >= 0 and share < _LEFT:
            moves.append((start, last))
            start = -1
    if start >= 0:
        moves.append((start, last))
    return tuple(moves)


def _speed(t_s: Array, value: Array, low: float, high: float, starts: Sequence[int]) -> float | None:
    """Degrees a second of the moves in, their median, between a fifth and four fifths of the way."""
    slow, deep = (low + share * (high - low) for share in _EDGES)
    speeds = []
    for start in starts:
        first = start
        while first > 0 and value[first] > slow:  # ends at a gap too: NaN is not greater
            first -= 1
        last = start
        while last < len(value) - 1 and value[last] < deep:
            last += 1
        if value[first] <= slow and value[last] >= deep:
            speeds.append((value[last] - value[first]) / (t_s[last] - t_s[first]))
    return float(np.median(speeds)) if speeds else None


# -- two curves ----------------------------------------------------------------------------------------------


def _aligned(sample: MotionProfile, yours: MotionProfile) -> tuple[Array, Array, Array]:
    """Times on the sample's clock, the sample's values, and those of the recording at the same point."""
    common = min(len(sample.movements), len(yours.movements))
    (s_span, s_shape), (y_span, y_shape) = (_shape(one, common) for one in (sample, yours))
    s_known, y_known = np.flatnonzero(np.isfinite(s_shape)), np.flatnonzero(np.isfinite(y_shape))
    path = dtw.warping_path_fast(s_shape[s_known], y_shape[y_known], penalty=_STRETCH)
    at: dict[int, list[int]] = {}
    for of_sample, of_yours in path:
        at.setdefault(int(s_known[of_sample]), []).append(int(y_known[of_yours]))
    # The path goes in steps of whole samples, a person does not.
    places = _smooth(np.array([fmean(at[index]) for index in s_known.tolist()]), _EVEN_OUT)
    values = yours.value[y_span]
    warped = np.full(len(s_shape), np.nan)
    warped[s_known] = np.interp(places, y_known, values[y_known])
    warped[s_known[np.isnan(values[np.floor(places).astype(int)])]] = np.nan
    return sample.t_s[s_span], sample.value[s_span], warped


def _shape(one: MotionProfile, movements: int) -> tuple[slice, Array]:
    """The stretch of a curve with so many movements, and its values from 0 at rest to 1 at the peak."""
    around = round(_AROUND_S * _RATE)
    begin, end = 0, len(one.value)
    if movements:
        begin = max(0, one.movements[0][0] - 2 * around)
        end = min(end, one.movements[movements - 1][1] + 2 * around)
        if movements < len(one.movements):
            end = min(end, (one.movements[movements - 1][1] + one.movements[movements][0]) // 2)
    span = slice(begin, end, -(-(end - begin) // _MOST))
    low = one.rest if one.rest is not None else float(np.nanmin(one.value))
    return span, np.ascontiguousarray((one.value[span] - low) / max(one.peak - low, 1.0))
