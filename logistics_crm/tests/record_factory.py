"""Makes a record of any model, from the registry: what is required is filled in."""

from odoo import fields


class RecordFactory:
    """Makes one record of each model asked for; what records refer to is made or given.

    Parameters
    ----------
    env : odoo.api.Environment
    given : dict of str to Model
        Records to refer to, by model: the customer, the company and the like.
    values : dict of str to dict
        Values by model where the first choice is not good enough.
    """

    def __init__(self, env, given, values):
        self.env = env
        self.made = dict(given)
        self.values = values

    def make(self, name):
        """Return the record of a model, made when it is asked for first.

        Of a view it is the row of the records that were made; empty where there is none.
        """
        if name not in self.made:
            model = self.env[name]
            if model._auto:
                self.made[name] = model.create(self._prepare(model))
            else:
                self.env.flush_all()
                self.made[name] = model.search(self._get_domain(model), limit=1)
        return self.made[name]

    def _prepare(self, model):
        values = {**self.values.get(model._name, {})}
        wanted = {"company_id", "partner_id", "case_id", "employee_id"}
        for name, field in model._fields.items():
            is_plain = field.store and not field.related and not (field.compute and field.readonly)
            if name in values or name in ("create_uid", "write_uid") or not is_plain:
                continue
            if name in wanted or (field.required and not self._has_default(model, name)):
                values[name] = self._get_value(field)
        return values

    def _has_default(self, model, name):
        field = model._fields[name]
        return bool(field.default or field.compute)

    def _get_value(self, field):
        if field.type == "many2one":
            return self.make(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        values = {
            "char": "x",
            "text": "x",
            "html": "<p>x</p>",
            "date": fields.Date.today(),
            "datetime": fields.Datetime.now(),
            "json": {},
        }
        return values.get(field.type, 1)

    def _get_domain(self, model):
        customer = self.made["res.partner"]
        for name in ("commercial_partner_id", "partner_id"):
            if name in model._fields:
                return [(name, "=", customer.id)]
        return []
