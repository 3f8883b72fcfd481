from . import case_satisfaction, contact_form, history_load, portal_article, portal_case
