from datetime import date

from odoo import api, fields, models

# Least share of comparable dates kept, and how sure we say that we are.
TRUST = ((0.95, "high"), (0.85, "good"), (0.7, "fair"), (0.0, "low"))
LEAST_SURE = 0.85
# Kinds of changes that say why it comes otherwise than promised; others are letters to customers.
CHANGES = ("date", "expected_date", "wanted_date", "ship_to_id", "quantity", "state")

OVER = ("kept", "missed")


class LogisticsPromise(models.AbstractModel):
    """Promises as plain values, for screens and other systems."""

    _inherit = "logistics.promise"

    @api.model
    def _format_promise(self, promised):
        """Return an offer as the order line's widget shows it; dates are ISO 8601."""
        demand = promised.demand
        wanted = demand.wanted
        return {
            "state": "offer" if promised.date else "none" if promised.problem else "unknown",
            "headline": self._format_headline(
                promised.date,
                promised.likely_date,
                sure=self._is_sure(promised.confidence),
                way_unknown=promised.way_unknown,
                components_unknown=promised.components_unknown,
            ),
            "way_unknown": promised.way_unknown,
            "components_unknown": promised.components_unknown,
            "date": fields.Date.to_string(promised.date) or False,
            "likely_date": fields.Date.to_string(promised.likely_date) or False,
            "confidence": promised.confidence,
            "trust": self._format_trust(promised.date and promised.confidence, promised.date),
            "wanted_date": fields.Date.to_string(wanted) or False,
            "late": bool(wanted and promised.date and promised.date > wanted),
            "quantity": demand.quantity,
            "unit": demand.unit.name,
            "explanation": promised.explanation,
            "parts": [self._format_part(part, promised) for part in promised.answer.parts],
        }

    @api.model
    def _format_offers(self, offers):
        """Return offers of one line, of what is held and of more, as one."""
        values = [self._format_promise(one) for one in offers]
        dates = [one.date for one in offers]
        due = all(dates) and max(dates)
        likely = due and max(one.likely_date for one in offers)
        sure = min(one.confidence or 0.0 for one in offers) or False
        return values[0] | {
            **self._format_answer(due, likely, sure, values),
            "late": any(one["late"] for one in values),
            "quantity": sum(one["quantity"] for one in values),
            "explanation": "\n".join(one["explanation"] for one in values),
            "parts": [part for one in values for part in one["parts"]],
        }

    @api.model
    def _format_answer(self, due, likely, sure, formatted):
        """Return what an offer of several promises (`formatted` as dicts) says as one."""
        doubts = {
            name: any(one[name] for one in formatted)
            for name in ("way_unknown", "components_unknown")
        }
        return {
            "state": "offer" if due else "unknown",
            "headline": self._format_headline(due, likely, sure=self._is_sure(sure), **doubts),
            **doubts,
            "date": fields.Date.to_string(due) or False,
            "likely_date": fields.Date.to_string(likely) or False,
            "confidence": sure,
            "trust": self._format_trust(sure, due),
        }

    @api.model
    def _format_part(self, part, promised):
        """Return a dated quantity, in the unit that was asked for unless it is a component."""
        own = part.product == promised.demand.product.id
        component = self.env["product.product"].sudo().browse(part.product)
        return {
            "source": part.source,
            "source_name": self._get_source_name(part.source),
            "product": False if own else component.display_name,
            "quantity": part.quantity / promised.factor if own else part.quantity,
            "unit": promised.demand.unit.name if own else component.uom_id.name,
            "date": date.fromordinal(part.day).isoformat(),
            "document": part.ref.name if part.ref and part.ref.name else False,
            "warehouse": self._get_place_name(part.warehouse) or False,
        }

    @api.model
    def _format_change(self, lines):
        """Return what changed last, and the earlier date that can be offered."""
        changes = lines.change_ids.filtered(lambda one: one.kind in CHANGES)
        words = [changes.sorted("id")[-1:].reason_text]
        better = lines.filtered("better_date")
        if better:
            day = self._format_day(max(better.mapped("better_date")).toordinal())
            words.append(self.env._("Could be delivered by %(day)s.", day=day))
        return " ".join(filter(None, words))

    @api.model
    def _format_held(self, lines, kept=None):
        """Return what is held for an order line as its widget shows it.

        Where less is ordered on a screen, `kept` is how much saving leaves of each ({line: quantity
        in its unit}).
        """
        lines = lines.sudo()
        due, likely = lines._get_due_dates()
        sure = min(lines.mapped("confidence")) or False
        lost = any(line.at_risk and not line.expected_date for line in lines)
        state = lines._get_common_state() if due else "unknown"
        doubts = {name: any(lines.mapped(name)) for name in ("way_unknown", "components_unknown")}
        way_lost, over = any(lines.mapped("way_lost")), state in OVER
        sayable = doubts | {"way_unknown": doubts["way_unknown"] or way_lost}
        return {
            "state": state,
            "headline": self._format_outcome(due, likely, doubts["way_unknown"])
            if over
            else self._format_headline(due, likely, lost, self._is_sure(sure), **sayable),
            **doubts,
            "way_lost": way_lost and not over,
            "date": fields.Date.to_string(due) or False,
            "likely_date": fields.Date.to_string(likely) or False,
            "confidence": sure,
            "trust": self._format_trust(sure, due) if state == "held" else "",
            "change": self._format_change(lines) if kept is None else self._format_lowered(),
            "wanted_date": fields.Date.to_string(lines[0].wanted_date) or False,
            "late": any(lines.mapped("at_risk")),
            "quantity": self._sum_quantities(
                [((kept or {}).get(line, line.quantity), line.unit_id) for line in lines]
            ),
            "unit": lines[0].unit_id.name,
            "explanation": "\n".join(filter(None, map(self._format_explanation, lines))),
            "parts": [self._format_held_part(part) for part in lines.part_ids],
        }

    @api.model
    def _sum_quantities(self, quantities):
        """Return the sum of quantities ([(float, uom.uom)]) in the unit of the first."""
        unit = quantities[0][1]
        return sum(
            quantity if own == unit else own._compute_quantity(quantity, unit, round=False)
            for quantity, own in quantities
        )

    @api.model
    def _format_lowered(self):
        return self.env._("What is ordered less is given up when the order is saved.")

    @api.model
    def _format_explanation(self, line):
        """Return why a line was promised; where another day counts since, of what time."""
        text = line.explanation_text
        if text and (line.agreed_date or "date" in line.change_ids.mapped("kind")):
            return self.env._("When it was confirmed: %(explanation)s", explanation=text)
        return text

    @api.model
    def _format_raised(self, lines, promised, due, likely):
        """Return what is held for an order line and what more of it could be promised, as one."""
        held, more = self._format_held(lines), self._format_promise(promised)
        sure = min(held["confidence"] or 0.0, promised.confidence or 0.0) or False
        leaving = held["way_unknown"] or more["way_unknown"]
        far = held["way_unknown"] or held["way_lost"]
        return held | {
            **self._format_answer(due, likely, sure, (held | {"way_unknown": far}, more)),
            "way_unknown": leaving,
            "change": self.env._("What is added is promised when the order is saved."),
            "late": held["late"] or more["late"],
            "quantity": self._sum_quantities(
                [
                    (held["quantity"], lines[0].unit_id),
                    (more["quantity"], promised.demand.unit),
                ]
            ),
            "explanation": "\n".join(filter(None, (held["explanation"], more["explanation"]))),
            "parts": held["parts"] + more["parts"],
        }

    @api.model
    def _format_held_part(self, part):
        """Return a dated quantity that is held, in its product's own unit."""
        own = part.product_id == part.line_id.product_id
        return {
            "source": part.source,
            "source_name": self._get_source_name(part.source),
            "product": False if own else part.product_id.display_name,
            "quantity": part.quantity,
            "unit": part.product_id.uom_id.name,
            "date": fields.Date.to_string(part.date),
            "document": part.document or False,
            "warehouse": part.warehouse_id.name or False,
        }

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _is_sure(self, confidence):
        """Tell whether nothing speaks against it: dates are sure by arithmetic, not by history."""
        return not confidence or confidence >= LEAST_SURE

    @api.model
    def _format_headline(
        self, due, likely, lost=False, sure=True, way_unknown=False, components_unknown=False
    ):
        """Return the dates of a promise (date or False) in one sentence; `lost`: none is left.

        Where too few of such dates were kept before, the way there is long and nobody knows how
        long, or a subcontractor may lack components, it is not called sure.
        """
        if not due:
            return self.env._("No date can be promised.")
        if components_unknown and not lost:
            dates = self._format_headline(due, likely, sure=False, way_unknown=way_unknown)
            return self.env._(
                "%(dates)s (whether the subcontractor has the components is not known)",
                dates=dates,
            )
        if way_unknown:
            dates = self._format_headline(due, likely, lost, sure=False)
            return self.env._("%(dates)s (transit time not known)", dates=dates)
        values = self._format_days(due, likely)
        if lost:
            return self.env._("Promised for %(date)s, now not known when", **values)
        if likely and likely > due:
            return self.env._("Promised for %(date)s, now expected on %(likely)s", **values)
        if not likely or likely == due:
            if not sure:
                return self.env._("By %(date)s", **values)
            return self.env._("By %(date)s for sure", **values)
        if not sure:
            return self.env._("By %(date)s, likely %(likely)s", **values)
        return self.env._("By %(date)s for sure, likely %(likely)s", **values)

    @api.model
    def _format_outcome(self, due, day, way_unknown=False):
        """Return what became of a promise that is over: when it was delivered, or is on its way."""
        if not (due and day):
            return self._format_headline(due, day)
        values = self._format_days(due, day)
        if way_unknown:
            return self.env._(
                "Promised for %(date)s, left on %(likely)s (transit time not known)", **values
            )
        if day > fields.Date.context_today(self):
            return self.env._("Promised for %(date)s, on its way, there on %(likely)s", **values)
        return self.env._("Promised for %(date)s, delivered on %(likely)s", **values)

    @api.model
    def _format_for_customer(self, due, likely, way_unknown=False):
        """Return the dates of a promise as customers read them, an empty text without one."""
        if not due:
            return ""
        values = self._format_days(due, likely)
        if way_unknown:
            if likely and likely > due:
                return self.env._(
                    "Leaves our warehouse by %(date)s (now expected on %(likely)s)", **values
                )
            return self.env._("Leaves our warehouse by %(date)s", **values)
        if not likely or likely == due:
            return self.env._("Delivery by %(date)s", **values)
        if likely < due:
            return self.env._("Delivery by %(date)s (likely %(likely)s)", **values)
        return self.env._("Delivery by %(date)s (now expected on %(likely)s)", **values)

    @api.model
    def _format_days(self, due, likely):
        return {
            name: self._format_day(day.toordinal()) if day else ""
            for name, day in (("date", due), ("likely", likely))
        }

    @api.model
    def _format_trust(self, confidence, due):
        """Return in words how far a promise can be trusted (share 0 to 1, False: no history)."""
        if not due:
            return ""
        if not confidence:
            return self.env._("Not known how sure: there is no history of such dates yet.")
        level = next(name for least, name in TRUST if confidence >= least)
        words = {
            "high": self.env._("Very sure"),
            "good": self.env._("Sure"),
            "fair": self.env._("Fairly sure"),
            "low": self.env._("Not sure"),
        }
        return self.env._(
            "%(words)s: %(share)s %% of comparable dates were kept.",
            words=words[level],
            share=round(confidence * 100),
        )

    @api.model
    def _get_source_name(self, source):
        selection = self.env["logistics.promise.part"]._fields["source"]
        return dict(selection._description_selection(self.env)).get(source, "")
