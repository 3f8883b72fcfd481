from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm.tests.access import AccessMatrixMixin


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrixMixin, TransactionCase):
    addon = "logistics_crm_scm"
    groups = {
        **AccessMatrixMixin.groups,
        "dispatcher": "logistics_crm_scm.group_dispatcher",
        "planner": "logistics_crm_scm.group_planner",
    }
    readers = dict.fromkeys(("user", "officer", "manager", "dispatcher", "planner"), "r")
    matrix = {
        "logistics.order.fact": dict.fromkeys(
            ("user", "officer", "manager", "dispatcher", "planner"), "r"
        ),
        "logistics.sales.history": {"user": "r", "officer": "r", "manager": "rd"},
        "logistics.promise.line": readers,
        "logistics.promise.part": readers,
        "logistics.promise.change": readers,
        "logistics.promise.turn": {},
        "logistics.promise.recheck": {"planner": "r"},
        "logistics.promise.rescue": dict.fromkeys(readers, "cru"),
    }

    def test_every_group_may_do_what_the_matrix_says(self):
        self.check_access_matrix()
