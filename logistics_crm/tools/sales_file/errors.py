class ReadError(Exception):
    """A file, or a part of it, that cannot be read.

    Parameters
    ----------
    code : str
        Names the reason; the caller has the sentence for it.
    **params
        What the sentence mentions (positions, names, limits).
    """

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self):
        return f"{self.code} {self.params}" if self.params else self.code
