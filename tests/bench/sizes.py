"""How large a benchmark is: `BENCH_SIZE=0.01` makes all of them a hundred times smaller."""

import os

SIZE = float(os.environ.get("BENCH_SIZE", "1"))


def scaled(count, at_least=1):
    """Return a number of records at the size that is asked for."""
    return max(at_least, int(SIZE * count))
