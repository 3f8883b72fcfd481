"""Which customers the keys of a source mean: by mapping, by our code, else new ones."""

from odoo.tools import SQL

from .keys import QUIET, map_keys, mapping_join, open_lines


def check_customers(load):
    """Reject customers that are archived, another company's, or unknown and not to be created."""
    return SQL(
        """
        WITH matched AS (%(matched)s), judged AS (
            SELECT matched.key, CASE
                WHEN matched.partner_id IS NULL AND NOT %(create)s THEN 'unknown_customer'
                WHEN NOT partner.active THEN 'archived_customer'
                WHEN partner.company_id <> ALL(%(companies)s) THEN 'foreign_customer'
                END AS verdict
              FROM matched LEFT JOIN res_partner partner ON partner.id = matched.partner_id
        )
        UPDATE logistics_history_stage s
           SET reject_field = 'customer', reject_reason = judged.verdict
          FROM judged
         WHERE %(open)s AND s.raw_customer = judged.key AND judged.verdict IS NOT NULL
        """,
        matched=_matched(load),
        create=load.create_missing,
        companies=load.company_id.parent_ids.ids,
        open=open_lines(load),
    )


def map_customers(load):
    """Give every customer key of the good lines a mapping; create customers that are missing."""
    with load._large_joins():
        unmapped = load.env.execute_query(
            SQL(
                """
                SELECT matched.key, matched.partner_id, named.raw_customer_name,
                       placed.raw_customer_country
                  FROM (%(matched)s) matched
                  LEFT JOIN logistics_history_stage named
                    ON named.load_id = %(load)s AND named.row_no = matched.name_row
                  LEFT JOIN logistics_history_stage placed
                    ON placed.load_id = %(load)s AND placed.row_no = matched.country_row
                 WHERE matched.key_id IS NULL
                """,
                matched=_matched(load),
                load=load.id,
            )
        )
    # Who has bought is a customer, whatever the partner was known as before.
    found = {partner_id for _key, partner_id, *_rest in unmapped if partner_id}
    new_customers = (
        load.env["res.partner"].browse(found).filtered(lambda partner: not partner.customer_rank)
    )
    new_customers.with_context(**QUIET).write({"customer_rank": 1})
    map_keys(load, "customer", unmapped, _create_partners)


def _matched(load):
    """Return the query for the keys of the good lines.

    Columns: `key`, `key_id` (mapping or NULL), `partner_id` (commercial partner or NULL),
    `name_row` and `country_row` (first lines that tell the customer's name and country).
    """
    return SQL(
        r"""
        SELECT keys.key, mapping.id AS key_id, known.commercial_partner_id AS partner_id,
               keys.name_row, keys.country_row
          FROM (
            SELECT s.raw_customer AS key,
                   upper(regexp_replace(s.raw_customer, '\s+', '', 'g')) AS code,
                   min(s.row_no) FILTER (WHERE s.raw_customer_name IS NOT NULL) AS name_row,
                   min(s.row_no) FILTER (WHERE s.raw_customer_country IS NOT NULL) AS country_row
              FROM logistics_history_stage s
             WHERE %(open)s AND s.raw_customer IS NOT NULL
             GROUP BY s.raw_customer
          ) keys
          %(mapping)s
          LEFT JOIN res_partner coded
            ON mapping.id IS NULL AND coded.customer_code = keys.code
          LEFT JOIN logistics_code_alias former
            ON mapping.id IS NULL AND coded.id IS NULL
           AND former.model = 'res.partner' AND former.code = keys.code
          LEFT JOIN res_partner known
            ON known.id = COALESCE(mapping.partner_id, coded.id, former.res_id)
        """,
        open=open_lines(load),
        mapping=mapping_join(load, "customer"),
    )


def _create_partners(load, batch):
    countries = _countries(load.env)
    return (
        load.env["res.partner"]
        .with_context(**QUIET)
        .create(
            [
                {
                    "name": name or key,
                    "is_company": True,
                    "customer_rank": 1,
                    "country_id": countries.get((country or "").lower(), False),
                }
                for key, _id, name, country in batch
            ]
        )
    )


def _countries(env):
    """Map ISO codes and English names, in lower case, to ids of countries."""
    countries = env["res.country"].with_context(lang="en_US").search_fetch([], ["code", "name"])
    names = {country.name.lower(): country.id for country in countries}
    return names | {country.code.lower(): country.id for country in countries if country.code}
