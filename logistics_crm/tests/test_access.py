from odoo.tests import TransactionCase, tagged

from .access import AccessMatrixMixin

CONFIGURATION = {"user": "r", "officer": "r", "manager": "crud"}
LOG = {"user": "cru", "officer": "cru", "manager": "crud"}
OFFICE_WIZARD = {"officer": "crud", "manager": "crud"}
OFFICE = {"officer": "r", "manager": "crud"}
WIZARD = {"user": "crud", "officer": "crud", "manager": "crud"}
TEAM = {"user": "r", "officer": "crud", "manager": "crud"}
READ_ONLY = {"user": "r", "officer": "r", "manager": "r"}
WIZARD = {"user": "crud", "officer": "crud", "manager": "crud"}


@tagged("post_install", "-at_install")
class TestAccess(AccessMatrixMixin, TransactionCase):
    addon = "logistics_crm"
    matrix = {
        "logistics.account.member": TEAM,
        "logistics.account.role": CONFIGURATION,
        "logistics.article": {**LOG, "portal": "r"},
        "logistics.case": {"user": "cru", "officer": "cru", "manager": "crud"},
        "logistics.case.answering": {},
        "logistics.case.category": CONFIGURATION,
        "logistics.case.credit": OFFICE_WIZARD,
        "logistics.case.credit.line": OFFICE_WIZARD,
        "logistics.case.discipline": LOG,
        "logistics.case.merge": WIZARD,
        "logistics.case.split": WIZARD,
        "logistics.case.split.line": WIZARD,
        "logistics.case.pause": READ_ONLY,
        "logistics.case.stage": CONFIGURATION,
        "logistics.case.workload": READ_ONLY,
        "logistics.call": LOG,
        "logistics.case.mailbox": OFFICE,
        "logistics.case.match": WIZARD,
        "logistics.case.match.line": WIZARD,
        "logistics.code.alias": {"manager": "r"},
        "logistics.code.format": CONFIGURATION,
        "logistics.code.scheme": CONFIGURATION,
        "logistics.contact.visit": {"manager": "r"},
        "logistics.contact.role": CONFIGURATION,
        "logistics.data.sharing": {"manager": "ru"},
        "logistics.flow": READ_ONLY,
        "logistics.flow.bottleneck": {"officer": "r", "manager": "r"},
        "logistics.flow.stage": {"user": "r", "officer": "r", "manager": "ru"},
        "logistics.flow.step": READ_ONLY,
        "logistics.history.load": OFFICE,
        "logistics.history.load.column": OFFICE,
        "logistics.lifecycle.move": READ_ONLY,
        "logistics.lifecycle.stage": CONFIGURATION,
        "logistics.order.fact": READ_ONLY,
        "logistics.playbook": CONFIGURATION,
        "logistics.playbook.preview": {"manager": "crud"},
        "logistics.playbook.preview.line": {"manager": "crud"},
        "logistics.playbook.start": {"user": "r", "officer": "ru", "manager": "rud"},
        "logistics.playbook.step": READ_ONLY,
        "logistics.partner.role": CONFIGURATION,
        "logistics.sales.history": {"user": "r", "officer": "r", "manager": "rd"},
        "logistics.sales.quality": READ_ONLY,
        "logistics.service.settings": {"manager": "crud"},
        "logistics.sla.policy": CONFIGURATION,
        "logistics.source.key": OFFICE,
        "logistics.timeline": READ_ONLY,
    }

    def test_every_group_may_do_what_the_matrix_says(self):
        self.check_access_matrix()
