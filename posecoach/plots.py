"""Pictures of numbers, drawn without a display. matplotlib takes a while to load, so it is loaded here and
this module only where a picture is asked for."""

import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

# On first use it tells of its font cache, which concerns nobody.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from posecoach.pose import Array  # noqa: E402

INK, FAINT, GRID = "#1f2933", "#6b7785", "#e3e8ee"
VIEWS: Mapping[str, str] = {"side": "#2563eb", "oblique": "#d97706", "top": "#0d9488"}
OTHER_VIEW = "#7c3aed"

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
    # Without a date the same numbers give the same file.
    figure.savefig(file, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return file.getvalue()
