import re
from datetime import date
from itertools import chain

from odoo import api, models

from .. import promising
from ..tools.languages import in_language, say_in_each_language
from ..tools.promise_data import DIRECT


class LogisticsPromise(models.AbstractModel):
    """Bring what is expected of promises up to date, each change with its reason."""

    _inherit = "logistics.promise"

    @api.model
    def _follow_up(self, lines, news=None):
        """Bring the held promises among lines of one company up to date.

        Parameters
        ----------
        lines : logistics.promise.line
            Of one company.
        news : dict of int to list of (dict, str or False), optional
            What happened to a product: words by language and document, the latest last.

        Returns
        -------
        logistics.promise.line
            Those that came to be at risk by it.
        """
        lines = lines.sudo()  # sudo: promises are written by what happened, never typed
        if not lines:
            return lines
        company = lines.company_id
        engine = self.with_context(lang=company.partner_id.lang or self.env.lang)
        outlooks, scene = engine._foresee(lines)
        outlooks = [one for one in outlooks if one.line.state == "held"]
        held = lines.browse([one.line.id for one in outlooks])
        before = held.filtered("at_risk")
        engine._follow_ways(held, outlooks, scene)
        engine._date_offers(outlooks, scene)
        changes = []
        for outlook in outlooks:
            changes += engine._get_changes(outlook, scene, news or {})
        held._keep_changes(changes)
        held._plan_notices()
        return held.filtered("at_risk") - before

    @api.model
    def _get_changes(self, outlook, scene, news):
        """Return the changes of a promise as (line, field, value, reason, document)."""
        line = outlook.line
        if outlook.over:
            line.better_date = False
            return self._get_ending_changes(outlook, *self._get_rest_reason(line))
        if outlook.left:
            return self._get_delivery_changes(outlook)
        self._keep_arrivals(outlook, scene)
        expected = self._get_expected(outlook, scene)
        self._note_components_unknown(outlook, scene)
        timed = not (line.way_unknown or line.way_lost)
        better = timed and self._get_better(outlook, scene, expected)
        if line.better_date != better:
            line.better_date = better
        if line.expected_date == expected:
            return []
        reason, document = self._get_reason(outlook, scene, news)
        return [(line, "expected_date", expected, reason, document)]

    @api.model
    def _note_components_unknown(self, outlook, scene):
        """Note whether a subcontractor is still to make something of it."""
        made = bool(scene.subcontracted) and self._is_subcontracted(outlook, scene)
        if outlook.line.components_unknown != made:
            outlook.line.components_unknown = made

    @api.model
    def _is_subcontracted(self, outlook, scene):
        line, bring = outlook.line, {one.ref.supplier_id for one in outlook.pieces if one.ref}
        if any(
            bring & scene.subcontracted.get(one.id, set())
            for one in line.product_id | line.part_ids.product_id
        ):
            return True
        return any(piece.source == "production" for piece in outlook.pieces) and any(
            one.product_id.id in scene.subcontracted and one.existing + one.made < one.quantity
            for one in line.component_ids
        )

    @api.model
    def _get_delivery_changes(self, outlook):
        line = outlook.line
        line.delivered_date = date.fromordinal(outlook.expected or outlook.left)
        line.better_date = False
        due = line._get_measured_date()
        late = due and line.delivered_date > due
        known = None if line.way_unknown else line.delivered_date.toordinal()
        reason = say_in_each_language(self, lambda one: one._describe_left(outlook.left, known))
        move = self.env["stock.move"].browse(outlook.last.key)
        document = move.picking_id.name or move.reference
        return [(line, "state", "missed" if late else "kept", reason, document)]

    @api.model
    def _describe_left(self, left, day):
        if not day:
            return self.env._(
                "The last of it left on %(left)s; how long it is under way is not known.",
                left=self._format_day(left),
            )
        return self.env._(
            "The last of it left on %(left)s, to be delivered on %(day)s.",
            left=self._format_day(left),
            day=self._format_day(day),
        )

    @api.model
    def _get_expected(self, outlook, scene):
        """Return when a promise is expected, not before the customer wants it; False if unknown.

        Where its transit time got lost it is not said to come earlier than promised.
        """
        if not outlook.expected:
            return False
        expected = date.fromordinal(max(outlook.expected, self._get_floor(outlook, scene)))
        due = outlook.line.way_lost and outlook.line._get_due()
        return max(expected, due or expected)

    @api.model
    def _get_floor(self, outlook, scene):
        """Return the first day on which the customer wants it."""
        floor = outlook.line.not_before or outlook.line.wanted_date
        if not floor:
            return 0
        piece = outlook.last
        route = scene.routes[outlook.number, (piece and piece.warehouse) or DIRECT]
        return route.customer.next(floor.toordinal()) or 0

    @api.model
    def _get_better(self, outlook, scene, expected):
        """Return a date that could be offered instead of the one the customer knows, or False."""
        line = outlook.line
        if not expected:
            return False
        known = line._get_known_date()
        if not known:
            return expected
        if outlook.kept or outlook.soonest >= known.toordinal():
            return False
        return date.fromordinal(outlook.soonest)

    @api.model
    def _date_offers(self, outlooks, scene):
        """Fill in the earliest days that could be offered; what leaves together has one of them."""
        last, kept = {}, set()
        for one in outlooks:
            one.soonest = promising.NEVER
            if one.earliest is not None:
                one.soonest = max(one.earliest, self._get_floor(one, scene))
            one.kept = self._takes_kept_back(one, scene)
            kept |= one.transfers if one.kept else set()
            for transfer in one.transfers:
                last[transfer] = max(last.get(transfer, 0), one.soonest)
        for one in outlooks:
            one.soonest = max([one.soonest, *(last[transfer] for transfer in one.transfers)])
            one.kept = one.kept or bool(one.transfers & kept)

    @api.model
    def _takes_kept_back(self, outlook, scene):
        """Tell whether goods that it could have earlier may be set aside for other customers."""
        if not scene.allocations:
            return False
        kept = scene.kept_back_from(self._prepare_held_demand(outlook.line))
        product = outlook.line.product_id.id
        needs = [need for need, _factor in scene.needs.get(product) or ((product, 1.0),)]
        places = {piece.warehouse for piece in outlook.pieces if piece.source != "left"}
        return any(kept.get((need, place)) for need in needs for place in places)

    # ------------------------------------------------------------
    # REASONS
    # ------------------------------------------------------------

    @api.model
    def _get_reason(self, outlook, scene, news):
        """Return why a promise is expected on another day now, and the document behind it."""
        line, last = outlook.line, outlook.last
        if outlook.dated:
            if outlook.expected and outlook.expected <= line._get_due().toordinal():
                return outlook.dated
            news = {}  # it is late by what it waits for, not by the carrier that was chosen
        needs = scene.needs.get(line.product_id.id) or ((line.product_id.id, 1.0),)
        own, products = line.order_id.name, {line.product_id.id, *(need for need, _factor in needs)}
        items = [item for product in sorted(products) for item in news.get(product, ())]
        about = chain.from_iterable(news.values()) if outlook.waits else items
        asked = [item for item in about if item[1] == own]
        if asked:  # what became of the order itself explains more than what it waits for
            return asked[-1]
        if outlook.waits:
            move = self.env["stock.move"].browse(last.key)
            reason = say_in_each_language(self, lambda one: one._describe_waiting())
            return reason, move.picking_id.name
        waits_for = last.ref.name if last and last.ref else False
        for document in (waits_for, *line.part_ids.mapped("document")):
            for item in reversed(items):
                if document and item[1] == document:
                    return item
        if last and last.day is None:
            places = {(product, last.warehouse) for product in products}
            if self._explain_transfers(places, scene):
                transfers = say_in_each_language(
                    self, lambda one: one._explain_transfers(places, scene)[0]
                )
                return transfers, False
        # what the order itself took is noted without a document, and is no reason to be late
        itself = re.compile(rf"(?<!\w){re.escape(own)}(?!\w)")
        items = [item for item in items if item[1] or not itself.search(in_language(item[0], None))]
        overdue = say_in_each_language(self, lambda one: one._describe_overdue(outlook, scene))
        if overdue:
            return overdue, False
        if items:
            return items[-1]
        reason = say_in_each_language(
            self, lambda one: one._describe_stuck(outlook, scene) or one._describe_piece(last)
        )
        return reason, waits_for

    @api.model
    def _describe_waiting(self):
        return self.env._("It waits for the rest of the order, which is delivered at once.")

    @api.model
    def _describe_overdue(self, outlook, scene):
        """Say that something is there and should have left before today."""
        piece = outlook.last
        if not piece or piece.day is None:
            return ""
        place = scene.sites[piece.warehouse or DIRECT]
        if piece.day > place.today or not 0 < piece.planned < place.today:
            return ""
        return self.env._(
            "It was to leave on %(day)s and has not left.",
            day=self._format_day(piece.planned + place.site.handling),
        )

    @api.model
    def _describe_piece(self, piece):
        """Say what a delivery waits for."""
        if piece is None or piece.day is None:
            return self.env._("Nothing in stock, on order or from a supplier covers it.")
        day, name = self._format_day(piece.day), piece.ref.name if piece.ref else ""
        if piece.source == "receipt" and piece.ref.component_id:
            return self.env._(
                "It waits for %(name)s, which waits for %(component)s and is counted on for"
                " %(day)s.",
                name=name,
                component=self.env["product.product"].browse(piece.ref.component_id).display_name,
                day=day,
            )
        if piece.source == "receipt" and piece.ref.source_id:
            return self.env._(
                "It waits for %(name)s: %(place)s has the goods only then, and it is counted on for"
                " %(day)s.",
                name=name,
                place=self._get_place_name(piece.ref.source_id),
                day=day,
            )
        if piece.source == "receipt" and piece.ref.leg:
            return self.env._(
                "It waits for %(name)s: %(transfer)s is to bring it and is planned for later, so it"
                " is counted on for %(day)s.",
                name=name,
                transfer=piece.ref.leg,
                day=day,
            )
        if piece.source == "receipt":
            return self.env._(
                "It waits for receipt %(name)s, counted on for %(day)s.", name=name, day=day
            )
        if piece.source == "supplier":
            return self.env._(
                "It has to be bought from %(name)s, there on %(day)s at the earliest.",
                name=name,
                day=day,
            )
        if piece.source == "production":
            return self.env._(
                "It has to be produced, finished on %(day)s at the earliest.", day=day
            )
        return self.env._("It is in stock and can leave.")
