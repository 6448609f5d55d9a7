"""Coach a hold in front of a camera, or a video, and print what the coach says:

python examples/camera_loop.py 0
"""

import sys

import posecoach
from posecoach.coaching.plan import Routine, Step

routine = Routine("One hold", (Step("knee_to_chest", side="left", hold_s=10),))
coach = posecoach.Coach(routine)
try:
    with posecoach.open_source(sys.argv[1]) as source, posecoach.Tracker() as tracker:
        tracker.settle(source.preview())
        for frame in source:
            seen = tracker.track(frame)
            for event in coach.update(seen.pose, seen.t_s).events:
                if event.text:
                    print(f"{event.t_s:5.1f} s  {event.text}")
            if coach.finished:
                break
except posecoach.PosecoachError as error:  # no camera, or one that went away
    sys.exit(str(error))
for result in coach.finish():
    print(result.exercise, result.verdict, result.score)
