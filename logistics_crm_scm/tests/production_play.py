"""Whether a workshop can keep its dates, whatever it decides: by a linear programme over days.

It knows nothing of order promising: what comes when, what leaves when, and what is made of what.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

LAST = 40  # days that are played


@dataclass
class Workshop:
    """Names of products, and days counted from today.

    Attributes
    ----------
    recipes : dict of str to (dict of str to float, int)
        What one of a product is made of, and in how many days.
    bought : dict of str to int
        From which day on a supplier brings any quantity of a product.
    changes : dict of (str, int) to float
        What comes (more than 0) or leaves on a day.
    orders : list of (str, float, int, int, dict of str to float)
        Manufacturing orders: product, quantity, days that they take, their planned end, and what
        they have to take yet.
    """

    recipes: dict
    bought: dict
    changes: dict = field(default_factory=lambda: defaultdict(float))
    orders: list = field(default_factory=list)

    def keeps_its_dates(self):
        """Tell whether there is a plan by which nothing leaves that is not there."""
        names = sorted({*self.recipes, *self.bought, *(name for name, _day in self.changes)})
        self._columns, self._bounds = {}, []
        self._rows = {(name, at): {} for name in names for at in range(LAST)}
        for name in names:
            for at in range(LAST):
                self._add(name, at, ("left", name, at), -1)
                if at:
                    self._add(name, at, ("left", name, at - 1), 1)
                if at >= self.bought.get(name, LAST):
                    self._add(name, at, ("bought", name, at), 1)
                self._make(name, at)
        most = [self._finish(number, *order) for number, order in enumerate(self.orders)]
        return self._is_feasible(most)

    def _add(self, name, at, column, factor):
        if column not in self._columns:
            self._columns[column] = len(self._columns)
        row = self._rows.setdefault((name, at), {})
        row[self._columns[column]] = row.get(self._columns[column], 0.0) + factor

    def _make(self, name, at):
        parts, lead = self.recipes.get(name, ({}, LAST))
        if at >= lead:
            self._add(name, at, ("made", name, at), 1)
            for part, amount in parts.items():
                self._add(part, at - lead, ("made", name, at), -amount)

    def _finish(self, number, name, quantity, lead, planned, takes):
        """Let an order be finished on its planned day or later; return its columns and quantity."""
        columns = []
        for at in range(max(lead, planned), LAST):
            column = ("finished", number, at)
            self._add(name, at, column, 1)
            columns.append(self._columns[column])
            for part, amount in takes.items():
                self._add(part, at - lead, column, -amount / quantity)
        return columns, quantity

    def _is_feasible(self, most):
        size = len(self._columns)
        equal, given = np.zeros((len(self._rows), size)), np.zeros(len(self._rows))
        for number, (place, row) in enumerate(self._rows.items()):
            equal[number, list(row)] = list(row.values())
            given[number] = -self.changes.get(place, 0.0)
        below, limits = np.zeros((len(most) + 1, size)), np.zeros(len(most) + 1)
        for number, (columns, quantity) in enumerate(most):
            below[number, columns], limits[number] = 1.0, quantity
        return linprog(np.zeros(size), below, limits, equal, given).status == 0
