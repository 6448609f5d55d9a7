"""Score the clips of a folder, each for the exercise it shows, as a table in CSV:

python examples/folder_to_table.py FOLDER > table.csv
"""

import csv
import sys
from pathlib import Path

import posecoach

table = csv.writer(sys.stdout)
table.writerow(["clip", "exercise", "verdict", "score", "repetitions", "faults"])
for clip in sorted(Path(sys.argv[1]).glob("*.mp4")):
    try:
        found = posecoach.check(clip)
    except posecoach.PosecoachError as error:
        print(error, file=sys.stderr)
        continue
    faults = " ".join(fault.name for fault in found.faults)
    table.writerow([clip.name, found.exercise, found.verdict, found.score, found.reps, faults])
