from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.arguments import is_id
from ..tools.listing import list_names

OFFICER = "logistics_crm.group_logistics_officer"
USER = "logistics_crm.group_logistics_user"


class LogisticsDashboard(models.AbstractModel):
    """What each role looks at first: management, account managers, and customer service.

    A page is made of figures and cards; each card asks a question, answers it in words, and leads
    to the records behind each column. The cards of a role are methods ``_get_card_<name>(view)``
    that return a card; ``_get_cards`` names them, and add-ons add to it.

    Everything is read with the rights of the reader: a Logistics User sees the figures of their
    own customers. All amounts are of the current company, in its currency; amounts of several
    companies are never added up. What is counted is counted in the database.
    """

    _name = "logistics.dashboard"
    _inherit = "logistics.card.mixin"
    _description = "Logistics Dashboard"

    @api.model
    def get_data(self, role=False, months=12, segment_id=False, date_from=False, date_to=False):
        """Return everything one page shows, in the reader's language.

        Parameters
        ----------
        role : str, optional
            ``management``, ``account`` or ``service``; the reader's first one by default.
        months : int
            Length of the period that ends today; one of 6, 12, 24 or 36.
        segment_id : int, optional
            Only customers of this segment.
        date_from, date_to : str, optional
            First and last day (ISO 8601) of the period, in place of the months up to today; the
            last one is today by default, the first one so many months before the last.

        Returns
        -------
        dict
            ``company``, ``currency_id``, ``period``, ``roles`` and ``segments`` to choose from,
            ``role``, ``segment_id``, ``figures`` (each with ``label``, ``text``, ``value``,
            ``format``, ``change`` and ``target``) and ``cards`` (see `logistics.card.mixin`).

        Raises
        ------
        UserError
            A role, period, day or segment that is not offered, by its name.
        AccessError
            The reader is no Logistics User.
        """
        self = self.with_context(tz=self.env.tz.zone)
        period = self._get_period(months, date_from, date_to)
        view = self._get_view(role, period, segment_id)
        role = view["role"]
        return {
            "company": {"id": self.env.company.id, "name": self.env.company.name},
            "currency_id": self.env.company.currency_id.id,
            "period": self._describe_period(view),
            "roles": [{"key": key, "name": name} for key, name in self._get_roles().items()],
            "role": role,
            "segments": self._get_segments_offered(),
            "segment_id": view["segment"].id,
            "figures": getattr(self, f"_get_figures_{role}")(view),
            "cards": [getattr(self, f"_get_card_{name}")(view) for name in self._get_cards(role)],
        }

    @api.model
    def _get_roles(self):
        """Return {key: name} of the pages that the reader may see, theirs first."""
        roles = {
            "management": self.env._("Management"),
            "account": self.env._("Account Manager"),
            "service": self.env._("Customer Service"),
        }
        if not self.env.user.has_group(OFFICER):
            del roles["management"]
        return roles

    @api.model
    def _get_cards(self, role):
        """Return the names of the cards of a role, in order."""
        return {
            "management": [
                *("segments", "segment_values", "concentration", "risk", "risk_managers"),
                *("moves", "classes", "delivery", "changes"),
            ],
            "account": [
                *("calls", "sales", "next_orders", "promises", "segments", "moves", "leads"),
            ],
            "service": [
                *("case_deadlines", "case_ages", "case_response", "case_sla"),
                *("case_satisfaction", "case_categories", "case_segments", "case_risks"),
            ],
        }[role]

    @api.model
    def _get_view(self, role, period, segment_id):
        """Return what all cards of a page have in common."""
        self._check_reader()
        roles = self._get_roles()
        role = role or next(iter(roles))
        if not isinstance(role, str) or role not in roles:
            offered = list_names(self.env, roles)
            raise UserError(self.env._("“role” must be one of: %(roles)s.", roles=offered))
        view = {**period, "role": role, "segment": self._get_segment(segment_id)}
        view["customers"] = self._get_customer_domain(view)
        return view

    @api.model
    def _check_reader(self):
        if not self.env.user.has_group(USER):
            raise AccessError(
                self.env._("Dashboards are for Logistics Users: ask an administrator for a role.")
            )

    @api.model
    def _get_segment(self, segment_id):
        segments = self.env["logistics.mining.segment"]
        if not segment_id:
            return segments
        found = segments.browse(is_id(segment_id) and segment_id).exists()
        if not found:
            raise UserError(self.env._("“segment_id”: there is no such segment (any more)."))
        return found

    @api.model
    def _get_segments_offered(self):
        # A handful of records of configuration.
        segments = self.env["logistics.mining.segment"].search([])  # pylint: disable=no-search-all
        return [{"id": segment.id, "name": segment.name} for segment in segments]

    # ------------------------------------------------------------
    # WHICH RECORDS
    # ------------------------------------------------------------

    @api.model
    def _get_customer_domain(self, view):
        """Return the customers that a page is about."""
        domain = Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        if view["role"] == "account":
            domain &= Domain("is_own_customer", "=", True)
        if view["segment"]:
            domain &= Domain("segment_id", "=", view["segment"].id)
        return domain

    @api.model
    def _of_customers(self, view, path):
        """Return the domain of records whose customer (`path`) a page is about."""
        domain = Domain.TRUE
        if view["role"] == "account":
            domain &= Domain(f"{path}.is_own_customer", "=", True)
        if view["segment"]:
            domain &= Domain(f"{path}.segment_id", "=", view["segment"].id)
        return domain

    @api.model
    def _get_fact_domain(self, view, start, end):
        """Return the sales lines after `start` up to `end`."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("date", ">", start)
            & Domain("date", "<=", end)
            & Domain("partner_id", "!=", False)
            & self._of_customers(view, "partner_id")
        )

    @api.model
    def _get_period_totals(self, view, start, end):
        """Return revenue and number of customers of the days after ``start`` up to ``end``."""
        [(revenue, customers)] = self.env["logistics.order.fact"]._read_group(
            self._get_fact_domain(view, start, end),
            aggregates=["amount:sum", "partner_id:count_distinct"],
        )
        return revenue or 0.0, customers

    @api.model
    def _customers_target(self, view, name, domain=()):
        """Return the action that shows customers of the page."""
        whole = view["customers"] & Domain(list(domain))
        return self._target(name, "res.partner", list(whole))

    # ------------------------------------------------------------
    # CARDS
    # ------------------------------------------------------------

    @api.model
    def _chart_card(self, key, question, answer, rows, **options):
        """Return a card with a chart of rows ``(label, value, target, hint)``.

        Parameters
        ----------
        **options
            ``empty`` (what to do where there are no rows) and ``place`` (where), ``label`` (what
            the values are), ``notes`` (where there are rows), and those of
            `logistics.card.mixin._columns`.
        """
        missing = {"empty": options.pop("empty", ""), "place": options.pop("place", False)}
        rate = options.get("format") == "percent"  # of which 0 says as much as any other
        if not rows or not (rate or any(value for _label, value, _target, _hint in rows)):
            return self._card(key, question, **missing)
        labels, values, targets, hints = map(list, zip(*rows, strict=True))
        label, notes = options.pop("label", ""), options.pop("notes", [])
        chart = self._columns(labels, values, label, targets, hints=hints, title="", **options)
        return self._card(key, question, answer, chart=chart, notes=notes)

    @api.model
    def _figure(self, label, value, form="number", **values):
        """Return a figure at the top of a page; `value` False where it is not known."""
        write = {"money": self._money, "percent": self._percent, "number": self._number}[form]
        text = "–" if value is False else write(value)
        figure = {"label": label, "value": value, "text": text, "format": form}
        return {**figure, "change": "", "target": False, **values}

    @api.model
    def _get_run_hint(self, code):
        """Return what to do where a task has not scored anybody yet, and where."""
        # sudo: who reads a dashboard without being a user of ours may still read a task's name
        task = self.env["logistics.mining.task"].sudo().search([("code", "=", code)], limit=1)
        name = task.name or code
        if self.env.user.has_group("logistics_crm_mining.group_mining_manager"):
            place = self._place("logistics_crm_mining.menu_mining_task")
            return {"empty": self._tell_who_runs(code, name), "place": place}
        return {"empty": self._tell_who_asks(code, name)}

    @api.model
    def _tell_who_runs(self, code, task):
        """Say to Mining Managers what to run; a hook for what other records are called."""
        return self.env._(
            "None of these customers is scored yet: run the task “%(task)s” under Mining › Tasks.",
            task=task,
        )

    @api.model
    def _tell_who_asks(self, code, task):
        """Say to all others whom to ask; a hook as well."""
        return self.env._(
            "None of these customers is scored yet: ask a Mining Manager to run the task"
            " “%(task)s”.",
            task=task,
        )
