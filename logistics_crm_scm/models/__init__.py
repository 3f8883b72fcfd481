from . import logistics_order_fact, logistics_timeline, res_partner
