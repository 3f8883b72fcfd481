from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.logistics_case_satisfaction import CSAT_RANGE, NPS_RANGE
from .text_params import text_params

UNKNOWN = "logistics_crm.satisfaction_unknown"
FORM = "logistics_crm.satisfaction_form"
THANKS = "logistics_crm.satisfaction_thanks"


NO_SCORE = -1  # in no range


def read_score(text, scores):
    """Return a score (int) out of a range, None where none was sent, NO_SCORE for odd ones."""
    if not text:
        return None
    return next((score for score in scores if str(score) == text), NO_SCORE)


class CaseSatisfactionController(http.Controller):
    """The page on which a customer says how a case went; no account, the token opens it.

    Opening the page stores nothing: mail programs open links by themselves.
    """

    @http.route(
        "/case/satisfaction/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    @text_params
    def ask(self, token, csat=None, **_params):
        """Show the questions, with the score of the link chosen."""
        case = self._find_case(token)
        if not case:
            return request.render(UNKNOWN, status=404)
        answered = bool(case.satisfaction_date)
        chosen = read_score(csat, CSAT_RANGE)
        return self._render_form(
            case,
            csat=chosen if chosen in CSAT_RANGE else case.csat,
            nps=case.nps if case.nps_group else None,
            comment=case.satisfaction_comment or "",
            answered=answered,
        )

    @http.route(
        "/case/satisfaction/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    @text_params
    def answer(self, token, csat=None, nps=None, comment="", **_params):
        """Store the answer, or say what is missing."""
        case = self._find_case(token)
        if not case:
            return request.render(UNKNOWN, status=404)
        score, likely = read_score(csat, CSAT_RANGE), read_score(nps, NPS_RANGE)
        try:
            case._set_satisfaction(score, likely, comment)
        except UserError as error:
            return self._render_form(case, score, likely, comment, error=str(error))
        return request.render(THANKS, {"case": case})

    def _find_case(self, token):
        case = request.env["logistics.case"]._find_by_satisfaction_token(token)
        if case.partner_id.lang:
            request.update_context(lang=case.partner_id.lang)
            case = case.with_context(lang=case.partner_id.lang)
        return case

    def _render_form(self, case, csat=None, nps=None, comment="", answered=False, error=None):
        return request.render(
            FORM,
            {
                "case": case,
                "csat": csat,
                "nps": nps,
                "comment": comment,
                "answered": answered,
                "error": error,
                "csat_scores": CSAT_RANGE,
                "nps_scores": NPS_RANGE,
            },
        )
