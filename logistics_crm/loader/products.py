"""Which products the keys of a source mean: by mapping, by code, by barcode, else new ones."""

from odoo.tools import SQL

from .keys import QUIET, map_keys, mapping_join, open_lines


def check_products(load):
    """Reject products whose code fits several, or that are unknown and not to be created."""
    return SQL(
        """
        WITH matched AS (%(matched)s), judged AS (
            SELECT matched.key, CASE
                WHEN matched.product_id IS NULL AND NOT %(create)s THEN 'unknown_product'
                WHEN matched.fitting > 1 THEN 'ambiguous_product'
                WHEN template.company_id <> ALL(%(companies)s) THEN 'foreign_product'
                END AS verdict
              FROM matched
              LEFT JOIN product_product product ON product.id = matched.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
        )
        UPDATE logistics_history_stage s
           SET reject_field = 'product', reject_reason = judged.verdict
          FROM judged
         WHERE %(open)s AND s.raw_product = judged.key AND judged.verdict IS NOT NULL
        """,
        matched=_matched(load),
        create=load.create_missing,
        companies=load.company_id.parent_ids.ids,
        open=open_lines(load),
    )


def map_products(load):
    """Give every product key of the good lines a mapping; create products that are missing."""
    with load._large_joins():
        unmapped = load.env.execute_query(
            SQL(
                """
                SELECT matched.key, matched.product_id, named.raw_product_name
                  FROM (%(matched)s) matched
                  LEFT JOIN logistics_history_stage named
                    ON named.load_id = %(load)s AND named.row_no = matched.name_row
                 WHERE matched.key_id IS NULL
                """,
                matched=_matched(load),
                load=load.id,
            )
        )
    map_keys(load, "product", unmapped, _create_products)


def _matched(load):
    """Return the query for the keys of the good lines.

    Columns: `key`, `key_id` (mapping or NULL), `product_id` (or NULL), `fitting` (number of
    products that fit equally well), `name_row` (first line that tells the product's name).
    Products of the company or of all companies count. An internal reference goes before a barcode,
    a product in use before an archived one: history may well be about archived products.
    """
    return SQL(
        """
        WITH keys AS (
            SELECT s.raw_product AS key,
                   min(s.row_no) FILTER (WHERE s.raw_product_name IS NOT NULL) AS name_row
              FROM logistics_history_stage s
             WHERE %(open)s
             GROUP BY s.raw_product
        ), mapped AS (
            SELECT keys.*, mapping.id AS key_id, mapping.product_id FROM keys %(mapping)s
        ), candidates AS (
            SELECT mapped.key, product.id, template.company_id, 1 AS rank,
                   product.active AND template.active AS active
              FROM mapped JOIN product_product product ON product.default_code = mapped.key
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE mapped.key_id IS NULL
            UNION ALL
            SELECT mapped.key, product.id, template.company_id, 2,
                   product.active AND template.active
              FROM mapped JOIN product_product product ON product.barcode = mapped.key
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE mapped.key_id IS NULL
        ), ranked AS (
            SELECT key, id, rank() OVER (PARTITION BY key ORDER BY rank, active DESC) AS place
              FROM candidates
             WHERE company_id IS NULL OR company_id = ANY(%(companies)s)
        ), best AS (
            SELECT key, min(id) AS id, count(*) AS fitting FROM ranked WHERE place = 1 GROUP BY key
        )
        SELECT mapped.key, mapped.key_id, COALESCE(mapped.product_id, best.id) AS product_id,
               COALESCE(best.fitting, 1) AS fitting, mapped.name_row
          FROM mapped LEFT JOIN best ON best.key = mapped.key
        """,
        open=open_lines(load),
        mapping=mapping_join(load, "product"),
        companies=load.company_id.parent_ids.ids,
    )


def _create_products(load, batch):
    # sudo: a Manager loads history without the right to maintain products. What is made here
    # holds no more than key and name, and the caller was checked to be a Manager.
    products = load.env["product.product"].sudo().with_context(**QUIET)
    codes = load.env["logistics.code.scheme"]._next_codes("product.product", len(batch))
    return products.create(
        [
            {
                "name": name or key,
                "default_code": code,
                "type": "consu",
                "sale_ok": True,
                "list_price": 0.0,
            }
            for code, (key, _id, name) in zip(codes, batch, strict=True)
        ]
    )
