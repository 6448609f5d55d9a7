"""What is measured in changed pictures is worth as much as the map from the clip to them."""

import numpy as np
import pytest

from posecoach.vision.native import cv2
from tests.support.variants import VARIANTS, Variant


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_point_is_where_the_changed_picture_shows_it(variant: Variant) -> None:
    for x, y in ((320, 240), (200, 150), (450, 330)):
        picture = np.full((480, 640, 3), 90, np.uint8)
        cv2.circle(picture, (x, y), 9, (255, 255, 255), -1)
        seen = cv2.GaussianBlur(variant.picture(picture, 0, None)[:, :, 1], (0, 0), 3)
        at = np.unravel_index(int(seen.argmax()), seen.shape)[::-1]
        assert at == pytest.approx(variant.place(np.array([[x, y]], float))[0], abs=3)
