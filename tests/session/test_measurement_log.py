from posecoach.session.measurement_log import ANGLES, MeasurementLog


def test_the_four_angles_always_have_columns_and_unseen_values_are_empty() -> None:
    track = MeasurementLog()
    track.add(0.0, "rest", {"hip_flexion_left": 12.34567})
    track.add(1 / 12, "hold", {"hip_flexion_left": None, "trunk_rotation": -3.0})
    track.add(1 / 6, "hold", {})
    assert track.as_csv().splitlines() == [
        "t_s,phase," + ",".join(ANGLES) + ",trunk_rotation",
        "0.000,rest,12.346,,,,",
        "0.083,hold,,,,,-3.000",
        "0.167,hold,,,,,",
    ]
