"""How soon a call has to end once it is told to."""

LIMIT = 0.1  # seconds; asked for in the deep tests alone, which have the machine for themselves
SLOW = 10.0  # seconds; what is longer is no matter of how busy a machine is


def assert_prompt(delays, *, quiet=False):
    """No delay is out of proportion; on a quiet machine 99 in 100 (of fewer, all but one) are within the limit."""
    assert max(delays) < SLOW, delays
    if quiet:
        late = [delay for delay in delays if delay > LIMIT]
        assert len(late) <= max(1, len(delays) // 100), late
