from . import (
    test_access,
    test_code_scheme,
    test_customer_code,
    test_order_fact,
    test_order_fact_history,
    test_trust,
)
