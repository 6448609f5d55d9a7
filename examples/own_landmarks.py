"""Judge landmarks that another program has found: python examples/own_landmarks.py LANDMARKS.npz EXERCISE

The file holds `image` (frames, 33, 2) in pixels, `world` (frames, 33, 3) in metres, `visibility`
(frames, 33), `fps`, and `size`, the width and height of the picture.
"""

import sys

import numpy as np

import posecoach

found = np.load(sys.argv[1])
poses = posecoach.Pose.from_landmarks(
    found["image"],
    fps=float(found["fps"]),
    size=(int(found["size"][0]), int(found["size"][1])),
    world=found["world"],
    visibility=found["visibility"],
)
result = posecoach.check(poses, sys.argv[2])
print(result.verdict, [f"{fault.name} at {fault.start_s:.1f} s" for fault in result.faults])
