from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.once import creating_once
from ..tools.plain_text import storable

FIELDS = (
    *("number", "direction", "agent", "start", "duration", "outcome", "note", "case"),
    *("customer", "external_id"),
)
MOST_LISTED = 10
MOST_FAST = timedelta(minutes=10)
LONGEST_CALL = 24 * 3600  # seconds; beyond it stands a time stamp, or milliseconds


class LogisticsApi(models.AbstractModel):
    _inherit = "logistics.api"

    @api.model
    def log_call(self, values):
        """Log a telephone call in the caller's company, and pop up the profile for the agent.

        A telephone system reports a call when it rings and, by the same ``external_id``, again
        when it is over: what it tells then is added to the same call. Safe to repeat.

        Parameters
        ----------
        values : dict
            ``number`` of the other party, as the telephone shows it; optionally ``direction``
            (``in`` or ``out``; in), ``agent`` (login, telephone number of the employee, or user
            id), ``start`` (ISO 8601, not in the future; now), ``duration`` in seconds (a day at
            most), ``outcome`` (answered, missed, voicemail, callback; empty while it rings),
            ``note``, ``case`` (code or id), ``customer`` (code or id; else found by the number),
            ``external_id`` (the telephone system's own key, unique per company).

        Returns
        -------
        dict
            ``{call, duplicate, direction, number, customer, name, code, contact, candidates,
            salesperson, open_cases, open_orders, to_return}``, see docs/api.md.

        Raises
        ------
        AccessError
            The caller may not log calls.
        UserError
            Naming the field that is wrong. Nothing is written.
        """
        calls = self.env["logistics.call"]
        calls.check_access("create")
        self._check_value_names(values, FIELDS, required=("number",))
        call_values = self._prepare_logged_call(values)
        call = self._find_logged_call(call_values["external_id"])
        duplicate = bool(call)
        if call:
            self._complete_logged_call(call, values, call_values)
        else:
            call = self._create_logged_call(call_values)
            call._pop_up()
        return {"duplicate": duplicate, **self._prepare_call_answer(call)}

    @api.model
    def _prepare_logged_call(self, values):
        directions = self.env["logistics.call"]._fields["direction"].selection
        outcomes = self.env["logistics.call"]._fields["outcome"].selection
        case = self._read_case(values)
        partner = self._read_customer(values) or case.partner_id
        call_values = {
            "company_id": self.env.company.id,
            "number": self._read_line(values, "number"),
            "direction": self._read_choice(values, "direction", directions, "in"),
            "user_id": self._read_agent(values).id,
            "start": self._read_start(values),
            "duration": self._read_number(values, "duration", LONGEST_CALL) / 3600,
            "outcome": self._read_choice(values, "outcome", outcomes),
            "note": self._read_text(values, "note"),
            "case_id": case.id,
            "external_id": self._read_text(values, "external_id"),
        }
        return call_values | ({"partner_id": partner.id} if partner else {})

    @api.model
    def _read_case(self, values):
        """Return the case that an id or a code names; for a merged one, where it goes on."""
        case = self._read_record(
            values, "case", "logistics.case", lambda code: Domain("code", "=", code.upper())
        )
        survivor = case._get_survivor()
        # who sees the merged case only still has the call on it: it is not lost
        return survivor if survivor.has_access("read") else case

    @api.model
    def _read_start(self, values):
        """Return when the call began; a clock that is a little fast is put right."""
        now = fields.Datetime.now()
        start = self._read_datetime(values, "start") or now
        if start > now + MOST_FAST:
            raise UserError(
                self.env._(
                    "“start”: %(start)s is later than now, %(now)s. Check the telephone system's "
                    "clock and time zone; a time without offset is UTC.",
                    start=self._format_datetime(start),
                    now=self._format_datetime(now.replace(microsecond=0)),
                )
            )
        return min(start, now)

    @api.model
    def _read_agent(self, values):
        """Return the user whom an id, a login or an employee's telephone number names."""
        domain = Domain("company_ids", "in", self.env.company.id) & Domain("share", "=", False)
        value = values.get("agent")
        value = storable(value).strip() if isinstance(value, str) else False
        # sudo: a telephone system need not be one who may read employees and all users
        system = self.sudo()
        if value:
            employees = system.env["hr.employee"].search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("user_id", "!=", False),
                    "|",
                    ("work_phone", "=", value),
                    ("mobile_phone", "=", value),
                ],
                limit=2,
            )
            if len(employees.user_id) == 1:
                return employees.user_id.with_env(self.env)
        by_login = self._get_login_domain
        return system._read_record(values, "agent", "res.users", by_login, domain).with_env(
            self.env
        )

    @api.model
    def _get_login_domain(self, login):
        return Domain("login", "=", login)

    @api.model
    def _find_logged_call(self, external_id):
        if not external_id:
            return self.env["logistics.call"]
        # sudo: the key is taken, whoever may see the call it belongs to
        calls = self.env["logistics.call"].sudo()
        call = calls.search(
            [("company_id", "=", self.env.company.id), ("external_id", "=", external_id)]
        ).with_env(self.env)
        if call and not call.has_access("write"):
            raise UserError(
                self.env._(
                    "“external_id”: %(key)s belongs to a call that you may not see.",
                    key=external_id,
                )
            )
        return call

    @api.model
    def _complete_logged_call(self, call, values, call_values):
        """Write what the call did not have yet or what has changed; leave out what is not told."""
        told = {name for name, value in values.items() if value not in (None, False, "")}
        names = {"agent": "user_id", "case": "case_id", "customer": "partner_id"}
        writes = {names.get(name, name) for name in told} - {"external_id", "number", "direction"}
        changed = {
            name: call_values[name]
            for name in writes
            if call._fields[name].convert_to_write(call[name], call) != call_values[name]
        }
        if changed:
            is_new_agent = "user_id" in changed
            call.write(changed)
            if is_new_agent and not call.outcome:
                call._pop_up()

    @api.model
    def _create_logged_call(self, call_values):
        """Create the call; of two reports at once, the second is read again as a repetition."""
        calls = self.env["logistics.call"]
        key = [call_values.get(name) for name in ("company_id", "external_id")]
        with creating_once(self.env, calls._table, key):
            call = calls.create(call_values)
        return call

    @api.model
    def _prepare_call_answer(self, call):
        customer = call.commercial_partner_id
        if not customer.has_access("read"):
            customer = customer.browse()
        candidates = call._get_candidates().commercial_partner_id
        return {
            "call": call.id,
            "direction": call.direction,
            "number": call.number_normalized or call.number,
            "customer": customer.id or False,
            "name": customer.name or False,
            "code": customer.customer_code or False,
            "contact": self._get_person(customer and call.partner_id),
            "candidates": [self._prepare_candidate(partner) for partner in candidates],
            "salesperson": customer.user_id.name or False,
            "open_cases": self._get_open_cases(customer),
            "open_orders": self._get_open_orders(customer),
            "to_return": call.to_return,
        }

    @api.model
    def _get_person(self, partner):
        """Return the name of a person, False for a company."""
        return not partner.is_company and partner.name

    @api.model
    def _prepare_candidate(self, partner):
        return {
            "customer": partner.id,
            "name": partner.name or False,
            "code": partner.customer_code or False,
        }

    @api.model
    def _get_open_cases(self, customer):
        if not customer:
            return []
        cases = self.env["logistics.case"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
                ("state", "in", ("new", "open", "waiting")),
            ],
            limit=MOST_LISTED,
        )
        return [
            {"id": case.id, "code": case.code, "subject": case.name, "state": case.state}
            for case in cases
        ]

    @api.model
    def _get_open_orders(self, customer):
        """Return orders under way: quotations sent, and orders that are not invoiced yet."""
        orders = self.env["sale.order"]
        if not customer or not orders.has_access("read"):
            return []
        found = orders.search(
            [
                ("partner_id.commercial_partner_id", "=", customer.id),
                ("company_id", "=", self.env.company.id),
                "|",
                ("state", "=", "sent"),
                "&",
                ("state", "=", "sale"),
                ("invoice_status", "!=", "invoiced"),
            ],
            limit=MOST_LISTED,
        )
        return [
            {
                "id": order.id,
                "code": order.name,
                "state": order.state,
                "date": self._format_datetime(order.date_order),
                "amount": order.amount_untaxed,
                "currency": order.currency_id.name,
            }
            for order in found
        ]
