"""The same small world for the engine and for the plain reference, drawn at random."""

from plain import TODAY, Calendar, House, Shelf, Way, Wish, World
from promising import Network, Replenishment, Request, Route, Site, Supply, Timeline, WorkDays

PRODUCTS = (1, 2, 3)


def draw_world(rng, perishable=True):
    """Return a world of one to three warehouses; nothing of it lies further out than 20 days."""
    houses = {at: _house(rng) for at in range(1, rng.choice((2, 3, 4)))}
    shelves = {
        (product, house): _shelf(rng, perishable)
        for product in PRODUCTS
        for house in houses
        if rng.random() < 0.85
    }
    return World(houses, shelves, {3} if rng.random() < 0.15 else set())


def _house(rng):
    return House(TODAY + rng.choice((-1, 0, 0, 1, 3)), rng.choice((0, 0, 1, 2)), draw_calendar(rng))


def _shelf(rng, perishable):
    def some(most, day, quantity):
        return [(TODAY + day(), quantity()) for _ in range(rng.randint(0, most))]

    return Shelf(
        free=rng.choice((-3, -1, 0, 0, 1, 2, 4, 8)),
        receipts=some(3, lambda: rng.randint(-2, 14), lambda: rng.randint(1, 6)),
        promised=some(3, lambda: rng.randint(-1, 14), lambda: rng.randint(1, 4)),
        expiring=some(2 * perishable, lambda: rng.randint(-1, 12), lambda: rng.randint(1, 5)),
        brought_from=rng.choice((None, None, TODAY + rng.randint(0, 18))),
        kept_back=rng.choice((0, 0, 0, 2)),
    )


def draw_calendar(rng):
    weekdays = rng.choice((range(7), range(5), (0,), (1, 3), (0, 2, 4), (4,)))
    off = [TODAY + rng.randint(0, 15) for _ in range(rng.choice((0, 0, 1, 3)))]
    return Calendar(frozenset(weekdays), frozenset(off))


def draw_wish(rng, world, kits=True, houses=None):
    needs = [(rng.choice(PRODUCTS), 1)]
    if kits and rng.random() < 0.3:
        needs = [(rng.choice(PRODUCTS), rng.randint(1, 3)) for _ in range(rng.randint(1, 3))]
    ways = list(houses or rng.sample(sorted(world.houses), rng.randint(1, len(world.houses))))
    return Wish(
        needs=needs,
        quantity=rng.randint(1, 9),
        ways={house: draw_way(rng) for house in ways},
        wanted=rng.choice((None, None, TODAY + rng.randint(-3, 16))),
        lead=rng.choice((0, 0, 0, 2)),
        split=rng.random() < 0.5,
        from_stock=rng.random() < 0.9,
        kept_back={place: shelf.kept_back for place, shelf in world.shelves.items()},
    )


def draw_way(rng):
    return Way(rng.choice((0, 1, 2, 4)), draw_calendar(rng), draw_calendar(rng))


# ------------------------------------------------------------
# FOR THE ENGINE
# ------------------------------------------------------------


def as_network(world):
    """Return the world as the engine wants it; receipts are known by place and number."""
    shelves = world.shelves.items()
    return Network(
        today=TODAY,
        sites={at: as_site(house) for at, house in world.houses.items()},
        timelines={place: as_timeline(place, shelf) for place, shelf in shelves},
        replenishments={
            place: Replenishment(shelf.brought_from, shelf.brought_from)
            for place, shelf in shelves
            if shelf.brought_from is not None
        },
        untracked=frozenset(world.endless),
    )


def as_site(house):
    return Site(house.release, as_workdays(house.calendar), house.handling)


def as_timeline(place, shelf):
    supplies = [
        Supply(day, quantity, ref=(place, at)) for at, (day, quantity) in enumerate(shelf.receipts)
    ]
    return Timeline(TODAY, shelf.free, supplies, shelf.promised, shelf.expiring)


def as_workdays(calendar):
    return WorkDays(calendar.weekdays, calendar.off)


def as_request(wish, key=None, priority=0):
    routes = {
        house: Route(way.transit, as_workdays(way.carrier), as_workdays(way.customer))
        for house, way in wish.ways.items()
    }
    return Request(
        key,
        tuple(wish.needs),
        wish.quantity,
        routes,
        wish.wanted,
        wish.lead,
        wish.split,
        priority,
        wish.from_stock,
        wish.kept_back,
    )
