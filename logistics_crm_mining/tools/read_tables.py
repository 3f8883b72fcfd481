"""Tables that grow large and that runs and campaign lists read as a whole."""

READ_TABLES = (
    "account_move",
    "account_move_line",
    "crm_lead",
    "logistics_mining_list_member",
    "logistics_mining_score",
    "logistics_sales_history",
    "mail_tracking_value",
    "product_product",
    "res_partner",
    "sale_order",
    "sale_order_line",
)
