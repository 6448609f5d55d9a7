"""Files that are part of the package itself."""

from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


def arrays(*path: str) -> dict[str, NDArray[Any]]:
    """The named arrays of an .npz file inside the package, by its path from `posecoach/`."""
    with files("posecoach").joinpath(*path).open("rb") as file, np.load(file) as loaded:
        return {name: loaded[name] for name in loaded.files}
