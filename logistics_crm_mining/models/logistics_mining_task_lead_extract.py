from datetime import datetime, time

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..tools.copy_frame import copy_frame

IDS = ("team", "source", "medium", "campaign", "country", "state", "language")
LEADS = {
    **dict.fromkeys(("lead_id", "company", *IDS), "int64"),
    **dict.fromkeys(("outcome", "email", "phone", "weekday", "hour"), "int32"),
    **dict.fromkeys(("created", "closed", "revenue", "known_as_of", "history_as_of"), "float64"),
    **dict.fromkeys(("is_lead", "recommended", "known"), "bool"),
    **dict.fromkeys(("orders_before", "won_before", "lost_before"), "int64"),
}
MAX_TAGS, MIN_TAG_LEADS = 20, 10
# What salespeople change while they work on a lead, and Odoo tracks: closed leads count as they
# came in, by the first old value tracked.
TRACKED = ["team_id", "expected_revenue", "partner_id", "email_from", "phone"]
CLOSED = SQL("l.won_status IN ('won', 'lost')")
ANY_ORDER = SQL("TRUE")
OPEN = SQL("l.won_status = 'pending' AND l.active")


class LogisticsMiningTask(models.Model):
    """The frame of leads: each as it came in, and what was known of its customer before."""

    _inherit = "logistics.mining.task"

    def _extract_lead(self, run):
        """Return the closed leads of the months looked back, and all open ones.

        Returns
        -------
        pandas.DataFrame
            As of ``analytics.LEAD_FRAME``, with ``company`` (-1 for leads of all companies) and a
            column for each tag that is frequent among closed leads.
        """
        last = datetime.combine(self._get_last_day(run), time.max)
        start = last - relativedelta(months=run.parameters["window_months"])
        chosen = SQL("(%s AND l.create_date BETWEEN %s AND %s OR %s)", CLOSED, start, last, OPEN)
        self.env.flush_all()
        return self._read_leads(run.company_id, chosen, self._get_frequent_tags(run.company_id))

    def _get_frequent_tags(self, company):
        query = SQL(
            """SELECT r.tag_id FROM crm_tag_rel r JOIN crm_lead l ON l.id = r.lead_id
            WHERE %s AND %s GROUP BY r.tag_id HAVING COUNT(*) >= %s
            ORDER BY COUNT(*) DESC, r.tag_id LIMIT %s""",
            self._get_lead_companies(company),
            CLOSED,
            MIN_TAG_LEADS,
            MAX_TAGS,
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _get_lead_companies(self, company):
        """Return the condition on leads ``l`` that a company may learn from."""
        return SQL("(l.company_id = %s OR l.company_id IS NULL)", company.id)

    def _read_some_leads(self, company, lead_ids, tag_ids):
        """Return the frame of a few leads.

        Their customers are named as constants, by which PostgreSQL finds their orders by index: by
        a join it would read all orders there are.
        """
        query = SQL(
            """SELECT DISTINCT p.commercial_partner_id FROM crm_lead l
            JOIN res_partner p ON p.id = l.partner_id WHERE l.id = ANY(%s)""",
            lead_ids,
        )
        customer_ids = [row[0] for row in self.env.execute_query(query)]
        ordered = SQL("f.partner_id = ANY(%s::int[])", customer_ids)
        return self._read_leads(company, SQL("l.id = ANY(%s)", lead_ids), tag_ids, ordered)

    def _read_leads(self, company, chosen, tag_ids, ordered=ANY_ORDER):
        """Return the frame of the leads ``l`` chosen by an SQL condition; flush before.

        ``ordered`` is a condition on order facts ``f`` that those of the leads' customers meet.

        Nothing is read that only shows once a lead is worked on: no stage, no activity, no
        closing, no lost reason, no probability, no priority, no notes. Fields that salespeople
        change are read as they were when a closed lead came in where Odoo tracks them (`TRACKED`);
        where it does not (source, country, tags and the like), as they are. Open leads count as
        they are: what is corrected counts at once.
        """
        tags = [
            SQL("%s = ANY(tag.ids) AS %s", tag, SQL.identifier(f"tag_{tag}")) for tag in tag_ids
        ]
        zone = company.partner_id.tz or "UTC"
        local = SQL("came.at AT TIME ZONE 'UTC' AT TIME ZONE %s", zone)
        query = SQL(
            """WITH came AS MATERIALIZED (%(came)s), past AS (%(past)s)
            SELECT came.*, EXTRACT(EPOCH FROM came.at)::float8 AS created,
                CASE WHEN partner.create_date < came.at - interval '1 minute' THEN TRUE END
                    AS known,
                CASE WHEN partner.create_date < came.at - interval '1 minute'
                    THEN EXTRACT(EPOCH FROM partner.create_date) END::float8 AS known_as_of,
                COALESCE(past.orders, 0) AS orders_before, COALESCE(past.won, 0) AS won_before,
                COALESCE(past.lost, 0) AS lost_before,
                EXTRACT(EPOCH FROM past.as_of)::float8 AS history_as_of,
                EXTRACT(ISODOW FROM %(local)s)::int AS weekday,
                EXTRACT(HOUR FROM %(local)s)::int AS hour
                %(tags)s
            FROM came
            LEFT JOIN res_partner partner ON partner.id = came.partner_id
            LEFT JOIN past ON past.lead_id = came.lead_id
            LEFT JOIN LATERAL (
                SELECT array_agg(r.tag_id) AS ids FROM crm_tag_rel r
                WHERE r.lead_id = came.lead_id) tag ON TRUE
            ORDER BY came.lead_id""",
            came=self._prepare_came(company, chosen),
            past=self._prepare_past(company, ordered),
            local=local,
            tags=SQL("").join([SQL(", "), SQL(", ").join(tags)] if tags else []),
        )
        schema = {**LEADS, **{f"tag_{tag}": "bool" for tag in tag_ids}}
        return copy_frame(self.env.cr, query, schema)

    def _prepare_came(self, company, chosen):
        """Return the query of leads as they came in: one row each."""
        quality = "CASE %s WHEN 'correct' THEN 2 WHEN 'incorrect' THEN 1 ELSE 0 END"
        email, phone = (
            SQL(quality, SQL.identifier("l", name)) for name in ("email_state", "phone_state")
        )
        return SQL(
            """WITH lead AS MATERIALIZED (
                SELECT * FROM crm_lead l WHERE %(companies)s AND %(chosen)s),
            change AS MATERIALIZED (%(change)s)
            SELECT l.id AS lead_id, l.company_id AS company, l.create_date AS at,
                CASE l.won_status WHEN 'won' THEN 1 WHEN 'lost' THEN 0 ELSE -1 END AS outcome,
                EXTRACT(EPOCH FROM l.date_closed)::float8 AS closed,
                l.source_id AS source, l.medium_id AS medium, l.campaign_id AS campaign,
                l.country_id AS country, l.state_id AS state, l.lang_id AS language,
                (l.type = 'lead' OR l.date_conversion IS NOT NULL) AS is_lead,
                COALESCE(l.referred, '') <> '' AS recommended,
                CASE WHEN team.lead_id IS NULL THEN l.team_id
                    ELSE NULLIF(team.old_value_integer, 0) END AS team,
                COALESCE(CASE WHEN revenue.lead_id IS NULL THEN l.expected_revenue
                    ELSE revenue.old_value_float END, 0)::float8 AS revenue,
                CASE WHEN partner.lead_id IS NULL THEN l.partner_id
                    ELSE NULLIF(partner.old_value_integer, 0) END AS partner_id,
                CASE WHEN email.lead_id IS NOT NULL AND COALESCE(email.old_value_char, '') = ''
                    THEN 0 ELSE %(email)s END AS email,
                CASE WHEN phone.lead_id IS NOT NULL AND COALESCE(phone.old_value_char, '') = ''
                    THEN 0 ELSE %(phone)s END AS phone
            FROM lead l
            LEFT JOIN change team ON team.lead_id = l.id AND team.name = 'team_id'
            LEFT JOIN change revenue ON revenue.lead_id = l.id
                AND revenue.name = 'expected_revenue'
            LEFT JOIN change partner ON partner.lead_id = l.id AND partner.name = 'partner_id'
            LEFT JOIN change email ON email.lead_id = l.id AND email.name = 'email_from'
            LEFT JOIN change phone ON phone.lead_id = l.id AND phone.name = 'phone'""",
            companies=self._get_lead_companies(company),
            chosen=chosen,
            change=self._prepare_first_changes(),
            email=email,
            phone=phone,
        )

    def _prepare_first_changes(self):
        """Return the query of what closed leads had before the first change of a field."""
        return SQL(
            """SELECT DISTINCT ON (m.res_id, f.name) m.res_id AS lead_id, f.name,
                t.old_value_integer, t.old_value_float, t.old_value_char
            FROM lead l
            JOIN mail_message m ON m.model = 'crm.lead' AND m.res_id = l.id
            JOIN mail_tracking_value t ON t.mail_message_id = m.id
            JOIN ir_model_fields f ON f.id = t.field_id
            WHERE %s AND f.model = 'crm.lead' AND f.name = ANY(%s)
            ORDER BY m.res_id, f.name, t.id""",
            CLOSED,
            TRACKED,
        )

    def _prepare_past(self, company, ordered):
        """Return the query of what a lead's customer had ordered, won and lost before it came.

        Orders and endings are put in one line of time with the leads, and added up to each lead:
        the work grows with the number of facts, not with its square. A day's orders count from
        the next day on.
        """
        return SQL(
            """WITH owner AS MATERIALIZED (
                SELECT came.lead_id, came.at, p.commercial_partner_id AS customer_id
                FROM came JOIN res_partner p ON p.id = came.partner_id),
            customer AS MATERIALIZED (SELECT DISTINCT customer_id FROM owner),
            event AS (
                SELECT customer_id, at, 0 AS kind, lead_id, 0 AS orders, 0 AS won, 0 AS lost
                FROM owner
                UNION ALL
                SELECT c.customer_id, l.date_closed, 1, NULL, 0, (l.won_status = 'won')::int,
                    (l.won_status = 'lost')::int
                FROM customer c
                JOIN res_partner p ON p.commercial_partner_id = c.customer_id
                JOIN crm_lead l ON l.partner_id = p.id
                WHERE %(companies)s AND %(closed)s AND l.date_closed IS NOT NULL
                UNION ALL
                SELECT DISTINCT f.partner_id, (f.date + 1)::timestamp, 1, NULL::int, 1, 0, 0
                FROM customer c JOIN logistics_order_fact f ON f.partner_id = c.customer_id
                WHERE f.company_id = %(company)s AND f.quantity > 0 AND NOT f.is_return
                    AND %(ordered)s),
            line AS (
                SELECT lead_id, SUM(orders) OVER past AS orders, SUM(won) OVER past AS won,
                    SUM(lost) OVER past AS lost,
                    MAX(CASE WHEN lead_id IS NULL THEN at END) OVER past AS as_of
                FROM event
                WINDOW past AS (
                    PARTITION BY customer_id ORDER BY at, kind ROWS UNBOUNDED PRECEDING))
            SELECT * FROM line WHERE lead_id IS NOT NULL""",
            companies=self._get_lead_companies(company),
            closed=CLOSED,
            company=company.id,
            ordered=ordered,
        )
