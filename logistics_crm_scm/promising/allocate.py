"""Promise requests one after the other, each from what the ones before have left.

Requests of the same priority are served by size, the smallest first, whatever order they come in.
So more requests are served in full, and nobody gains by asking first within a call.

More supply makes the promise for a single request never later, but where production is promised
already: what is booked for that may then take other components, or be finished another day (8 of
5,000 small random worlds). For several requests of equal priority that holds where each needs one
product from one and the same warehouse and nothing expires: a smaller request that moves to an
earlier day moves to one on which the larger ones behind it could not have been served anyway. It
cannot hold in general. Where requests may choose between warehouses, need several products, or
stock expires, more supply may let a small request take, sooner than before, what a larger one then
lacks.
"""

from heapq import merge
from itertools import groupby

from .option import Option
from .structures import Answer, Network, Part
from .timeline import slack


def promise(requests, network: Network):
    """Promise each request.

    Parameters
    ----------
    requests : list of Request
        In any order.
    network : Network
        Changed by it: its timelines are what is left afterwards.

    Returns
    -------
    list of Answer
        In the order of `requests`.
    """
    answers, shipped = [None] * len(requests), []
    for at in sorted(range(len(requests)), key=lambda at: _rank(requests[at])):
        answers[at] = _answer(requests[at], network, shipped)
    _name_parts(network, shipped)
    for option, shipment in shipped:
        shipment.likely = option.likely(shipment)
    for answer in answers:
        if answer.day is not None:
            answer.likely = max(shipment.likely for shipment in answer.shipments)
    return answers


def _rank(request):
    """Return what decides who is first; keys only between requests that are alike otherwise."""
    size = (request.priority, request.quantity, request.wanted or 0, request.needs)
    ways = [
        (warehouse, route.transit, route.carrier.shape, route.customer.shape)
        for warehouse, route in request.routes.items()
    ]
    stocked = request.from_stock and not request.to_order
    return (*size, request.lead, request.split, stocked, ways, str(request.key))


def _answer(request, network, shipped):
    if not request.routes:
        return Answer(request.key, missing=request.quantity, why="no_warehouse")
    needs, network = _needs(request), network.follow(request.ways)
    options = [Option(request, needs, network, warehouse) for warehouse in request.routes]
    apart = options
    if any(option.has_breaks for option in options):  # a part may be too little for a supplier
        apart = [Option(request, needs, network, warehouse, 0.0) for warehouse in request.routes]
    choices = _choose(request.quantity, options, apart, request.split)
    if choices:
        shipments = _ship(choices, shipped)
        return Answer(request.key, max(shipment.day for shipment in shipments), None, shipments)
    return _uncovered(request, apart, shipped)


def _needs(request):
    """Return each product once: a kit may name one twice, or with nothing of it."""
    needs = {}
    for product, factor in request.needs:
        needs[product] = needs.get(product, 0.0) + factor
    return [(product, factor) for product, factor in needs.items() if factor > 0]


def _choose(quantity, options, apart, split):
    """Return the options, quantities and plans that deliver everything first, or None.

    `apart` are the options of which each may deliver any part of it.
    """
    option = plan = None
    for other in options:
        found = other.plan(quantity) if _may_beat(other, plan) else None
        if found and (plan is None or found.day < plan.day):
            option, plan = other, found
    several = None
    rest = [other for other in options if other is not option and _may_beat(other, plan)]
    if split and rest and len(options) > 1:
        several = _split(quantity, apart, plan.day if plan else None)
    return several or (plan and [(option, quantity, plan)])


def _may_beat(option, plan):
    """Tell whether something from here could be delivered before a plan; else nobody looks."""
    return not option.why and (plan is None or option.soonest < plan.day)


def _split(quantity, options, bound):
    """Return the choices that deliver everything from several warehouses before `bound`."""
    best = {}
    plans = merge(*map(_numbered, range(len(options)), options), key=lambda found: found[1].day)
    # pylint: disable-next=bad-builtin-groupby
    for day, found in groupby(plans, key=lambda found: found[1].day):  # sorted by `merge`
        if bound is not None and day >= bound:
            return None
        for at, plan in found:
            units = options[at].units(plan.ship_day)
            if at not in best or units > best[at][0]:
                best[at] = units, plan
        choices, rest = [], quantity
        for at in sorted(best):
            units = min(rest, best[at][0])
            if units > slack(0):
                choices.append((options[at], units, best[at][1]))
                rest -= units
        if rest <= slack(quantity):
            return choices
    return None


def _numbered(at, option):
    return ((at, plan) for plan in option.plans())


def _uncovered(request, options, shipped):
    """Say what can be delivered of a request that cannot be covered as a whole."""
    if all(option.why for option in options):
        return Answer(request.key, missing=request.quantity, why=options[0].why)
    found = [(option, *option.most(request.quantity)) for option in options]
    found = [choice for choice in found if choice[2]]
    if not request.split and found:
        found = [max(found, key=lambda choice: (choice[1], -choice[2].day))]
    choices, rest = [], request.quantity
    for option, units, plan in found:
        choices.append((option, units, plan))
        rest -= units
    lacking = frozenset().union(*(option.lacking(request.quantity) for option in options))
    shipments = _ship(choices, shipped)
    return Answer(request.key, None, None, shipments, rest, "no_source", lacking)


def _ship(choices, shipped):
    pairs = [(option, option.ship(units, plan)) for option, units, plan in choices]
    shipped.extend(pairs)
    return [shipment for _option, shipment in pairs]


def _name_parts(network, shipped):
    """Tell each shipment which stock and receipts it is made of, once all is promised."""
    places = {source.place for option, _shipment in shipped for source in option.sources}
    ours = {id(shipment) for _option, shipment in shipped}
    for place in sorted(places & network.timelines.keys()):
        parts = {}  # what is alike, as of several lots in stock, is one part
        for shipment, lot, quantity in network.timelines[place].sources():
            if id(shipment) in ours:
                alike = id(shipment), lot.source, lot.day, lot.likely, lot.ref
                _shipment, before = parts.get(alike, (None, 0.0))
                parts[alike] = shipment, before + quantity
        for (_id, source, day, likely, ref), (shipment, quantity) in parts.items():
            shipment.parts.append(Part(source, *place, quantity, day, likely, ref))
