from . import logistics_order_fact, res_partner
