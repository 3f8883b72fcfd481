from odoo import models
from odoo.tools import SQL

from ..tools import timeline_sql


class LogisticsTimeline(models.Model):
    """The parts of the timeline. In all of them p is the contact."""

    _inherit = "logistics.timeline"

    def _get_timeline_part_mail_partner(self):
        """Return the part of messages and done activities on contacts themselves."""
        return timeline_sql.message_part(
            "res.partner",
            SQL("res_partner p ON m.res_id = p.id"),
            {"title": SQL("p.name"), "company_id": SQL("m.record_company_id")},
        )

    def _get_timeline_part_mail_lead(self):
        """Return the part of messages and done activities on leads."""
        return timeline_sql.message_part(
            "crm.lead",
            SQL("crm_lead d ON m.res_id = d.id JOIN res_partner p ON p.id = d.partner_id"),
            {"title": SQL("d.name"), "company_id": SQL("d.company_id")},
        )

    def _get_timeline_part_mail_order(self):
        """Return the part of messages and done activities on quotations and orders."""
        return timeline_sql.message_part(
            "sale.order",
            SQL("sale_order d ON m.res_id = d.id JOIN res_partner p ON p.id = d.partner_id"),
            {"title": SQL("d.name"), "company_id": SQL("d.company_id")},
        )

    def _get_timeline_part_mail_invoice(self):
        """Return the part of messages and done activities on invoices."""
        return timeline_sql.message_part(
            "account.move",
            SQL(
                """account_move d
                    ON m.res_id = d.id AND d.move_type IN ('out_invoice', 'out_refund')
                JOIN res_partner p ON p.id = d.partner_id"""
            ),
            {"title": SQL("d.name"), "company_id": SQL("d.company_id")},
        )

    def _get_timeline_part_mail_case(self):
        """Return the part of messages and done activities on cases."""
        return timeline_sql.message_part(
            "logistics.case",
            SQL("logistics_case d ON m.res_id = d.id JOIN res_partner p ON p.id = d.partner_id"),
            {"title": SQL("CONCAT_WS(' ', d.code, d.name)"), "company_id": SQL("d.company_id")},
        )

    def _get_timeline_part_call(self):
        """Return the part of telephone calls."""
        return timeline_sql.document_part(
            "logistics.call",
            SQL("logistics_call d JOIN res_partner p ON p.id = d.partner_id"),
            {
                "kind": SQL("'call'"),
                "date": SQL("d.start"),
                "title": SQL("COALESCE(NULLIF(d.note, ''), d.number)"),
            },
        )

    def _get_timeline_part_meeting(self):
        """Return the part of meetings: one row per customer, however many of them attend."""
        return {
            "columns": {
                "source_id": SQL("a.id"),
                "kind": SQL("'meeting'"),
                "date": SQL("d.start"),
                "title": SQL("d.name"),
                "partner_id": SQL("p.id"),
                "commercial_partner_id": SQL("p.commercial_partner_id"),
                "user_id": SQL("d.user_id"),
                "res_model": SQL("'calendar.event'"),
                "res_id": SQL("d.id"),
            },
            "from": SQL(
                """calendar_event_res_partner_rel r
                JOIN res_partner p ON p.id = r.res_partner_id
                JOIN calendar_event d ON d.id = r.calendar_event_id
                JOIN calendar_attendee a
                    ON a.event_id = r.calendar_event_id AND a.partner_id = r.res_partner_id"""
            ),
            "where": SQL(
                """d.active AND p.partner_share AND d.privacy IS DISTINCT FROM 'private'
                AND NOT EXISTS (
                    SELECT FROM calendar_attendee other JOIN res_partner op
                        ON op.id = other.partner_id
                    WHERE other.event_id = a.event_id AND other.id < a.id
                        AND op.commercial_partner_id = p.commercial_partner_id)"""
            ),
        }

    def _get_timeline_part_lead(self):
        """Return the part of leads and opportunities, by the day they came in."""
        return timeline_sql.document_part(
            "crm.lead",
            SQL("crm_lead d JOIN res_partner p ON p.id = d.partner_id"),
            {"kind": SQL("'lead'"), "date": SQL("d.create_date"), "title": SQL("d.name")},
        )

    def _get_timeline_part_order(self):
        """Return the part of quotations and orders."""
        return timeline_sql.document_part(
            "sale.order",
            SQL("sale_order d JOIN res_partner p ON p.id = d.partner_id"),
            {
                "kind": SQL("CASE d.state WHEN 'sale' THEN 'order' ELSE 'quotation' END"),
                "date": SQL("d.date_order"),
                "title": SQL("d.name"),
                "amount": SQL("d.amount_untaxed"),
                "currency_id": SQL("d.currency_id"),
            },
            SQL("d.state <> 'cancel'"),
        )

    def _get_timeline_part_history(self):
        """Return the part of imported orders: the first line of each, with the order's amount."""
        same_order = SQL(
            """other.company_id = d.company_id AND other.source = d.source
            AND other.order_ref = d.order_ref AND other.partner_id = d.partner_id"""
        )
        return timeline_sql.document_part(
            "logistics.sales.history",
            SQL(
                """logistics_sales_history d JOIN res_partner p ON p.id = d.partner_id
                JOIN res_company c ON c.id = d.company_id"""
            ),
            {
                "kind": SQL("'order'"),
                "date": SQL("d.date + time '12:00'"),
                "is_day": SQL("TRUE"),
                "title": SQL("d.order_ref"),
                "user_id": SQL("NULL"),
                "amount": SQL(
                    """(SELECT SUM(other.amount_company) FROM logistics_sales_history other
                    WHERE %s)""",
                    same_order,
                ),
                "currency_id": SQL("c.currency_id"),
            },
            SQL(
                """NOT EXISTS (SELECT FROM logistics_sales_history other
                WHERE %s AND other.id < d.id)""",
                same_order,
            ),
        )

    def _get_timeline_part_invoice(self):
        """Return the part of posted invoices and credit notes."""
        return timeline_sql.document_part(
            "account.move",
            SQL("account_move d JOIN res_partner p ON p.id = d.partner_id"),
            {
                "kind": SQL("'invoice'"),
                "date": SQL("COALESCE(d.invoice_date, d.date) + time '12:00'"),
                "is_day": SQL("TRUE"),
                "title": SQL("d.name"),
                "user_id": SQL("d.invoice_user_id"),
                "amount": SQL(
                    """CASE d.move_type WHEN 'out_refund' THEN -d.amount_untaxed
                    ELSE d.amount_untaxed END"""
                ),
                "currency_id": SQL("d.currency_id"),
            },
            SQL("d.state = 'posted' AND d.move_type IN ('out_invoice', 'out_refund')"),
        )

    def _get_timeline_part_payment(self):
        """Return the part of payments from and to the customer."""
        return timeline_sql.document_part(
            "account.payment",
            SQL("account_payment d JOIN res_partner p ON p.id = d.partner_id"),
            {
                "kind": SQL("'payment'"),
                "date": SQL("d.date + time '12:00'"),
                "is_day": SQL("TRUE"),
                "title": SQL("COALESCE(NULLIF(d.memo, ''), d.name)"),
                "user_id": SQL("NULL"),
                "amount": SQL(
                    "CASE d.payment_type WHEN 'outbound' THEN -d.amount ELSE d.amount END"
                ),
                "currency_id": SQL("d.currency_id"),
            },
            SQL("d.partner_type = 'customer' AND d.state IN ('in_process', 'paid')"),
        )

    def _get_timeline_part_case(self):
        """Return the part of cases, by when they were opened."""
        return timeline_sql.document_part(
            "logistics.case",
            SQL("logistics_case d JOIN res_partner p ON p.id = d.partner_id"),
            {
                "kind": SQL("'case'"),
                "date": SQL("d.create_date"),
                "title": SQL("CONCAT_WS(' ', d.code, d.name)"),
            },
            SQL("d.active"),
        )

    def _get_timeline_part_rating(self):
        """Return the part of ratings that the customer gave to cases."""
        return timeline_sql.document_part(
            "logistics.case",
            SQL(
                """rating_rating g
                JOIN logistics_case d ON g.res_model = 'logistics.case' AND d.id = g.res_id
                JOIN res_partner p ON p.id = d.partner_id"""
            ),
            {
                "source_id": SQL("g.id"),
                "kind": SQL("'rating'"),
                "date": SQL("g.write_date"),
                "title": SQL("CONCAT_WS(' · ', g.rating || '/5', NULLIF(g.feedback, ''), d.code)"),
            },
            SQL("g.consumed AND g.rating > 0"),
        )
