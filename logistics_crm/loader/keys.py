"""What the searches for customers and products have in common."""

from odoo.tools import SQL

CREATE_BATCH = 500

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}
"""Context for records made in bulk: nobody follows them, nothing is logged on them."""


def open_lines(load, alias="s"):
    """Return the condition for the lines of `load` that have no reason against them so far."""
    return SQL(
        "%(s)s.load_id = %(load)s AND %(s)s.reject_reason IS NULL",
        s=SQL.identifier(alias),
        load=load.id,
    )


def mapping_join(load, kind):
    """Return the join of the mapping to a subquery `keys` with the column `key`."""
    return SQL(
        """
        LEFT JOIN logistics_source_key mapping
          ON mapping.company_id = %(company)s AND mapping.source = %(source)s
         AND mapping.kind = %(kind)s AND mapping.key = keys.key
        """,
        company=load.company_id.id,
        source=load.source,
        kind=kind,
    )


def store_keys(load, kind, keys, targets):
    """Write the mapping of keys to the ids of their customers or products, in one query.

    A key that another transaction has written meanwhile fails as a serialization error, on which
    Odoo repeats the call.
    """
    load.env.cr.execute(
        SQL(
            """
            INSERT INTO logistics_source_key (company_id, source, kind, key, %(target)s,
                   create_uid, write_uid, create_date, write_date)
            SELECT %(company)s, %(source)s, %(kind)s, pair.key, pair.target,
                   %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM unnest(%(keys)s::text[], %(targets)s::int[]) AS pair (key, target)
            ON CONFLICT (company_id, source, kind, key) DO NOTHING
            """,
            target=SQL.identifier("partner_id" if kind == "customer" else "product_id"),
            company=load.company_id.id,
            source=load.source,
            kind=kind,
            uid=load.env.uid,
            keys=list(keys),
            targets=list(targets),
        )
    )


def map_keys(load, kind, unmapped, create):
    """Complete the mapping for keys that lack one.

    Parameters
    ----------
    unmapped : list of tuples (key, id or None, ...)
        The keys with what was found for them, and what `create` needs.
    create : callable
        Takes a batch of these tuples, returns the records made for them in the same order.
    """
    found = [row for row in unmapped if row[1]]
    if found:
        store_keys(load, kind, [row[0] for row in found], [row[1] for row in found])
    missing = [row for row in unmapped if not row[1]]
    for start in range(0, len(missing), CREATE_BATCH):
        batch = missing[start : start + CREATE_BATCH]
        records = create(load, batch)
        store_keys(load, kind, [row[0] for row in batch], records.ids)
        load.env.invalidate_all()
