from . import test_access, test_delivery, test_delivery_figures
