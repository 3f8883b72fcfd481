"""One thread for many small steps: several would wait for each other longer than they work."""

from threadpoolctl import threadpool_limits


def one_thread():
    """Return a context in which BLAS and OpenMP work with one thread.

    Searches over a few parameters and clusterings of a few thousand rows call them thousands of
    times. On a machine whose cores are busy, each call would wait for a core: measured eight times
    longer. What is computed is the same.
    """
    return threadpool_limits(1)
