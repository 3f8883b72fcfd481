{
    "name": "Logistics CRM: Mining",
    "summary": "Customer scores that are right, explained and acted on",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Logistics CRM for Odoo",
    "license": "LGPL-3",
    "depends": ["logistics_crm_scm"],
    "external_dependencies": {"python": ["pandas", "scikit-learn"]},
    "data": [
        "security/logistics_crm_mining_groups.xml",
        "security/ir.model.access.csv",
        "views/logistics_crm_mining_menus.xml",
    ],
}
