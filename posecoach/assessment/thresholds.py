"""The times and distances that every exercise is judged by; an exercise's own limits are its data."""

#: Seconds that a change has to last before a position has begun or ended.
ENTER_S = 0.25
#: Seconds without a value after which what was going on is over.
GAP_S = 0.6
#: Seconds that a value has to stay beyond its limit to be a fault.
FAULT_S = 0.7
#: Seconds after entry at which a final shape is judged at the latest, whether or not the move in has settled.
SETTLE_S = 3.0
#: Seconds without getting deeper after which an attempt is as deep as it gets.
PLATEAU_S = 2.0
#: Torso lengths that a heel rises before the foot counts as off the bed.
OFF_BED = 0.12
#: Seconds between two frames from which what happened between them is unseen.
SPARSE_S = 0.35
#: Share of frames (or of time in position) in which the body has to be seen to be judged.
SEEN_SHARE = 0.5
