from . import logistics_order_fact
