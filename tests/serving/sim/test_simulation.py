import json

import pytest

from astrai_slides.serving.sim import DecodeRule, Options, TurnCost
from astrai_slides.serving.sim.simulation import simulate


def test_both_policies_for_each_slot_count_in_order() -> None:
    one, three = simulate([2, 7, 3, 4, 2], Options(1), (1, 3))
    assert (one.slots, one.static.turns, one.continuous.turns, one.speedup) == (1, 18, 18, 1.0)
    assert (three.slots, three.static.turns, three.continuous.turns) == (3, 11, 7)
    assert three.speedup == pytest.approx(11 / 7)


def test_the_report_is_plain_json() -> None:
    options = Options(1, cost=TurnCost.of_milliseconds(20, prompt_token=0.5), decode_rule=DecodeRule.EVERY_GROUP)
    report = json.loads(json.dumps(simulate([2, 7, 3], options, (2,), prompt_tokens=[5, 5, 9])[0].as_dict()))
    assert (report["requests"], report["slots"]) == (3, 2)
    assert report["harmonic_number"] == 1.5
    assert report["static"]["time_unit"] == "s"
    assert report["occupancy"]["continuous"] == report["continuous"]["occupancy"]
    assert set(report["static"]["latency"]) == {"mean", "p50", "p90", "p99"}
