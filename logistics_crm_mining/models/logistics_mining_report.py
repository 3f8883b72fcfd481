from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from odoo.addons.logistics_crm.tools.plain_text import shorten

from ..tools.arguments import is_id

OFFICER = "logistics_crm.group_logistics_officer"
OFFICER_CARDS = {"cohorts_revenue"}
RUNS_SHOWN = 12
FEW = 30  # records of which a share is shown with their number
OLD_DAYS = 45  # scores older than this are told as old


class LogisticsMiningReport(models.AbstractModel):
    """The page of a model: what it predicts, how good it is, what it uses, when, and its limits.

    Who may read tasks may read the page: what it tells of runs is read past their rights, and only
    of the current company. Texts and figures come ready to be shown. A task adds to the page by
    methods named after its code: ``_headline_<code>(run)`` (sentences), ``_cards_<code>(run)``
    (charts and tables) and ``_limits_<code>()`` (sentences). A task without them is told by the
    figures that its runs keep: ``gain``, ``calibration``, ``difference``, ``candidates`` and so on.

    A card is a dict with ``key``, ``question``, ``answer`` (text or False), ``empty`` (what to say
    without figures), and ``chart`` or ``table``; see `_make_chart` and `_make_table`.
    """

    _name = "logistics.mining.report"
    _description = "Page of a Mining Model"

    @api.model
    def get_page(self, task_id):
        """Return everything the page of a task's model shows, for the current company.

        Parameters
        ----------
        task_id : int

        Returns
        -------
        dict
            ``task``, ``run`` (id of the run told, or False), ``shown`` (its scores are on the
            records), ``empty`` (what to do while there is no run), ``headline``, ``facts``,
            ``alarm`` (text or False: that data have moved, or a newer run was refused), ``cards``,
            ``limits``, ``runs``, and ``may_open`` (the reader may open these).

        Raises
        ------
        AccessError
            When the reader may not read tasks.
        UserError
            There is no such task.
        """
        self.env["logistics.mining.task"].check_access("read")
        task = self._get_record("logistics.mining.task", "task_id", task_id)
        runs = task._get_company_runs()
        last = runs.search(
            [("task_id", "=", task.id), ("company_id", "=", self.env.company.id)],
            limit=RUNS_SHOWN,
        )
        told = self._get_told_run(task, last)
        return {
            "task": {"id": task.id, "name": task.name, "code": task.code},
            "predicts": task.description or "",
            "run": told.id,
            "shown": told.is_newest,
            "empty": False if told else self._describe_empty(last),
            "headline": self._get_headline(told) if told else [],
            "facts": self._get_facts(told) if told else [],
            "alarm": "\n".join(self._describe_alarms(told, last[:1])) or False,
            "cards": self._get_page_cards(told, last) if told else [],
            "limits": self._get_limits(task.code),
            "runs": [self._prepare_run(run) for run in last],
            "may_open": self.env["logistics.mining.run"].has_access("read"),
        }

    @api.model
    def _get_page_cards(self, told, last):
        """Return the cards that the reader may see: amounts are of customers of others, too."""
        cards = self._get_cards(told) + self._get_history_cards(last)
        if self.env.su or self.env.user.has_group(OFFICER):
            return cards
        return [card for card in cards if card["key"] not in OFFICER_CARDS]

    @api.model
    def get_run_cards(self, run_id):
        """Return the charts and tables of one run, for its form."""
        self.env["logistics.mining.run"].check_access("read")
        run = self._get_record("logistics.mining.run", "run_id", run_id)
        run.check_access("read")
        return self._get_cards(run) if run.state == "done" else []

    @api.model
    def _get_record(self, model, name, value):
        """Return the record that an argument (of any type) names by its id."""
        record = self.env[model].browse(is_id(value) and value).exists()
        if not record:
            kind = self.env["ir.model"]._get(model).sudo().name  # sudo: no secret
            raise UserError(
                self.env._(
                    "“%(name)s” must be the id of a %(kind)s, and “%(value)s” is none (any more).",
                    name=name,
                    kind=kind,
                    value=shorten(value),
                )
            )
        return record

    @api.model
    def _get_told_run(self, task, last):
        """Return the run whose scores people see, else the last one that found something."""
        newest = task._get_company_runs().search(
            [
                ("task_id", "=", task.id),
                ("company_id", "=", self.env.company.id),
                ("is_newest", "=", True),
            ]
        )
        return newest or last.filtered(lambda run: run.state == "done" and run.metrics)[:1]

    @api.model
    def _describe_alarms(self, told, last):
        """Say what to know before the scores of a run are trusted, the newer run first."""
        texts = [*self._describe_newer(told, last), told.drift_text]
        return [text for text in texts if text]

    @api.model
    def _describe_newer(self, told, last):
        """Say that the last run was refused since the one told, and what of its data has moved."""
        if not told or last == told or last.published or last.state not in ("done", "failed"):
            return []
        refused = self.env._(
            "The run of %(date)s was not published, so the scores are still those of %(shown)s. "
            "It says: %(reason)s",
            date=format_date(self.env, last.finished or last.create_date),
            shown=format_date(self.env, told.finished or told.create_date),
            reason=last.reason or "",
        )
        return [refused, last.drift_text]

    @api.model
    def _describe_empty(self, last):
        """Say what to do while no run has found anything."""
        if not last:
            if not self.env["logistics.mining.task"].has_access("write"):
                return self.env._(
                    "This model has not been run for %(company)s yet. It is run at night, wherever "
                    "there are orders.",
                    company=self.env.company.name,
                )
            return self.env._(
                "This model has not been run for %(company)s yet. Press Run Now, or wait for the "
                "night: it is run wherever there are orders.",
                company=self.env.company.name,
            )
        return self.env._(
            "No run has found anything yet. The last one says: %(reason)s",
            reason=last[0].reason or "",
        )

    @api.model
    def _get_headline(self, run):
        """Return sentences on how good the model is."""
        lines = self._get_own_headline(run)
        return [run.reason, *lines] if run.reason else lines

    @api.model
    def _get_own_headline(self, run):
        own = getattr(self, f"_headline_{run.task_id.code}", self._headline_figures)
        return own(run)

    @api.model
    def _get_cards(self, run):
        own = getattr(self, f"_cards_{run.task_id.code}", self._cards_figures)
        return own(run)

    @api.model
    def _get_limits(self, code):
        """Return what the model cannot do, as sentences."""
        own = getattr(self, f"_limits_{code}", None)
        return (own() if own else []) + [
            self.env._(
                "Every company has its own scores, from its own data: nothing is learned from "
                "other companies."
            )
        ]

    @api.model
    def _get_facts(self, run):
        """Return [label, text] of when and on what the model was trained, and how old that is."""
        metrics, chosen = run.metrics or {}, (run.model_parameters or {}).get("chosen")
        checked = metrics.get("holdout_cutoff")
        made = self.env._("Trained on") if checked else self.env._("Counted on")
        facts = [
            (made, format_datetime(self.env, run.finished or run.create_date)),
            (self.env._("Data up to"), self._describe_age(run)),
            (
                self.env._("Data"),
                self.env._(
                    "%(lines)s lines, %(records)s records",
                    lines=self._count(run.line_count),
                    records=self._count(run.customer_count),
                ),
            ),
            (self.env._("Scores"), self._count(run.score_count)),
        ]
        if checked:
            held = self.env._(
                "%(start)s to %(end)s, never seen in training",
                start=format_date(self.env, metrics["holdout_cutoff"]),
                end=format_date(self.env, metrics["holdout_end"]),
            )
            facts.append((self.env._("Checked on"), held))
        if kind := self._get_model_names().get(chosen or metrics.get("model")):
            facts.append((self.env._("Kind of model"), kind))
        return [list(fact) for fact in facts]

    @api.model
    def _describe_age(self, run):
        """Return the last day of the data, and how long ago that is."""
        if not run.cutoff:
            return self.env._("unknown")
        # at the company, as the cut-off: the reader's day may still be yesterday's
        days = (run.task_id._get_today(run.company_id) - run.cutoff).days
        date = format_date(self.env, run.cutoff)
        text = self.env._("%(date)s (%(days)s days ago)", date=date, days=days)
        if days in (0, 1):
            today, yesterday = self.env._("%s (today)", date), self.env._("%s (yesterday)", date)
            text = yesterday if days else today
        if days > OLD_DAYS:
            return self.env._("%(age)s: old, run it again or load newer data", age=text)
        return text

    @api.model
    def _get_model_names(self):
        return {
            "logistic": self.env._("Logistic regression"),
            "trees": self.env._("Boosted trees"),
            "bayes": self.env._("Naive Bayes"),
            "bgnbd": self.env._("BG/NBD (rates and drop-out after an order)"),
            "pareto_nbd": self.env._("Pareto/NBD (rates and drop-out at any moment)"),
            "shrunken_rate": self.env._("Order rates without drop-out"),
        }

    @api.model
    def _prepare_run(self, run):
        """Return one line of the history."""
        labels = dict(run._fields["state"]._description_selection(self.env))
        return {
            "id": run.id,
            "date": format_datetime(self.env, run.create_date),
            "cutoff": format_date(self.env, run.cutoff) if run.cutoff else "",
            "state": labels[run.state],
            "quality": self._describe_run_quality(run),
            "shown": run.is_newest,
            "published": run.published,
            "alarm": run.has_alarm,
            "reason": "" if run.published else run.reason or "",
        }

    # ------------------------------------------------------------------ parts of a page

    @api.model
    def _make_card(self, key, question, answer=False, chart=False, table=False, empty=""):
        return {
            "key": key,
            "question": question,
            "answer": answer,
            "chart": chart,
            "table": table,
            "empty": empty,
        }

    @api.model
    def _make_chart(self, kind, series, labels=False, x=("number", ""), y=("number", "")):
        """Return what the browser needs to draw.

        Parameters
        ----------
        kind : {"line", "bar", "bars"}
            Lines over numbers or labels, upright bars, or bars that lie.
        series : list of dict
            ``label``, ``data`` (numbers beside ``labels``, else pairs) and ``style`` ("main",
            "other" or "even", the line to compare with).
        labels : list of str or False
        x, y : tuple
            How figures are written ("number" or "percent"), and the name of the axis.
        """
        names = ("format", "title")
        return {
            "kind": kind,
            "series": series,
            "labels": labels,
            "x": dict(zip(names, x, strict=True)),
            "y": dict(zip(names, y, strict=True)),
        }

    @api.model
    def _make_table(self, head, rows):
        """Return a table: names of the columns, and rows of texts."""
        return {"head": head, "rows": rows}

    @api.model
    def _make_series(self, label, data, style="main"):
        return {"label": label, "data": data, "style": style}

    @api.model
    def _share(self, share, total):
        """Return a share; of few records with their number, which tells what it is worth."""
        text = self._percent(share)
        if not total or total >= FEW:
            return text
        return self.env._("%(share)s (of %(total)s only)", share=text, total=total)

    @api.model
    def _percent(self, share, digits=0):
        return f"{self._number(100 * (share or 0), digits)}%"

    @api.model
    def _number(self, value, digits=0):
        return self.env["logistics.mining.reason"]._number(value, digits)

    @api.model
    def _count(self, value):
        return self._number(value, 0)
