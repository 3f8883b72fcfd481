{
    "name": "Logistics CRM: Supply Chain",
    "summary": "What customers were promised and what was delivered, on the same records",
    "version": "19.0.1.0.0",
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
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/logistics_crm_scm_groups.xml",
        "security/ir.model.access.csv",
        "views/logistics_crm_scm_menus.xml",
    ],
}
