import pytest
from synthetic import CROOK, STRAIGHT, film, repeat
from posecoach.coach import Coach
from posecoach.routine import Routine, Step
from posecoach import phrases
@pytest.mark.parametrize("enter",[45,53,70])
@pytest.mark.parametrize("rest",[CROOK, CROOK.but(hip_left=62,hip_right=62,knee_left=115,knee_right=115), STRAIGHT])
def test_ham(enter, rest):
    coach=Coach(Routine(title="x",steps=(Step(exercise="hamstring",side="left",hold_s=2,limits={"enter":enter,"leg_too_low":enter-10}),)))
    kinds=[]
    for s in film(rest, repeat(rest, STRAIGHT.but(hip_left=85,knee_left=15, hip_right=rest.hip_right, knee_right=rest.knee_right), 3,1,2), 8):
        kinds+=[e.kind for e in coach.update(s.pose,s.t_s).events]
    print(kinds); assert "step_done" in kinds
    (r,)=coach.finish(); assert (r.verdict,r.reps)==("good",1)
def test_fetal():
    on=CROOK.but(hip_left=20,hip_right=20,knee_left=30,knee_right=30)
    coach=Coach(Routine(title="x",steps=(Step(exercise="fetal",side="right",hold_s=2),)))
    views=[coach.update(s.pose,s.t_s) for s in film(on,[(8,on)],8,posture="left_side")]
    assert phrases.LIE["right_side"] in {v.instruction for v in views}
    ev=[e for v in views for e in v.events]; print([e.text for e in ev])
    assert not any("{" in e.text for e in ev); assert "ready" not in {e.kind for e in ev}
