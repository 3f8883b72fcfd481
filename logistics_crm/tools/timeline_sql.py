"""SQL of `logistics.timeline`, shared by its parts and by the add-ons above.

The aliases are those of the view: p is the contact, d the document, m its message.
"""

from odoo.tools import SQL

# Fields that the view reads: the ORM writes their pending values before a search.
DEPENDS = {
    "account.move": [
        "amount_untaxed",
        "company_id",
        "currency_id",
        "date",
        "invoice_date",
        "invoice_user_id",
        "move_type",
        "name",
        "partner_id",
        "state",
    ],
    "account.payment": [
        "amount",
        "company_id",
        "currency_id",
        "date",
        "memo",
        "name",
        "partner_id",
        "partner_type",
        "payment_type",
        "state",
    ],
    "calendar.attendee": ["event_id", "partner_id"],
    "calendar.event": ["active", "name", "partner_ids", "privacy", "start", "user_id"],
    "crm.lead": ["company_id", "name", "partner_id", "user_id"],
    "logistics.call": ["company_id", "note", "number", "partner_id", "start", "user_id"],
    "logistics.case": ["active", "code", "company_id", "name", "partner_id", "user_id"],
    "logistics.sales.history": [
        "amount_company",
        "company_id",
        "date",
        "order_ref",
        "partner_id",
        "source",
    ],
    "mail.message": [
        "author_id",
        "date",
        "is_internal",
        "mail_activity_type_id",
        "message_type",
        "model",
        "record_company_id",
        "res_id",
        "subject",
        "subtype_id",
    ],
    "mail.message.subtype": ["internal"],
    "rating.rating": ["consumed", "feedback", "rating", "res_id", "res_model"],
    "res.company": ["currency_id"],
    "res.partner": ["commercial_partner_id", "name", "partner_share"],
    "res.users": ["partner_id", "share"],
    "sale.order": [
        "amount_untaxed",
        "company_id",
        "currency_id",
        "date_order",
        "name",
        "partner_id",
        "state",
        "user_id",
    ],
}

# What people said to each other, and the activities they did; no notes, no notices of the system.
MESSAGE_COUNTS = SQL(
    """(m.mail_activity_type_id IS NOT NULL
    OR m.message_type IN ('email', 'email_outgoing', 'comment')
        AND m.is_internal IS NOT TRUE AND s.internal IS NOT TRUE)"""
)
# Who of us wrote a message: portal users are customers.
MESSAGE_USER = SQL(
    """(SELECT u.id FROM res_users u WHERE u.partner_id = m.author_id AND u.share IS NOT TRUE
    ORDER BY u.active DESC, u.id LIMIT 1)"""
)


def document_part(model, tables, columns, where=None):
    """Return a part with one row per document.

    Parameters
    ----------
    model : str
        Model of the document, whose alias is d.
    tables : SQL
        The FROM clause; p is the contact.
    columns : dict[str, SQL]
        What differs from the columns that every document has: its id, company and user, and its
        contact.
    where : SQL, optional
    """
    return {
        "columns": {
            "source_id": SQL("d.id"),
            "partner_id": SQL("p.id"),
            "commercial_partner_id": SQL("p.commercial_partner_id"),
            "company_id": SQL("d.company_id"),
            "user_id": SQL("d.user_id"),
            "res_model": SQL("%s", model),
            "res_id": SQL("d.id"),
            **columns,
        },
        "from": tables,
        "where": where or SQL("TRUE"),
    }


def message_part(model, tables, columns):
    """Return a part with one row per message or done activity on the documents of a model.

    Parameters
    ----------
    model : str
    tables : SQL
        What is joined to the message m: ``<table> ... ON m.res_id = ...``; p is the contact.
    columns : dict[str, SQL]
        ``title`` (for messages without a subject) and ``company_id``.
    """
    return {
        "columns": {
            "source_id": SQL("m.id"),
            "kind": SQL(
                "CASE WHEN m.mail_activity_type_id IS NULL THEN 'mail' ELSE 'activity' END"
            ),
            "date": SQL("m.date"),
            "title": SQL("COALESCE(NULLIF(m.subject, ''), %s)", columns["title"]),
            "partner_id": SQL("p.id"),
            "commercial_partner_id": SQL("p.commercial_partner_id"),
            "company_id": columns["company_id"],
            "user_id": MESSAGE_USER,
            "res_model": SQL("%s", model),
            "res_id": SQL("m.res_id"),
            "message_id": SQL("m.id"),
        },
        "from": SQL(
            """mail_message m JOIN %s
            LEFT JOIN mail_message_subtype s ON s.id = m.subtype_id""",
            tables,
        ),
        "where": SQL("m.model = %s AND %s", model, MESSAGE_COUNTS),
    }
