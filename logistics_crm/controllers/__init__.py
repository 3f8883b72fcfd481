from . import case_satisfaction, history_load, portal_article
