"""What tasks that run one after the other need not read twice."""


class SharedFrame:
    """The frame that was read last, for tasks that run one after the other on the same data."""

    def __init__(self):
        self._key = self._frame = None

    def get(self, key, read):
        """Return the frame of a key, reading it if it is not the last one."""
        if self._key != key:
            self._key = self._frame = None  # before reading: never two of them in memory
            self._frame = read()
            self._key = key
        return self._frame.copy(deep=False)
