from importlib.util import find_spec

from . import (
    test_access,
    test_access_matrix,
    test_delivery,
    test_delivery_figures,
    test_flow,
    test_promise,
    test_promise_agreed,
    test_promise_allocation,
    test_promise_api,
    test_promise_bought_less,
    test_promise_call,
    test_promise_components,
    test_promise_dropship,
    test_promise_earlier,
    test_promise_edges,
    test_promise_expiry,
    test_promise_far,
    test_promise_form,
    test_promise_hold,
    test_promise_js,
    test_promise_kits,
    test_promise_late_order,
    test_promise_lead,
    test_promise_less,
    test_promise_limits,
    test_promise_moved,
    test_promise_mrp,
    test_promise_notice,
    test_promise_offer,
    test_promise_on_order,
    test_promise_quantity,
    test_promise_recheck,
    test_promise_rescue,
    test_promise_reservation,
    test_promise_rules_of_supply,
    test_promise_screens,
    test_promise_shared_components,
    test_promise_subcontracted,
    test_promise_together,
    test_promise_together_later,
    test_promise_tour,
    test_promise_wish,
    test_quotation_to_refund,
    test_timeline,
)

if find_spec("hypothesis"):  # of the test requirements; an Odoo that tests itself may not have it
    from . import test_promise_property

if find_spec("hypothesis") and find_spec("scipy"):
    from . import test_promise_production_property
