"""Requests in flight: at any time as many as a count of their intervals gives."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lanes import examples

from astrai_slides.serving.sim.in_flight import in_flight
from astrai_slides.serving.sim.measured.model import MeasuredRequest

TIMES = st.integers(0, 20)


@settings(max_examples=examples(200))
@given(
    st.lists(st.tuples(st.integers(-10, 30), TIMES, TIMES, TIMES, st.booleans()), max_size=12),
    st.integers(1, 25),
)
def test_it_counts_intervals(requests: list[tuple[int, int, int, int, bool]], duration: int) -> None:
    given_ = [
        (
            float(sent),
            MeasuredRequest(1, 1, float(sent), wait + prefill, wait + prefill + decode, (), wait if apart else None),
        )
        for sent, wait, prefill, decode, apart in requests
    ]
    load = in_flight(given_, float(duration))
    assert [step.time for step in load.steps] == sorted({step.time for step in load.steps})
    for tick in range(2 * duration):
        now = tick / 2
        step = [each for each in load.steps if each.time <= now][-1]
        waiting = prefilling = decoding = 0
        for sent, request in given_:
            first = sent + request.first_token
            begun = first if request.waited is None else sent + request.waited
            waiting += sent <= now < begun
            prefilling += begun <= now < first
            decoding += first <= now < sent + request.end
        assert (step.waiting, step.prefill, step.decoding) == (waiting, prefilling, decoding)
    assert load.peak == max(step.all for step in load.steps)
