from . import test_code_scheme, test_customer_code
