from . import (
    test_access,
    test_access_matrix,
    test_api,
    test_churn,
    test_copy_frame,
    test_dashboard,
    test_key_account,
    test_list,
    test_list_measure,
    test_partner,
    test_queue,
    test_scoring,
)
