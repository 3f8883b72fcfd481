from . import (
    base_partner_merge,
    base_partner_merge_playbook,
    logistics_case_credit,
    logistics_case_credit_line,
    logistics_case_match,
    logistics_case_match_line,
    logistics_case_merge,
    logistics_case_split,
    logistics_case_split_line,
    logistics_playbook_preview,
    logistics_playbook_preview_line,
    logistics_service_settings,
)
