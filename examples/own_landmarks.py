"""Judge landmarks that another program has found: python examples/own_landmarks.py LANDMARKS.npz EXERCISE

The file holds `image` (frames, 33, 2) in pixels of the upright picture, x to the right and y down; `world`
(frames, 33, 3) in metres, x to the right, y down and z away from the camera; `visibility` (frames, 33) from
0 to 1; `fps`; and `size`, the width and height of the picture.
"""

import sys

import numpy as np

import posecoach
from posecoach.assessment.notes import sentences

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
for note in sentences(result.notes):
    print(note)
