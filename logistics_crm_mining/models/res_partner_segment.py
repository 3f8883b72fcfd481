from odoo import fields, models

from .logistics_mining_scored_mixin import GROUP
from .res_partner import SCORE_CONTEXT


class ResPartner(models.Model):
    """Where a customer comes from, and whom they are like, where people look."""

    _inherit = "res.partner"

    previous_segment_id = fields.Many2one(
        "logistics.mining.segment",
        "Segment Before",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="The segment that the customer was in before; empty if there was no other.",
    )
    segment_since = fields.Date(
        "In the Segment since",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="The first day on which a run, or a look at earlier orders, found them there.",
    )
    segment_move = fields.Selection(
        [("up", "Moved Up"), ("down", "Moved Down")],
        "Move",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Whether the segment before was a better one, in the order of the list of segments.",
    )
    behaviour_id = fields.Many2one(
        "logistics.mining.group",
        "Orders Like",
        company_dependent=True,
        depends_context=SCORE_CONTEXT,
        index=False,
        readonly=True,
        groups=GROUP,
        help="Customers who order alike: rhythm, season, amounts, returns, products and places.",
    )
    behaviour_text = fields.Text(
        related="behaviour_id.description", related_sudo=False, groups=GROUP
    )

    def _get_score_fields(self):
        names = {"previous_segment_id", "segment_since", "segment_move", "behaviour_id"}
        return super()._get_score_fields() | names
