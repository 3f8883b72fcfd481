from odoo.tools import SQL


def factor(load, currency, day):
    """Return the expression that turns an amount in `currency` into company currency on `day`.

    It is Odoo's own conversion (latest rate of the root company, else the shared one, not after
    `day`) without its fall-backs: where Odoo would take a later rate or 1.0, it is NULL. Only a
    company currency that has no rates at all counts as 1.0, being the one the others refer to.
    """
    own = SQL("%s", load.company_id.currency_id.id)
    return SQL(
        """
        CASE WHEN %(currency)s = %(own)s THEN 1.0
        ELSE COALESCE(%(own_rate)s, CASE WHEN NOT EXISTS (
                SELECT FROM res_currency_rate r
                 WHERE r.currency_id = %(own)s AND (r.company_id IS NULL OR r.company_id = %(root)s)
            ) THEN 1.0 END) / NULLIF(%(rate)s, 0)
        END
        """,
        currency=currency,
        own=own,
        own_rate=_rate(load, own, day),
        rate=_rate(load, currency, day),
        root=load.company_id.root_id.id,
    )


def _rate(load, currency, day):
    return SQL(
        """
        (SELECT r.rate FROM res_currency_rate r
          WHERE r.currency_id = %(currency)s AND r.name <= %(day)s
            AND (r.company_id IS NULL OR r.company_id = %(root)s)
          ORDER BY r.company_id, r.name DESC LIMIT 1)
        """,
        currency=currency,
        day=day,
        root=load.company_id.root_id.id,
    )
