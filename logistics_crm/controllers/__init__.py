from . import case_satisfaction, history_load, portal_article
from . import contact_form, history_load, portal_case
