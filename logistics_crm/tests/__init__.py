from . import (
    test_access,
    test_code_scheme,
    test_customer_code,
    test_history_load_flow,
    test_history_load_route,
    test_order_fact,
    test_order_fact_history,
    test_sales_file,
    test_trust,
)
