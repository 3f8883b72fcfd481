from odoo import models


class CustomerListReport(models.AbstractModel):
    """The customer list."""

    _name = "report.logistics_crm.report_customer_list"
    _inherit = ["logistics.list.report"]
    _description = "Customer List"
    _export_xmlid = "logistics_crm.export_customer_list"


class ContactListReport(models.AbstractModel):
    """The contact list."""

    _name = "report.logistics_crm.report_contact_list"
    _inherit = ["logistics.list.report"]
    _description = "Contact List"
    _export_xmlid = "logistics_crm.export_contact_list"


class SalesListReport(models.AbstractModel):
    """The sales list."""

    _name = "report.logistics_crm.report_sales_list"
    _inherit = ["logistics.list.report"]
    _description = "Sales List"
    _export_xmlid = "logistics_crm.export_sales_list"


class FeedbackListReport(models.AbstractModel):
    """The feedback list."""

    _name = "report.logistics_crm.report_feedback_list"
    _inherit = ["logistics.list.report"]
    _description = "Feedback List"
    _export_xmlid = "logistics_crm.export_feedback_list"
