from . import (
    base_partner_merge,
    logistics_api,
    logistics_code_format,
    logistics_code_scheme,
    res_partner,
    res_users,
)
