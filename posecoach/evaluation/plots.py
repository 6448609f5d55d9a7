"""Pictures of numbers, drawn without a display. matplotlib takes a while to load, so it is loaded here and
this module only where a picture is asked for."""

import io
import logging
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

# On first use it tells of its font cache, which concerns nobody.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402

from posecoach.core.pose import Array  # noqa: E402
from posecoach.core.translation import decimal, tr  # noqa: E402
from posecoach.evaluation import comparison_text  # noqa: E402
from posecoach.evaluation.comparison import Comparison  # noqa: E402
from posecoach.evaluation.margins import Margin  # noqa: E402

INK, FAINT, GRID = "#1f2933", "#6b7785", "#e3e8ee"
VIEWS: Mapping[str, str] = {"side": "#2563eb", "oblique": "#d97706", "top": "#0d9488"}
OTHER_VIEW = "#7c3aed"
SAMPLE, YOURS = "#52606d", "#e2711d"

_LEAST_SPAN = 60.0  # degrees that a scatter plot shows: noise about one angle is not to look like a cloud
_MOST_POINTS = 250  # of one series in a scatter plot; more only make the file larger


@dataclass(frozen=True, eq=False)
class Series:
    """One measure of one clip: `true` and `found` degrees frame by frame, NaN where unknown.

    near  True for the limb nearer the camera, and for what belongs to no limb
    """

    view: str
    near: bool
    true: Array
    found: Array


def scatter(panels: Mapping[str, Sequence[Series]]) -> bytes:
    """A PNG with a panel for each measure: measured against true degrees, coloured by view."""
    figure = Figure(figsize=(4.2 * len(panels), 4.4), dpi=110, layout="constrained")
    for axes, (title, series) in zip(_row(figure, len(panels)), panels.items(), strict=True):
        _scatter(axes, title, series)
    return _saved(figure, "png")


def margins(rules: Mapping[str, Sequence[Margin]]) -> bytes:
    """A PNG with a panel for each rule: what good and faulty clips measure, from each view, and the limit."""
    figure = Figure(figsize=(7.2, 1.1 + 1.5 * len(rules)), dpi=110, layout="constrained")
    for row, (title, found) in enumerate(rules.items()):
        axes = figure.add_subplot(len(rules), 1, row + 1)
        for margin in found:
            colour = VIEWS.get(margin.view, OTHER_VIEW)
            axes.scatter(margin.good, [1.0] * len(margin.good), s=26, alpha=0.5, color=colour)
            axes.scatter(margin.faulty, [0.0] * len(margin.faulty), s=34, marker="x", color=colour)
        axes.axvline(found[0].limit, color=INK, linewidth=1.5, linestyle=(0, (5, 4)))
        axes.set(ylim=(-0.6, 1.6), yticks=[0, 1], yticklabels=["fault", "good"])
        axes.set_title(title, loc="left", fontsize=11, color=INK)
        _quiet(axes)
    return _saved(figure, "png")


def comparison(compared: Comparison, kind: Literal["png", "svg"]) -> bytes:
    """A picture, upright as a phone is: both curves in their own time, and brought to the same pace."""
    layout = ConstrainedLayoutEngine(h_pad=0.12, w_pad=0.1, hspace=0.06)
    figure = Figure(figsize=(7.2, 9.6), dpi=150, layout=layout)
    text = "\n".join(textwrap.wrap(comparison_text.summary(compared), 56))
    figure.suptitle(text, x=0.02, ha="left", fontsize=17, color=INK)
    above, below = figure.subplots(2, 1, sharey=True, height_ratios=(6, 5))
    _in_own_time(above, compared)
    _at_one_pace(below, compared)
    return _saved(figure, kind)


def _in_own_time(axes: Axes, compared: Comparison) -> None:
    for one, colour, name in (
        (compared.sample_curve, SAMPLE, tr("sample")),
        (compared.your_curve, YOURS, tr("you")),
    ):
        axes.plot(one.t_s - one.begin_s, one.value, color=colour, linewidth=3, label=name)
    _target(axes, compared.target)
    low, high = axes.get_ylim()
    step = 0.055 * (high - low)
    for lane, (one, colour) in enumerate(((compared.sample_curve, SAMPLE), (compared.your_curve, YOURS))):
        for position in one.result.positions:
            start_s, end_s = position.start_s - one.begin_s, position.end_s - one.begin_s
            height = low - (lane + 0.5) * step
            axes.plot([start_s, end_s], [height] * 2, color=colour, linewidth=7, solid_capstyle="butt")
            if len(one.holds_s) == 1:  # more would cover one another
                held = f" {decimal(end_s - start_s)} s"
                axes.text(end_s, height, held, color=colour, va="center", fontsize=12, clip_on=True)
    axes.set_ylim(low - 2.2 * step, high)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False, fontsize=15)
    axes.set_xlabel(tr("seconds from the first move on; bars: in position"), fontsize=13)
    _finish(axes)


def _at_one_pace(axes: Axes, compared: Comparison) -> None:
    t_s = compared.t_s - compared.sample_curve.begin_s
    axes.fill_between(t_s, compared.sample, compared.yours, color=YOURS, alpha=0.22, linewidth=0)
    axes.plot(t_s, compared.sample, color=SAMPLE, linewidth=3)
    axes.plot(t_s, compared.yours, color=YOURS, linewidth=3)
    _target(axes, compared.target)
    axes.set_title(tr("At the same point of the move"), loc="left", fontsize=15, color=INK)
    axes.set_xlabel(tr("seconds in the sample; shaded: the difference"), fontsize=13)
    _finish(axes)


def _target(axes: Axes, value: float) -> None:
    axes.axhline(value, color=INK, linewidth=1.5, linestyle=(0, (5, 4)))
    axes.annotate(
        tr("in position from {degrees}", degrees=comparison_text.degrees(value)),
        (1.0, value),
        xycoords=("axes fraction", "data"),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
        fontsize=12,
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0},
    )


def _finish(axes: Axes) -> None:
    axes.set_ylabel(tr("degrees, up is further in"), fontsize=13)
    axes.tick_params(labelsize=13)
    axes.grid(axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    _quiet(axes)


def _row(figure: Figure, count: int) -> Iterable[Axes]:
    return [figure.add_subplot(1, count, index + 1) for index in range(count)]


def _scatter(axes: Axes, title: str, series: Sequence[Series]) -> None:
    for one in series:
        step = max(1, len(one.found) // _MOST_POINTS)
        colour = VIEWS.get(one.view, OTHER_VIEW)
        axes.scatter(
            one.true[::step],
            one.found[::step],
            s=11 if one.near else 9,
            alpha=0.55 if one.near else 0.35,
            facecolors=colour if one.near else "none",
            edgecolors=colour,
            linewidths=0.0 if one.near else 0.7,
        )
    values = np.concatenate([part for one in series for part in (one.true, one.found)])
    low, high = float(np.nanmin(values)) - 5, float(np.nanmax(values)) + 5
    middle, half = (low + high) / 2, max(high - low, _LEAST_SPAN) / 2
    low, high = middle - half, middle + half
    axes.plot([low, high], [low, high], color=INK, linewidth=1, zorder=0)
    axes.fill_between([low, high], [low - 10, high - 10], [low + 10, high + 10], color=GRID, zorder=-1)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", xlabel="true, degrees")
    axes.set_ylabel("measured, degrees")
    axes.set_title(title, loc="left", fontsize=12, color=INK)
    _quiet(axes)


def _quiet(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.tick_params(colors=FAINT)
    axes.xaxis.label.set_color(FAINT)
    axes.yaxis.label.set_color(FAINT)


def _saved(figure: Figure, kind: Literal["png", "svg"]) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format=kind)
    return file.getvalue()
