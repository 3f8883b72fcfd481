from odoo import api, models

from ..tools.listing import list_names
from .logistics_mining_report import FEW

FEATURES_SHOWN = 12
TRUSTED_ECE = 0.05  # expected calibration error up to which a probability is taken at its word


class LogisticsMiningReport(models.AbstractModel):
    """The page of a model of probabilities, from the figures that its runs keep."""

    _inherit = "logistics.mining.report"

    @api.model
    def _headline_figures(self, run):
        """Return sentences from ``gain``, ``difference`` and ``calibration``, as far as kept."""
        metrics, baseline = run.metrics or {}, run.baseline or {}
        if not metrics.get("gain"):
            return []
        first = metrics["gain"][0]
        figures = {
            "share": self._percent(first["share"]),
            "model": self._percent(first["part_rate"]),
            "rate": self._percent(metrics["rate"]),
        }
        lines = [self._get_words(run)["top"] % figures]
        if (few := round(first["share"] * metrics.get("n", 0))) and few < FEW:
            lines[0] += " " + self.env._("Take care: these are %(count)s only.", count=few)
        if baseline.get("gain"):
            chosen = self._percent(baseline["gain"][0]["part_rate"])
            lines = [f"{lines[0]} {self._get_words(run)['baseline'] % {'baseline': chosen}}"]
        return [
            *lines,
            *self._describe_difference(metrics),
            *self._describe_calibration(metrics, baseline),
            *self._describe_check_drift(metrics, run.task_id.code),
            *self._describe_left_out(run),
            *self._describe_doubts(run),
        ]

    @api.model
    def _get_words(self, run):
        """Return the sentences of a task, with places for figures."""
        words = getattr(self, f"_words_{run.task_id.code}", self._words_any)
        return words()

    @api.model
    def _words_any(self):
        return {
            "top": self.env._(
                "Of the records in the first %(share)s of the list, it happened to %(model)s; of "
                "all records, to %(rate)s."
            ),
            "baseline": self.env._("Chosen by the baseline, to %(baseline)s."),
            "gain": self.env._("How many does the top of the list hold?"),
            "gain_title": self.env._("Share of those it happened to"),
        }

    @api.model
    def _words_churn(self):
        return {
            "top": self.env._(
                "Of the %(share)s of customers with the highest risk, %(model)s stayed away; of "
                "all customers, %(rate)s."
            ),
            "baseline": self.env._("Chosen by their own rhythm alone, %(baseline)s."),
            "gain": self.env._("How many of those who stay away does the top of the list hold?"),
            "gain_title": self.env._("Share of those who stayed away"),
        }

    @api.model
    def _words_lead(self):
        return {
            "top": self.env._(
                "Of the %(share)s of leads with the best chance, %(model)s were won; of all leads, "
                "%(rate)s."
            ),
            "baseline": self.env._("Chosen by Odoo's own probability, %(baseline)s."),
            "gain": self.env._("How many of the won leads does the top of the list hold?"),
            "gain_title": self.env._("Share of the leads won"),
        }

    @api.model
    def _words_response(self):
        return {
            "top": self.env._(
                "Of the %(share)s of customers likeliest to answer, %(model)s answered; of all "
                "customers, %(rate)s."
            ),
            "baseline": self.env._("Chosen by the baseline, %(baseline)s."),
            "gain": self.env._("How many of the answers come from the top of the list?"),
            "gain_title": self.env._("Share of the answers"),
        }

    @api.model
    def _describe_difference(self, metrics):
        found = (metrics.get("difference") or {}).get("auc")
        if not found:
            return []
        figures = {name: self._number(found[name] or 0, 3) for name in ("value", "low", "high")}
        if found["low"] is False or found["low"] is None:
            return []
        if found["low"] > 0:
            return [
                self.env._(
                    "It surely beats the baseline: its AUC is higher by %(value)s (between %(low)s "
                    "and %(high)s).",
                    **figures,
                )
            ]
        return [
            self.env._(
                "By AUC it does not surely beat the baseline: the difference is %(value)s (between "
                "%(low)s and %(high)s).",
                **figures,
            ),
            *self._describe_loss(metrics["difference"].get("log_loss")),
        ]

    @api.model
    def _describe_loss(self, found):
        """Say what decided where AUC did not: how near the probabilities are to what happened."""
        if not found or found["high"] is False or found["high"] is None:
            return []
        figures = {
            name: self._number(abs(found[name] or 0), 4) for name in ("value", "low", "high")
        }
        if found["high"] < 0:
            return [
                self.env._(
                    "Its probabilities decide: they surely are nearer to what happened than the "
                    "baseline's, with a log-loss lower by %(value)s (between %(high)s and "
                    "%(low)s).",
                    **figures,
                )
            ]
        if found["low"] > 0:
            return [
                self.env._(
                    "Its probabilities surely are further from what happened than the baseline's, "
                    "with a log-loss higher by %(value)s (between %(low)s and %(high)s).",
                    **figures,
                )
            ]
        return [
            self.env._("Nor are its probabilities surely nearer to what happened, by log-loss.")
        ]

    @api.model
    def _describe_calibration(self, metrics, baseline):
        """Say whether the probabilities are more than a ranking, and whether others are better."""
        error, other = metrics.get("ece"), baseline.get("ece")
        if not error:
            return []
        points = self._number(100 * error, 1)
        if error <= TRUSTED_ECE:
            text = self.env._(
                "Its probabilities can be taken at their word to within %(points)s percentage "
                "points on average.",
                points=points,
            )
        else:
            text = self.env._(
                "Its probabilities are off by %(points)s percentage points on average: read them "
                "as a ranking, not at their word.",
                points=points,
            )
        if other and round(other, 3) < round(error, 3):
            text += " " + self.env._(
                "Those of the baseline are nearer: off by %(points)s.",
                points=self._number(100 * other, 1),
            )
        return [text]

    @api.model
    def _describe_check_drift(self, metrics, code):
        """Say what had changed between the time learned from and the time checked on."""
        moved = metrics.get("drift")
        if not moved:
            return []
        words = self.env["logistics.mining.reason"]
        return [
            self.env._(
                "Between what it learned from and what it was checked on, these moved: "
                "%(features)s. It was checked on changed conditions; they may change again.",
                features=list_names(
                    self.env, (words._feature_label(row["column"], code) for row in moved)
                ),
            )
        ]

    @api.model
    def _describe_left_out(self, run):
        """Say which fields nothing was learned from, since they tell what came afterwards."""
        words = self.env["logistics.mining.reason"]
        left_out = (run.metrics or {}).get("left_out") or []
        lines = [words._render(reason, run.company_id) for reason in left_out]
        if hidden := (run.metrics or {}).get("hidden"):
            names = [words._feature_label(column, run.task_id.code) for column in hidden]
            line = self.env._(
                "Odoo's own probability was judged without %(columns)s as well: on closed leads it"
                " knows the end from there, on open ones it cannot.",
                columns=list_names(self.env, names),
            )
            lines.append(line)
        return lines

    @api.model
    def _describe_doubts(self, run):
        """Say which fields tell an outcome all but surely, for whoever knows them to judge."""
        words = self.env["logistics.mining.reason"]
        doubts = (run.metrics or {}).get("doubts") or []
        return [words._render(doubt, run.company_id) for doubt in doubts]

    @api.model
    def _cards_figures(self, run):
        """Return the cards of a model of probabilities."""
        return [
            self._card_gain(run),
            self._card_calibration(run),
            self._card_features(run),
            self._card_candidates(run),
        ]

    @api.model
    def _card_gain(self, run):
        metrics, baseline, words = run.metrics or {}, run.baseline or {}, self._get_words(run)
        if not metrics.get("gain"):
            return self._make_card("gain", words["gain"], empty=self._not_checked())
        series = [self._make_series(self.env._("This model"), self._curve(metrics["gain"]))]
        if baseline.get("gain"):
            curve = self._curve(baseline["gain"])
            series.append(self._make_series(self.env._("Baseline"), curve, "other"))
        series.append(self._make_series(self.env._("By chance"), [[0, 0], [1, 1]], "even"))
        first = metrics["gain"][0]
        answer = self.env._(
            "The first %(share)s hold %(gain)s of them, %(lift)s times as many as by chance.",
            share=self._percent(first["share"]),
            gain=self._share(first["gain"], self._count_ones(metrics)),
            lift=self._number(first["lift"], 1),
        )
        x = ("percent", self.env._("Share of the list, best first"))
        y = ("percent", words["gain_title"])
        chart = self._make_chart("line", series, x=x, y=y)
        return self._make_card("gain", words["gain"], answer, chart)

    @api.model
    def _count_ones(self, metrics):
        """Return how many records of the check it happened to."""
        return round(metrics.get("rate", 0) * metrics.get("n", 0))

    @api.model
    def _curve(self, gain):
        return [[0, 0], *([row["share"], row["gain"]] for row in gain)]

    @api.model
    def _not_checked(self):
        return self.env._("The model could not be checked: there is too little data.")

    @api.model
    def _not_kept(self):
        return self.env._("This run has no figures of it: it scored nobody, or did not keep them.")

    @api.model
    def _card_calibration(self, run):
        rows = (run.metrics or {}).get("calibration")
        question = self.env._("Do the probabilities come true?")
        if not rows:
            return self._make_card("calibration", question, empty=self._not_checked())
        points = [[row["expected"], row["actual"]] for row in rows]
        series = [
            self._make_series(self.env._("What happened"), points),
            self._make_series(
                self.env._("If every probability came true"), [[0, 0], [1, 1]], "even"
            ),
        ]
        answer = self.env._(
            "Groups from the lowest to the highest probability: the nearer to the straight line, "
            "the better."
        )
        x = ("percent", self.env._("Probability given"))
        y = ("percent", self.env._("How often it happened"))
        chart = self._make_chart("line", series, x=x, y=y)
        return self._make_card("calibration", question, answer, chart)

    @api.model
    def _card_features(self, run):
        """Return what the model looks at, by what each feature adds to the scores on average."""
        found = (run.model_parameters or {}).get("importances")
        found = found or (run.metrics or {}).get("importances")
        question = self.env._("What does it look at?")
        if not found:
            empty = self._not_kept()
            return self._make_card("features", question, empty=empty)
        found = found[:FEATURES_SHOWN]
        words = self.env["logistics.mining.reason"]
        code = run.task_id.code
        labels = [words._feature_label(row["column"], code) for row in found]
        series = [self._make_series(self.env._("Weight"), [row["share"] for row in found])]
        answer = self.env._(
            "What each adds to the scores, on average over all. First: %(features)s.",
            features=list_names(self.env, labels[:3]),
        )
        answer = " ".join([answer, *self._describe_season(run)])
        chart = self._make_chart("bars", series, labels, x=("percent", ""))
        return self._make_card("features", question, answer, chart)

    @api.model
    def _describe_season(self, run):
        """Say which way the same days a year ago moved all chances of staying away."""
        shift = (run.model_parameters or {}).get("season", {}).get("shift", 0)
        if round(shift, 1) < 0:
            text = self.env._(
                "In the same days a year ago more customers ordered than in the months before "
                "them: every risk is lower for it."
            )
        elif round(shift, 1) > 0:
            text = self.env._(
                "In the same days a year ago fewer customers ordered than in the months before "
                "them: every risk is higher for it."
            )
        else:
            return []
        return [text]

    @api.model
    def _card_candidates(self, run):
        """Return what was tried, and what was taken."""
        found = (run.metrics or {}).get("candidates")
        question = self.env._("What was tried?")
        if not found:
            return self._make_card("candidates", question, empty=self._not_checked())
        names, chosen = self._get_model_names(), (run.metrics or {}).get("model")
        head = [
            self.env._("Kind of model"),
            self.env._("AUC"),
            self.env._("Log-loss"),
            self.env._("Brier"),
            self.env._("Taken"),
        ]
        rows = [
            [
                names.get(row["name"], row["name"]),
                *(self._number(row[name], 3) for name in ("auc", "log_loss", "brier")),
                "✓" if row["name"] == chosen else "",
            ]
            for row in found
        ]
        answer = self.env._(
            "In the check, on the newest part of the training data. The log-loss decides, not the "
            "AUC: the simpler one is taken unless that of the other is lower by more than chance."
        )
        final = (run.model_parameters or {}).get("chosen")
        if final and final != chosen:
            answer += " " + self.env._(
                "For the scores, with all data, it is: %(kind)s.", kind=names.get(final, final)
            )
        return self._make_card("candidates", question, answer, table=self._make_table(head, rows))
