from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.logistics_case_satisfaction import CSAT_RANGE, NPS_RANGE
from ..tools.plain_text import storable

UNKNOWN = "logistics_crm.satisfaction_unknown"
FORM = "logistics_crm.satisfaction_form"
THANKS = "logistics_crm.satisfaction_thanks"


def read_score(text, scores):
    """Return a score (int) out of a range, None for whatever else was sent."""
    return int(text) if text and text.isascii() and text.isdigit() and int(text) in scores else None


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
    def ask(self, token, csat=None, **_params):
        """Show the questions, with the score of the link chosen."""
        case = self._find_case(token)
        if not case:
            return request.render(UNKNOWN, status=404)
        answered = bool(case.satisfaction_date)
        return self._render_form(
            case,
            csat=read_score(csat, CSAT_RANGE) or case.csat,
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
    def answer(self, token, csat=None, nps=None, comment="", **_params):
        """Store the answer, or say what is missing."""
        case = self._find_case(token)
        if not case:
            return request.render(UNKNOWN, status=404)
        score = read_score(csat, CSAT_RANGE)
        try:
            case._set_satisfaction(score, read_score(nps, NPS_RANGE), comment)
        except UserError as error:
            return self._render_form(
                case, nps=read_score(nps, NPS_RANGE), comment=comment, error=str(error)
            )
        return request.render(THANKS, {"case": case})

    def _find_case(self, token):
        case = request.env["logistics.case"]._find_by_satisfaction_token(storable(token))
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
