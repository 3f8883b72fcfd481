"""Who is to leave first is served first, and what has left counts before all else."""

from promising import Need, Piece, Replenishment, Site, Supply, WorkDays, peg, share, ship_day

TODAY = 739677  # a Monday


def covered(pieces):
    return [(one.key, one.source, one.quantity, one.day and one.day - TODAY) for one in pieces]


def test_the_first_to_leave_gets_what_is_free_and_the_next_waits():
    needs = [Need("late", TODAY + 3, 4), Need("soon", TODAY, 4)]
    pieces = peg(needs, TODAY, free=5, supplies=[Supply(TODAY + 2, 9)])
    assert covered(pieces) == [
        ("soon", "stock", 4, 0),
        ("late", "stock", 1, 0),
        ("late", "receipt", 3, 2),
    ]


def test_what_nothing_brings_has_no_day():
    assert covered(peg([Need("a", TODAY, 3)], TODAY, free=1)) == [
        ("a", "stock", 1, 0),
        ("a", "none", 2, None),
    ]


def test_a_replenishment_covers_the_rest():
    source = Replenishment(TODAY + 7, TODAY + 7)
    pieces = peg([Need("a", TODAY, 3)], TODAY, replenishment=source)
    assert covered(pieces) == [("a", "supplier", 3, 7)]


def test_nobody_waits_longer_for_a_receipt_than_for_what_could_be_brought():
    source = Replenishment(TODAY + 7, TODAY + 7)
    supplies = [Supply(TODAY + 5, 2), Supply(TODAY + 9, 9)]
    needs = [Need("soon", TODAY + 7, 3), Need("late", TODAY + 9, 3)]
    pieces = peg(needs, TODAY, supplies=supplies, replenishment=source)
    assert covered(pieces) == [
        ("soon", "receipt", 2, 5),
        ("soon", "supplier", 1, 7),
        ("late", "receipt", 3, 9),
    ]


def test_the_first_receipt_makes_up_for_what_left_beyond_stock():
    supplies = [Supply(TODAY + 1, 5), Supply(TODAY + 4, 5)]
    pieces = peg([Need("a", TODAY, 3)], TODAY, free=-4, supplies=supplies)
    assert covered(pieces) == [("a", "receipt", 1, 1), ("a", "receipt", 2, 4)]


def test_stock_that_expires_before_the_day_is_not_for_it():
    pieces = peg([Need("a", TODAY + 3, 2)], TODAY, perishable=[(TODAY + 1, 5), (TODAY + 9, 1)])
    assert covered(pieces) == [("a", "stock", 1, 0), ("a", "none", 1, None)]


def test_older_promises_get_what_left_first():
    pieces = [Piece("m", "receipt", 4, TODAY + 5), Piece("m", "left", 5, TODAY)]
    older, newer, unmet = share(pieces, [5, 4, 1])
    assert [one.source for one in older] == ["left"]
    assert [one.source for one in newer] == ["receipt"]
    assert [(one.source, one.day) for one in unmet] == [("none", None)]


def test_what_left_before_it_was_promised_is_nobodys():
    pieces = [Piece("m", "receipt", 2, TODAY + 5), Piece("m", "left", 5, TODAY)]
    older, newer = share(pieces, [3, 2], 2)
    assert [(one.source, one.quantity) for one in older] == [("left", 3)]
    assert [(one.source, one.quantity) for one in newer] == [("receipt", 2)]


def test_what_is_rounded_in_another_unit_takes_what_left_and_nothing_else():
    for left in (5, 7):
        wanted = [round(left / 12, 2) * 12, 24 - round(left / 12, 2) * 12]
        pieces = [Piece("m", "stock", wanted[1], TODAY), Piece("n", "left", left, TODAY)]
        older, newer = share(pieces, wanted, rounding=[0.06, 0])
        assert [(one.source, one.quantity) for one in older] == [("left", left)]
        assert [(one.source, one.quantity) for one in newer] == [("stock", wanted[1])]
    rest, newer = share([Piece("n", "left", 5, TODAY)], [3, 2], rounding=[0.06, 0])
    assert [rest[0].quantity, newer[0].quantity] == [3, 2]


def test_it_leaves_on_a_working_day_as_planned_or_as_soon_as_it_is_there():
    site = Site(TODAY, WorkDays(range(5)), handling=1)
    piece = Piece("m", "stock", 1, TODAY, planned=TODAY + 4)
    assert ship_day(piece, site, TODAY) == TODAY + 7  # Saturday becomes Monday
    assert ship_day(piece, site, TODAY, as_planned=False) == TODAY + 1
    assert ship_day(Piece("m", "ready", 1, TODAY), site, TODAY) == TODAY
    assert ship_day(Piece("m", "none", 1, None), site, TODAY) is None


def test_nobody_takes_an_early_receipt_from_who_was_promised_it_for_a_later_one_that_is_left():
    supplies = [Supply(TODAY + 11, 5), Supply(TODAY + 12, 2)]
    order = Need("order", TODAY + 3, 3, asked=2, unpromised=True)
    promise = Need("promise", TODAY + 11, 5, brought=0, asked=1)
    assert covered(peg([order, promise], TODAY, supplies=supplies)) == [
        ("order", "receipt", 2, 12),
        ("order", "none", 1, None),
        ("promise", "receipt", 5, 11),
    ]


def test_who_takes_without_a_promise_comes_before_who_was_promised_later_and_after_who_was_before():
    order = Need("order", TODAY + 5, 4, asked=2, unpromised=True)
    for asked, served in ((1, "stock"), (3, "supplier")):
        promise = Need("promise", TODAY, 4, brought=4, asked=asked)
        source = Replenishment(TODAY + 7, TODAY + 7)
        pieces = peg([order, promise], TODAY, free=4, replenishment=source)
        assert pieces[0].source == served


def test_what_was_ordered_for_two_is_left_to_whom_it_comes_in_time_for():
    source = Replenishment(TODAY + 2, TODAY + 2)
    needs = [
        Need("soon", TODAY + 3, 4, brought=4, asked=1),
        Need("late", TODAY + 14, 4, brought=4, asked=2),
    ]
    one, two = Supply(TODAY + 12, 4, noted=3), Supply(TODAY + 13, 4, noted=3)
    assert covered(peg(needs, TODAY, supplies=[one], replenishment=source)) == [
        ("soon", "supplier", 4, 2),
        ("late", "receipt", 4, 12),
    ]
    assert covered(peg(needs, TODAY, supplies=[one, two], replenishment=source)) == [
        ("soon", "receipt", 4, 12),
        ("late", "receipt", 4, 13),
    ]


def test_goods_set_aside_are_taken_by_who_was_promised_them_before_and_by_nobody_who_waits():
    source = Replenishment(TODAY + 7, TODAY + 7)
    for brought, found in ((0, "stock"), (4, "supplier")):
        need = Need("a", TODAY + 7, 4, kept_back=6, brought=brought, asked=1)
        pieces = peg([need], TODAY, free=6, replenishment=source)
        assert [piece.source for piece in pieces] == [found]


def test_what_is_made_anew_comes_before_who_waits_but_takes_nothing_that_another_was_promised():
    anew = Need("anew", TODAY + 5, 4, brought=4, asked=1, claimed=True, lost=True)
    waits = Need("waits", TODAY + 2, 4, brought=4, asked=2)
    source = Replenishment(TODAY + 7, TODAY + 7)
    assert covered(peg([anew, waits], TODAY, free=4, replenishment=source)) == [
        ("waits", "supplier", 4, 7),
        ("anew", "stock", 4, 0),
    ]
    promised = Need("promised", TODAY + 6, 4, brought=0, asked=2)
    pieces = peg([anew, promised], TODAY, free=4, replenishment=source)
    assert covered(pieces)[-1] == ("promised", "stock", 4, 0)
