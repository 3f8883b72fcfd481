from datetime import date

from odoo import api, fields, models


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
            "date": fields.Date.to_string(promised.date) or False,
            "likely_date": fields.Date.to_string(promised.likely_date) or False,
            "confidence": promised.confidence,
            "wanted_date": fields.Date.to_string(wanted) or False,
            "late": bool(wanted and promised.date and promised.date > wanted),
            "quantity": demand.quantity,
            "unit": demand.unit.name,
            "explanation": promised.explanation,
            "parts": [self._format_part(part, promised) for part in promised.answer.parts],
        }

    @api.model
    def _format_part(self, part, promised):
        """Return a dated quantity, in the unit that was asked for unless it is a component."""
        own = part.product == promised.demand.product.id
        return {
            "source": part.source,
            "quantity": part.quantity / promised.factor if own else part.quantity,
            "date": date.fromordinal(part.day).isoformat(),
            "document": part.ref.name if part.ref and part.ref.name else False,
            "warehouse": self._get_place_name(part.warehouse) or False,
        }

    @api.model
    def _format_held(self, lines):
        """Return what is held for an order line as its widget shows it."""
        lines = lines.sudo()
        dates = lines.mapped("date") if all(lines.mapped("date")) else []
        return {
            "state": "risk" if any(lines.mapped("at_risk")) else "held" if dates else "unknown",
            "date": fields.Date.to_string(max(dates)) if dates else False,
            "likely_date": fields.Date.to_string(
                max((line.expected_date for line in lines if line.expected_date), default=False)
            )
            or False,
            "confidence": min(lines.mapped("confidence")) or False,
            "wanted_date": fields.Date.to_string(lines[0].wanted_date) or False,
            "late": any(lines.mapped("at_risk")),
            "quantity": sum(lines.mapped("quantity")),
            "unit": lines[0].unit_id.name,
            "explanation": "\n".join(filter(None, lines.mapped("explanation"))),
            "parts": [
                {
                    "source": part.source,
                    "quantity": part.quantity,
                    "date": fields.Date.to_string(part.date),
                    "document": part.document or False,
                    "warehouse": part.warehouse_id.name or False,
                }
                for part in lines.part_ids
            ],
        }
