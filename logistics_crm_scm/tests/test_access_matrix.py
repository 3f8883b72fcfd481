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
    _readers = dict.fromkeys(("user", "officer", "manager", "dispatcher", "planner"), "r")
    matrix = {
        "logistics.order.fact": dict.fromkeys(
            ("user", "officer", "manager", "dispatcher", "planner"), "r"
        ),
        "logistics.lead.product": dict.fromkeys(("user", "officer", "manager"), "crud"),
        "logistics.promise.allocation": {
            "officer": "r",
            "manager": "crud",
            "dispatcher": "r",
            "planner": "crud",
        },
        "logistics.promise.change": _readers,
        "logistics.promise.check": dict.fromkeys(_readers, "cru"),
        "logistics.promise.component": _readers,
        "logistics.promise.line": _readers,
        "logistics.promise.part": _readers,
        "logistics.promise.turn": {},
        "logistics.sales.history": {"user": "r", "officer": "r", "manager": "rd"},
        "logistics.promise.recheck": {"planner": "r"},
        "logistics.promise.rescue": dict.fromkeys(_readers, "r"),
    }

    def test_every_group_may_do_what_the_matrix_says(self):
        self.check_access_matrix()
