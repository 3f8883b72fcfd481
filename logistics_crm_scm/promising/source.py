"""What one product of a request can be taken from in one warehouse."""

import math

from .load import Load
from .structures import Component, Part, QuantityBreaks
from .timeline import enough, slack

BEGUN = 1e-6  # of a working day: enough to have begun


class Source:
    """Stock, receipts, production from components, and whoever brings more, of one product.

    Production takes its components from sources of their own, and so on down to what is bought. A
    component that a request needs twice, in two places of its tree, counts on stock in one of them
    only: so nothing is counted twice.

    Parameters
    ----------
    need : (int, float)
        Product, and how much of it one unit of the request takes.
    network : Network
    warehouse : int
    request : Request, optional
        Whose stock that is set aside, and whether it may come from stock.
    taken : set of int
        Products whose stock is spoken for; grows by the components.
    stocked : bool
        Whether it may come from stock and receipts.
    size : float, optional
        How many units of the request are asked for, which decides how long making them takes;
        those of the request when None.
    whole : bool
        Whether all of them are to be made, whatever there is.
    load : dict of int to float, optional
        The working days that the rest of the request takes of work centres; what this takes is
        added. Nothing when None.
    least : float, optional
        How many units may be asked for here at least, which decides with `size` whom they are
        bought from; all of them when None.

    Attributes
    ----------
    has_breaks : bool
        Whether that decides, of the product itself or of what it is made of.
    """

    def __init__(
        self,
        need,
        network,
        warehouse,
        request=None,
        taken=None,
        stocked=True,
        size=None,
        load=None,
        whole=False,
        least=None,
    ):
        product, self.factor = need
        self.place = (product, warehouse)
        self.today = network.today
        self.endless = product in network.untracked
        own = stocked and (request is None or _may_take_stock(request, product))
        self.timelines = network.timelines if own else {}
        self.kept_back = request.kept_back.get(self.place, 0.0) if request else 0.0
        size = getattr(request, "quantity", 0.0) if size is None else size
        self._asked, self._whole = size * self.factor, whole
        self._least = self._asked if least is None else least * self.factor
        self.has_breaks = False
        self.replenishment = self._find_replenishment(network.replenishments.get(self.place))
        self.recipe = network.recipes.get(self.place) if stocked else None
        self._network, self._load, self._jobs = network, network.load, []
        self.parts = []
        if self.recipe:
            load = {} if load is None else load
            taken = {product} if taken is None else taken
            if self._is_bought_sooner():
                self.recipe = None
                return
            size = self._get_size(self.today) / self.factor
            self.parts = self._components(network, request, taken, size, load)
            self._plan_jobs(size * self.factor, load)

    def _find_replenishment(self, found):
        """Return who brings what is not there, however much of it that may turn out to be."""
        if not isinstance(found, QuantityBreaks):
            return found
        self.has_breaks = True
        least, steps = self._get_least_lacking(), [one for _least, one in found.steps]
        return next(
            one
            for one in sorted(steps, key=lambda one: one.day)  # the last one is late for nobody
            if all(
                other.day <= one.day for other in found.pick_between(least, self._get_size(one.day))
            )
        )

    def _get_least_lacking(self):
        """Return how much is to be brought at least, whatever is there by then."""
        timeline = self.timeline
        if not timeline or self._whole:
            return self._least
        return max(0.0, self._least - max(map(self.existing, timeline.days()), default=0.0))

    def _get_size(self, day):
        """Return how much has to be made of what is asked for on `day`."""
        existing = 0.0 if self._whole else self.existing(day)
        return max(0.0, self._asked - existing)

    def _get_sizes(self):
        """Return how much may have to be made, by what there is on which day."""
        sizes, timeline = {self._get_size(self.today)}, self.timeline
        if self._jobs and timeline and not self._whole:
            sizes.update(self._get_size(day) for day in timeline.days())
        return sizes

    def _is_bought_sooner(self):
        """Tell whether a supplier brings it before it could be made of components that are here.

        Then nobody makes it, and the work centres have time for the rest of the request.
        """
        bring, recipe = self.replenishment, self.recipe
        if not bring or bring.source == "production":
            return False
        done = recipe.finish(recipe.first)
        for center, pace, fixed in recipe.steps:
            work = fixed + pace * self._get_size(bring.day)
            end = self._network.load.finish(center, recipe.first, work, recipe.workdays)
            if end is None or done is None:
                return True
            done = max(done, end)
        return done is None or bring.day <= done

    def _plan_jobs(self, quantity, load):
        """Note each operation with the days of the same request before it, and add to these."""
        for center, pace, fixed in self.recipe.steps:
            before = load.get(center, 0.0)
            self._jobs.append((center, pace, fixed, before))
            load[center] = before + fixed + pace * quantity
        if self._jobs:  # as it is before anything of this request is booked
            self._load = self._network.load.fork()

    def _get_jobs(self, quantity):
        """Return (work centre, working days, days before) of making a quantity, in order."""
        return [
            (center, fixed + pace * quantity, before) for center, pace, fixed, before in self._jobs
        ]

    def _components(self, network, request, taken, size, load):
        kept = request and Stocked(request.kept_back)
        parts = []
        least = self._get_least_lacking() / self.factor
        for product, amount in self.recipe.needs:
            free = product not in taken
            taken.add(product)
            need = (product, amount * self.factor)
            parts.append(
                Source(need, network, self.place[1], kept, taken, free, size, load, least=least)
            )
        self.has_breaks |= any(part.has_breaks for part in parts)
        return parts

    # ------------------------------------------------------------
    # HOW MUCH
    # ------------------------------------------------------------

    @property
    def timeline(self):
        """Return what there is and will be, None where there is none; made when asked for."""
        return self.timelines.get(self.place)

    def existing(self, day):
        """Return what can be picked on `day` without new procurement."""
        timeline = self.timeline
        return timeline.available(day, self.kept_back) if timeline else 0.0

    def unlimited(self, day):
        """Tell whether any quantity can be picked on `day`."""
        return self.endless or (self.replenishment and self.replenishment.day <= day)

    def makes(self, day):
        """Return how many units of the request can be made until `day`."""
        start = self._start(day) if self.recipe else None
        if start is None:
            return 0.0
        return min((part.units(start) for part in self.parts), default=math.inf)

    def covers(self, units, day):
        """Tell whether so many units of the request can be picked on `day`."""
        if self.unlimited(day) or enough(self.existing(day), units * self.factor):
            return True
        return bool(self.recipe) and enough(self.units(day), units)

    def units(self, day):
        """Return how many units of the request can be picked on `day`."""
        if self.unlimited(day):
            return math.inf
        return self.existing(day) / self.factor + self.makes(day)

    def days(self):
        """Return the days on which more becomes available."""
        timeline = self.timeline
        days = timeline.days() if timeline else []
        if self.replenishment:
            days = [*days, self.replenishment.day]
        return [*days, *self.finished()] if self.recipe else days

    def finished(self):
        """Return the days on which production could be finished, by what its components are."""
        if not self.recipe:
            return []
        days = {self.recipe.first, *(day for part in self.parts for day in part.days())}
        found = {self._finish(day, size) for day in days for size in self._get_sizes()}
        return sorted(found - {None})

    def _finish(self, day, quantity):
        """Return when a quantity is finished whose components are there on `day`, or None."""
        recipe, ends = self.recipe, [self.recipe.finish(day)]
        at, gone = max(day, recipe.first), 0.0
        for number, (center, work, before) in enumerate(self._get_jobs(quantity)):
            if not number:
                at = self._load.next_free(center, at, recipe.workdays)
                ends.append(None if at is None else recipe.finish(at))
            at, gone = self._run(self._load, center, at, gone, work)
            if at is None or None in ends:
                return None
            ends.append(at)
            if before:
                ends.append(self._finish_behind(center, work, before))
        return None if None in ends else max(ends)

    def _run(self, load, center, day, gone, work):
        """Return the day on which an operation is done, and the share of it that has gone."""
        if day is None:
            return None, 0.0
        if len(self._jobs) > 1:
            return load.run(center, day, gone, work, self.recipe.workdays)
        return load.finish(center, day, work, self.recipe.workdays), 0.0

    def _finish_behind(self, center, work, before):
        """Return when it is finished behind other work of the same request, or None."""
        recipe = self.recipe
        whole = self._load.finish(center, recipe.first, before + work, recipe.workdays)
        begin = self._load.finish(center, recipe.first, before + BEGUN, recipe.workdays)
        end = None if begin is None else recipe.finish(begin)
        return None if whole is None or end is None else max(whole, end)

    def _start(self, day):
        """Return the last day on which to begin for it to be finished on `day`, or None."""
        recipe, starts, at, left = self.recipe, [self.recipe.start(day)], day, 1.0
        jobs = enumerate(self._get_jobs(self._get_size(day)))
        for number, (center, work, before) in reversed(list(jobs)):
            if len(self._jobs) > 1:
                at, left = self._load.run_back(center, at, left, work, recipe.workdays)
            else:
                at = self._load.start(center, at, work, recipe.workdays)
            if before:
                end = self._finish_behind(center, work, before)
                at = None if end is None or end > day else at
            if at is None or starts[0] is None:
                return None
            if not number:
                at = self._load.last_free(center, min(at, starts[0]), recipe.workdays)
                starts.append(at)
        return None if None in starts or min(starts) < recipe.first else min(starts)

    def _get_busy(self, day):
        """Return the work centre that is busy for others until `day`, None where none decides."""
        start = self.recipe.first
        idle, free, real = Load(), (start, 0.0), (start, 0.0)
        for center, work, before in self._get_jobs(self._get_size(day)):
            free = self._run(idle, center, *free, before + work)
            real = self._run(self._load, center, *real, before + work)
            soonest = max(free[0] or 0, self.recipe.finish(start) or 0)
            if soonest < min(real[0] or day, day):
                return center
        return None

    def expiries(self):
        """Return the last days on which some of the stock may be picked."""
        timeline = self.timeline
        return timeline.expiries() if timeline else ()

    def ready(self, units, start):
        """Return the first day from `start` on to which so many units can be made, or None."""
        days = sorted({start, *(day for day in self.finished() if day > start)})
        return next((day for day in days if enough(self.makes(day), units)), None)

    # ------------------------------------------------------------
    # TAKE
    # ------------------------------------------------------------

    def take(self, units, day, shipment=None, within=None):
        """Take units out of what exists, the rest from production or whoever brings it.

        Parameters
        ----------
        units : float
            Of the request.
        day : int
            On which they are picked.
        shipment : Shipment, optional
            What they leave with: its parts tell what they are.
        within : Shipment, optional
            What leaves with something that is made of them: its components tell what they are.
        """
        quantity = units * self.factor
        if self.endless:
            self._note(shipment, "untracked", quantity, self.today)
            return
        existing = max(0.0, min(quantity, self.existing(day)))
        rest = quantity - existing
        made = rest if rest > slack(quantity) and enough(self.makes(day), rest / self.factor) else 0
        if existing > slack(0):
            self.timeline.take(existing, day, shipment)
        if within is not None:
            within.components.append(Component(*self.place, quantity, existing, made))
        if made:
            self.make(rest / self.factor, day, shipment, within)
        elif rest > slack(quantity):
            bring = self.replenishment
            self._note(shipment, bring.source, rest, bring.day, bring.likely, bring.ref)

    def make(self, units, day, shipment=None, within=None):
        """Take the components of so many units that are finished on `day`; return the reference."""
        self._asked, self._whole = units * self.factor, True
        soonest = min(day, self.ready(units, self.today) or day)
        late = self._decisive(units, soonest)
        busy = None if late else self._get_busy(soonest)
        ref = self.recipe.ref and self.recipe.ref(soonest, late, busy)
        start = at = self._start(day)
        gone = 0.0
        for center, pace, fixed in self.recipe.steps:
            work = fixed + pace * units * self.factor
            at, gone = self._run(self._load, center, at, gone, work)
            days = self.recipe.first, min(day, at or day)
            self._network.load.book(center, *days, work, self.recipe.workdays)
        for part in self.parts:
            part.take(units, start, within=within if shipment is None else shipment)
        self._note(shipment, "production", units * self.factor, soonest, soonest, ref)
        return ref

    def _decisive(self, units, day):
        """Return the component that came last, None where all were there at the beginning."""
        start = self._start(day)
        late = [part for part in self.parts if not enough(part.units(start - 1), units)]
        return late[0].place[0] if late and start > self.recipe.first else None

    def scarcest(self, day):
        """Return (product, its own scarcest component, ...) down to what is lacking on `day`."""
        start = self._start(day) if self.parts else None
        if start is None:
            return (self.place[0],)
        least = min(self.parts, key=lambda part: part.units(start))
        return (self.place[0], *least.scarcest(start))

    def _note(self, shipment, source, quantity, day, likely=None, ref=None):
        if shipment is not None:
            day = max(self.today, day)
            likely = max(self.today, min(likely or day, day))
            shipment.parts.append(Part(source, *self.place, quantity, day, likely, ref))


def _may_take_stock(request, product):
    return request.from_stock and product not in request.to_order


class Stocked:
    """What counts for components: stock does, also of what is made for the order alone."""

    from_stock, to_order = True, frozenset()

    def __init__(self, kept_back):
        self.kept_back = kept_back
