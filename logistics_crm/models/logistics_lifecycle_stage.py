from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The stages that the nightly rules know; a company may add others, set by hand only.
RULE_CODES = ("prospect", "new", "growing", "mature", "declining", "lost", "recovered")


class LogisticsLifecycleStage(models.Model):
    """Where a customer stands in its life with us, and the figures by which the rules tell."""

    _name = "logistics.lifecycle.stage"
    _description = "Lifecycle Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How rules and other systems name the stage.")
    sequence = fields.Integer(default=100)
    color = fields.Integer()
    is_rule = fields.Boolean(string="Set by Rules", compute="_compute_is_rule")
    days = fields.Integer(
        help="New: after the first order. Recovered: after the order that ended the absence. "
        "Declining and lost: at least so many days without an order.",
    )
    most_days = fields.Integer(
        string="At Most", help="So many days without an order are enough, however rare orders are."
    )
    rhythm_factor = fields.Float(
        string="Times the Rhythm",
        digits=(4, 1),
        help="Without an order for so many times the customer's own days between two orders.",
    )
    change = fields.Float(
        string="Change of Amount",
        help="By how much the ordered amount rose or fell against the time before.",
    )
    rule = fields.Char(string="When", compute="_compute_rule")

    _code_uniq = models.UniqueIndex("(code)", "Another lifecycle stage has this code already.")

    @api.depends("code")
    def _compute_is_rule(self):
        for stage in self:
            stage.is_rule = stage.code in RULE_CODES

    @api.depends("code", "days", "most_days", "rhythm_factor", "change")
    @api.depends_context("lang")
    def _compute_rule(self):
        for stage in self:
            describe = getattr(stage, f"_describe_{stage.code}", stage._describe_other)
            stage.rule = describe()

    @api.constrains("code", "days", "most_days", "rhythm_factor", "change")
    def _check_figures(self):
        for stage in self:
            figures = (stage.days, stage.most_days, stage.rhythm_factor, stage.change)
            if min(figures) < 0 or stage.change > 1 and stage.code == "declining":
                raise ValidationError(
                    self.env._("The figures of %(stage)s cannot be below zero.", stage=stage.name)
                )
            if stage.code in ("declining", "lost") and stage.most_days < stage.days:
                raise ValidationError(
                    self.env._(
                        "%(stage)s: “At Most” cannot be less than the least number of days.",
                        stage=stage.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rule(self):
        if any(stage.is_rule for stage in self):
            raise UserError(
                self.env._("The nightly rules use this stage. You can rename it instead.")
            )

    def write(self, vals):
        """Keep the names by which the rules know their stages."""
        if "code" in vals and any(stage.is_rule and stage.code != vals["code"] for stage in self):
            raise UserError(
                self.env._("The nightly rules know this stage by its code. Change its name only.")
            )
        return super().write(vals)

    @api.model
    def _get_by_code(self):
        """Return the stages of the rules by code."""
        # sudo: whoever becomes a customer gets a stage; the figures of stages are no secret
        return {stage.code: stage for stage in self.sudo().search([("code", "in", RULE_CODES)])}

    # ------------------------------------------------------------------ the rules in words

    def _describe_prospect(self):
        return self.env._("A customer, a lead or a quotation, and no order yet.")

    def _describe_new(self):
        return self.env._("The first order came in the last %(days)s days.", days=self.days)

    def _describe_growing(self):
        return self.env._(
            "Ordered at least %(change)s%% more than in the time before.",
            change=round(self.change * 100),
        )

    def _describe_mature(self):
        return self.env._("Orders in the usual rhythm, about as much as before.")

    def _describe_declining(self):
        return self.env._(
            "No order for %(factor)s times the usual rhythm (at least %(days)s days), or at least "
            "%(change)s%% less than in the time before.",
            factor=round(self.rhythm_factor, 1),
            days=self.days,
            change=round(self.change * 100),
        )

    def _describe_lost(self):
        return self.env._(
            "No order for %(factor)s times the usual rhythm, at least %(days)s and at most "
            "%(most)s days.",
            factor=round(self.rhythm_factor, 1),
            days=self.days,
            most=self.most_days,
        )

    def _describe_recovered(self):
        return self.env._("Was lost and ordered again in the last %(days)s days.", days=self.days)

    def _describe_other(self):
        return self.env._("Set by hand only.")
