"""Score one clip: python examples/score_a_clip.py CLIP EXERCISE"""

import sys

import posecoach

result = posecoach.check(sys.argv[1], sys.argv[2])
print(result.verdict, result.score, [fault.name for fault in result.faults])
