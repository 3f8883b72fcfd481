"""Whom a playbook hits: the query, and what a hit is."""

from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

#: How many of the documents that hit a customer are named in the reason.
NAMED_DOCUMENTS = 3


class Hit(NamedTuple):
    """A customer, or one document of a customer, that matches a playbook's condition.

    Attributes
    ----------
    partner_id : int
        The customer (commercial partner).
    scope_id : int
        The document where a playbook starts once per document, otherwise 0.
    record_ids : list of int
        The first of the matching records.
    total : int
        How many records match.
    outcome : str
        ``start``, ``running`` (started before and not finished) or ``cooldown``.
    until : date or None
        When the cool-down ends.
    known : bool
        Whether the newest entry of the log says the same already.
    """

    partner_id: int
    scope_id: int
    record_ids: list
    total: int
    outcome: str
    until: object
    known: bool


def get_hits_query(playbook, company_id, table, partner_column, matching):
    """Return the query of the hits of a playbook in a company, each with its outcome.

    One pass over what matches; the log is read by its index on (playbook, customer).

    Parameters
    ----------
    playbook : logistics.playbook
        One playbook.
    company_id : int
    table, partner_column : SQL
        The table that the playbook looks at, and its column with the partner.
    matching : SQL
        Sub-query of the ids of matching records.

    Returns
    -------
    SQL
        Rows in the order of `Hit`.
    """
    scope = SQL("t.id") if playbook.scope == "document" else SQL("0")
    return SQL(
        """WITH hit AS (
            SELECT p.commercial_partner_id AS partner_id, %(scope)s AS scope_id,
                (array_agg(t.id ORDER BY t.id))[1:%(named)s] AS record_ids, count(*) AS total
            FROM %(table)s t
            JOIN res_partner p ON p.id = t.%(partner)s
            JOIN res_partner c ON c.id = p.commercial_partner_id AND c.active
            WHERE t.id IN %(matching)s
            GROUP BY 1, 2
        )
        SELECT hit.*,
            CASE WHEN last.state = 'running' THEN 'running'
                WHEN last.cooldown_until > %(today)s THEN 'cooldown' ELSE 'start' END AS outcome,
            last.cooldown_until,
            COALESCE(note.id > last.id AND note.state = 'skipped', FALSE) AS known
        FROM hit
        LEFT JOIN LATERAL (
            SELECT s.id, s.state, s.cooldown_until FROM logistics_playbook_start s
            WHERE s.playbook_id = %(playbook)s AND s.partner_id = hit.partner_id
                AND s.company_id = %(company)s AND s.scope_id = hit.scope_id
                AND s.state <> 'skipped'
            ORDER BY s.id DESC LIMIT 1
        ) last ON TRUE
        LEFT JOIN LATERAL (
            SELECT s.id, s.state FROM logistics_playbook_start s
            WHERE s.playbook_id = %(playbook)s AND s.partner_id = hit.partner_id
                AND s.company_id = %(company)s AND s.scope_id = hit.scope_id
            ORDER BY s.id DESC LIMIT 1
        ) note ON TRUE
        ORDER BY hit.partner_id, hit.scope_id""",
        scope=scope,
        named=NAMED_DOCUMENTS,
        table=table,
        partner=partner_column,
        matching=matching,
        playbook=playbook.id,
        company=company_id,
        today=fields.Date.today(),
    )
