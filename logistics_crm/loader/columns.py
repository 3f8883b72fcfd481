from odoo.tools import SQL

COLUMNS = (
    "order",
    "line",
    "date",
    "customer",
    "product",
    "quantity",
    "amount",
    "currency",
    "customer_name",
    "customer_country",
    "product_name",
    "promised",
    "delivered",
)
"""What one sales line consists of, in the order in which rows carry it."""

KEY_LENGTH = 255
"""Longest order, line, customer key or product key, in bytes of UTF-8."""

NAME_LENGTH = 1000
"""Longest customer or product name, in bytes of UTF-8."""

STAGE_TABLE = "logistics_history_stage"

CREATE_STAGE = SQL(
    """
    CREATE UNLOGGED TABLE IF NOT EXISTS logistics_history_stage (
        load_id integer NOT NULL,
        row_no integer NOT NULL,
        raw_order text,
        raw_line text,
        raw_date text,
        raw_customer text,
        raw_product text,
        raw_quantity text,
        raw_amount text,
        raw_currency text,
        raw_customer_name text,
        raw_customer_country text,
        raw_product_name text,
        raw_promised text,
        raw_delivered text,
        reject_field text,
        reject_reason text,
        PRIMARY KEY (load_id, row_no)
    )
    """
)

COPY_ROWS = """
    COPY logistics_history_stage (
        load_id, row_no, raw_order, raw_line, raw_date, raw_customer, raw_product, raw_quantity,
        raw_amount, raw_currency, raw_customer_name, raw_customer_country, raw_product_name,
        raw_promised, raw_delivered
    ) FROM STDIN WITH (FORMAT text, NULL '')
"""

COPY_FLAGGED_ROWS = """
    COPY logistics_history_stage (
        load_id, row_no, raw_order, raw_line, raw_date, raw_customer, raw_product, raw_quantity,
        raw_amount, raw_currency, raw_customer_name, raw_customer_country, raw_product_name,
        raw_promised, raw_delivered, reject_field, reject_reason
    ) FROM STDIN WITH (FORMAT text, NULL '')
"""
