from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm.tests.access import AccessMatrixMixin

READERS = dict.fromkeys(("user", "officer", "manager"), "r")
LISTERS = ("user", "officer", "manager", "mining_manager")


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrixMixin, TransactionCase):
    addon = "logistics_crm_mining"
    groups = {
        **AccessMatrixMixin.groups,
        "mining_manager": "logistics_crm_mining.group_mining_manager",
    }
    matrix = {
        "logistics.mining.group": {**READERS, "mining_manager": "ru"},
        "logistics.mining.change": dict.fromkeys(LISTERS, "r"),
        "logistics.mining.list": dict.fromkeys(LISTERS, "crud"),
        "logistics.mining.list.member": dict.fromkeys(LISTERS, "rud"),
        "logistics.mining.run": {"mining_manager": "r"},
        "logistics.mining.score": {**READERS, "mining_manager": "r"},
        "logistics.mining.segment": {**READERS, "mining_manager": "ru"},
        "logistics.mining.task": {**READERS, "mining_manager": "ru"},
    }

    def test_every_group_may_do_what_the_matrix_says(self):
        self.check_access_matrix()
