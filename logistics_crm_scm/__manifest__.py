{
    "name": "Logistics CRM: Supply Chain",
    "summary": "What customers were promised and what was delivered, on the same records",
    "version": "19.0.1.1.0",
    "category": "Supply Chain/Inventory",
    "author": "Logistics CRM for Odoo",
    "license": "LGPL-3",
    "depends": [
        "logistics_crm",
        "purchase_stock",
        "repair",
        "sale_stock",
        "stock_account",
        "stock_delivery",
    ],
    "assets": {
        "web.assets_backend": ["logistics_crm_scm/static/src/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/logistics_crm_scm_groups.xml",
        "security/ir.model.access.csv",
        "security/logistics_crm_scm_rules.xml",
        "views/logistics_order_fact_views.xml",
        "views/res_partner_views.xml",
        "views/logistics_crm_scm_menus.xml",
    ],
}
