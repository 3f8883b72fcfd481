"""What will become of a promise, as things stand."""

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Outlook:
    """When a promise will be delivered.

    Attributes
    ----------
    line : logistics.promise.line
        The promise.
    number : int
        Of its demand in the scene.
    pieces : list of promising.Piece
        What it is made of now.
    left : int or None
        Day on which the last of it left the house; None while something is still there.
    expected : int or None
        Day of delivery as it is planned now; None where something is covered by nothing.
    earliest : int or None
        Day of delivery if everything left as soon as it is there.
    last : promising.Piece or None
        What it waits for.
    units : float
        What was promised, in the product's unit.
    gone : float
        What of it left the house, in the product's unit; of kits, whole sets.
    over : bool
        Whether nothing but what left will be delivered.
    waits : bool
        Whether it is there, and leaves with others of its order that are not.
    transfers : set of int
        Those that leave all at once, which something of it is in.
    soonest : int
        The earliest day that could be offered, with what it leaves with; `NEVER` without one.
    kept : bool
        Whether an earlier date might take what is set aside for other customers.
    ways : dict of int to int
        By piece: the number of its way in the scene, where its transfer goes another one.
    dated : tuple or None
        Why it was dated anew and the document, where its way became known just now.
    """

    line: Any
    number: int
    pieces: list = field(default_factory=list)
    left: int | None = None
    expected: int | None = None
    earliest: int | None = None
    last: Any = None
    units: float = 0.0
    gone: float = math.inf
    over: bool = False
    waits: bool = False
    transfers: set = field(default_factory=set)
    soonest: int = 0
    kept: bool = False
    ways: dict = field(default_factory=dict)
    dated: tuple | None = None

    def get_way(self, piece):
        """Return the number of a piece's way in the scene."""
        return self.ways.get(piece.key, self.number)

    def end(self):
        """Let nothing count but what left."""
        self.over = True
        self.pieces = [piece for piece in self.pieces if piece.source == "left"]
