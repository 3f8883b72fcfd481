from . import (
    logistics_account_member,
    logistics_account_role,
    logistics_api,
    logistics_case,
    logistics_case_category,
    logistics_case_pause,
    logistics_case_stage,
    logistics_call,
    logistics_code_format,
    logistics_code_scheme,
    logistics_contact_role,
    logistics_history_load,
    logistics_history_load_column,
    logistics_history_load_file,
    logistics_history_load_job,
    logistics_history_load_mapping,
    logistics_history_load_run,
    logistics_partner_role,
    logistics_sales_history,
    logistics_sla_policy,
    logistics_source_key,
    res_company,
    res_currency,
    res_partner,
    res_partner_contact,
    res_partner_history,
    res_partner_team,
    res_users,
)

# isort: split
# last: its SQL view reads the tables of the models above
from . import logistics_order_fact
