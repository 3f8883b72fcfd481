from . import (
    test_access,
    test_access_matrix,
    test_delivery,
    test_delivery_figures,
    test_flow,
    test_promise,
    test_promise_allocation,
    test_promise_api,
    test_promise_hold,
    test_promise_lead,
    test_quotation_to_refund,
    test_timeline,
)
