"""What production makes of the components that there are, for promises that wait for it."""

import math

from .pegging import NEVER, TOLERANCE
from .source import Source
from .structures import Replenishment


def make_endless(network):
    """Add to the replenishments from when on production can make any quantity.

    That is once all components can be brought in any quantity, where no work centre takes its time
    for each unit. A supplier who is sooner stays.
    """
    for place, recipe in network.recipes.items():
        if recipe.centers:
            continue
        product, warehouse = place
        source = Source((product, 1.0), network, warehouse)
        day = next((day for day in source.finished() if source.makes(day) == math.inf), None)
        bought = network.replenishments.get(place)
        if day is not None and (bought is None or day < bought.day):
            ref = recipe.ref and recipe.ref(day, None, None)
            network.replenishments[place] = Replenishment(day, day, "production", ref)


def book(network):
    """Take the components of what is promised already and only production will cover.

    So they are not promised to anybody else. What nothing can cover takes nothing.
    """
    for place in sorted(network.recipes.keys() & network.timelines.keys()):
        for day, quantity in list(network.timelines[place].uncovered()):
            Making(network, place).bring(quantity, day, day)


class Making:
    """Production of one product in one warehouse, for pegging: it uses up the components.

    Parameters
    ----------
    network : Network
        Changed by it.
    place : (int, int)
        Product and warehouse.

    """

    def __init__(self, network, place):
        product, self._warehouse = place
        self._network = network
        self._need = (product, 1.0)
        self._other = network.replenishments.get(place)

    def soonest(self, quantity, today):
        """Return the day on which a quantity could be made or bought, NEVER where it cannot be."""
        if quantity <= TOLERANCE:
            return today
        source = Source(self._need, self._network, self._warehouse, size=quantity)
        made = source.ready(quantity, today)
        bought = self._other.day if self._other else NEVER
        return bought if made is None else min(made, bought)

    def bring(self, quantity, today, planned=0):
        """Return the source, the day and the reference of a quantity; no day where none can.

        It is there on that day at the earliest, and made for the day that is planned.
        """
        source = Source(self._need, self._network, self._warehouse, size=quantity)
        day = source.ready(quantity, today)
        other = self._other and self._other.bring(quantity, today)
        if day is None or (other and other[0] != "production" and other[1] < day):
            return other or ("none", None, None)
        due = source.ready(quantity, planned) if planned > day else day
        return "production", day, source.make(quantity, due or day)
