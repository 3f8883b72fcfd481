from odoo import Command, fields, models

from .sale_order_line_promise import OFFERED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def onchange(self, values, field_names, fields_spec):
        """Answer all lines on the screen anew when one of them changes: they share what there is.

        The screen sends along what the others were answered before. Odoo would count that as true,
        and send back no other answer.
        """
        commands = values.get("order_line") or []
        if not commands:
            return super().onchange(values, field_names, fields_spec)
        asked = {**values, "order_line": self._drop_answers(commands)}
        result = super().onchange(asked, field_names, fields_spec)
        names = OFFERED & ((fields_spec.get("order_line") or {}).get("fields") or {}).keys()
        if names and "value" in result:  # it is not where a screen knows fields that are no more
            stale = self._get_stale_answers(asked, commands, names)
            if stale:
                result["value"].setdefault("order_line", []).extend(stale)
        return result

    def _get_stale_answers(self, values, commands, names):
        """Return the commands that correct what a screen shows of these fields of its lines."""
        sent = {one[1]: one[2] for one in commands if one[0] in (Command.CREATE, Command.UPDATE)}
        screen = self.new(values, origin=self)
        stale = []
        for line in screen.order_line:
            key = line._origin.id or getattr(line.id, "ref", None)
            if key in sent:
                shown = {name: sent[key].get(name, line._origin[name]) for name in names}
                if news := self._get_other_answers(line, shown):
                    stale.append(Command.update(key, news))
        return stale

    def _drop_answers(self, commands):
        """Return the commands of a screen on its lines without what it was answered before."""
        return [
            (*one[:2], {name: one[2][name] for name in one[2] if name not in OFFERED})
            if one[0] in (Command.CREATE, Command.UPDATE)
            else one
            for one in commands
        ]

    def _get_other_answers(self, line, shown):
        """Return what is answered of a line, as far as other values are shown ({name: value})."""
        answers = {name: self._to_plain(line[name]) for name in shown}
        return {
            name: answer
            for name, answer in answers.items()
            if answer != self._to_plain(shown[name])
        }

    def _to_plain(self, value):
        """Return an answer as a screen has it."""
        return fields.Date.to_string(value) if hasattr(value, "year") else value or False
