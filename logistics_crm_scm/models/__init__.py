from . import logistics_flow, logistics_order_fact, logistics_timeline, res_partner
