"""Win probabilities of 100,000 leads, beside Odoo's own recompute of the same leads.

Run by `make bench` on a database of its own: what is made is committed, as it would be in a
database in use. `BENCH_SIZE=0.01` makes a hundred times fewer. Four in five are closed.
"""

import time
from unittest.mock import patch

from bench_scoring import Clock
from odoo_environment import open_environment, settle
from service_records import copy_record
from sizes import scaled

LEADS, AIM_TIMES = scaled(100_000, at_least=3_000), 1
# What tells the outcome (log-odds): source and country, which Odoo's scoring sees, then who
# recommended us, the expected revenue, and two things together, which it does not.
OUTCOME = """
    UPDATE crm_lead l SET (won_status, active, stage_id, probability, date_closed) = (
        SELECT CASE WHEN won THEN 'won' ELSE 'lost' END, won,
            CASE WHEN won THEN %(won)s ELSE l.stage_id END, CASE WHEN won THEN 100 ELSE 0 END,
            l.create_date + random() * interval '40 days'
        FROM (SELECT random() < 1 / (1 + exp(1.2 - 0.4 * (l.source_id = %(source)s)::int
            - 0.3 * (l.country_id %% 3 = 0)::int - 1.4 * (l.referred IS NOT NULL)::int
            - 0.8 * (l.expected_revenue > 0)::int
            + 1.0 * (l.expected_revenue > 0 AND l.source_id = %(source)s)::int)) AS won
            WHERE l.id IS NOT NULL) AS drawn)
    WHERE l.name LIKE 'Bench %%' AND l.color < 8
"""


def make_leads(env):
    """Insert leads of three years: `color` below 8 of 10 are closed, the others open."""
    env["ir.config_parameter"].set_param("crm.pls_start_date", "2000-01-01")
    sources = env["utm.source"].create([{"name": f"Bench {number}"} for number in range(6)])
    teams = env["crm.team"].create([{"name": f"Bench {number}"} for number in range(4)])
    countries = env["res.country"].search([("code", "in", ("DE", "FR", "PL", "IT", "CN", "US"))])
    stages = env["crm.stage"].search([("is_won", "=", False)], order="sequence, id")
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    lead = env["crm.lead"].create(
        {"name": "Bench", "type": "opportunity", "company_id": env.company.id, "user_id": False}
    )
    columns = {
        "name": "'Bench ' || g.i",
        "color": "g.i %% 10",
        "create_date": "now() AT TIME ZONE 'UTC' - random() * interval '1095 days'",
        "team_id": _one_of(teams),
        "source_id": _one_of(sources),
        "country_id": _one_of(countries),
        "stage_id": _one_of(stages),
        "email_state": "CASE WHEN random() < 0.6 THEN 'correct' END",
        "phone_state": "CASE WHEN random() < 0.5 THEN 'correct' END",
        "referred": "CASE WHEN random() < 0.2 THEN 'A customer' END",
        "expected_revenue": "CASE WHEN random() < 0.5 THEN (random() * 90000)::int ELSE 0 END",
    }
    env.cr.execute("SELECT setseed(0.5)")
    copy_record(env, lead, LEADS, **columns)
    env.cr.execute(OUTCOME, {"won": won.id, "source": sources[0].id})
    settle(env)


def _one_of(records):
    ids = ", ".join(map(str, records.ids))
    return f"(ARRAY[{ids}])[1 + floor(random() * {len(records)})::int]"


def run_odoo(env, clock):
    """Let Odoo recompute, as its scheduled action does."""
    leads = env["crm.lead"]
    clock.time("count", leads._rebuild_pls_frequency_table)
    clock.time("score and update", leads._update_automated_probabilities)
    env.flush_all()


def run_ours(env, clock):
    """Take a run of the task through its steps; return the run."""
    from odoo.addons.logistics_crm_mining.analytics import LeadModel

    task = env.ref("logistics_crm_mining.task_lead")
    run, inner, evaluate = task._queue(env.company), Clock(), LeadModel.evaluate
    run._start()

    def timed(*args, **given):
        return inner.time("evaluate", lambda: evaluate(*args, **given))

    with patch.object(LeadModel, "evaluate", timed):
        frame = clock.time("extract", task._extract, run)
        outcome = clock.time("fit and score", task._score, run, frame)
    clock.seconds["fit and score"] -= inner.seconds["evaluate"]
    clock.seconds["evaluate"] = inner.seconds["evaluate"]
    clock.time("store", run._store, outcome)
    # all leads were made within the last hour, so all would count as changed since
    with patch.object(type(run), "_get_changed_leads", lambda run: run.env["crm.lead"]):
        clock.time("publish", run._publish)
    env.flush_all()
    run.published = outcome.publish
    return run


def main():
    """Measure both and print a table."""
    with open_environment() as env:
        start = time.perf_counter()
        make_leads(env)
        print(f"{LEADS:,} leads made in {time.perf_counter() - start:.0f} s")
        theirs, ours = Clock(), Clock()
        run_odoo(env, theirs)
        settle(env)
        run = run_ours(env, ours)
        _report(run, theirs.seconds, ours.seconds)


def _report(run, theirs, ours):
    for name, seconds in (("Odoo", theirs), ("ours", ours)):
        steps = ", ".join(f"{step} {spent:.2f}" for step, spent in seconds.items())
        print(f"{name}: {sum(seconds.values()):.2f} s ({steps})")
    total = sum(theirs.values())
    work = (ours["extract"] + ours["fit and score"]) / total
    stored = work + (ours["store"] + ours["publish"]) / total
    print(f"ours / all of Odoo's: {work:.2f} extract, fit and score (aim: below {AIM_TIMES})")
    print(
        f"{stored:.2f} with storing and publishing, {sum(ours.values()) / total:.2f} with the check"
    )
    metrics, odoo = run.metrics, run.baseline
    print(f"{metrics['n']:,} newest leads, {metrics['model']}, published: {run.published}")
    for name in ("auc", "log_loss", "brier", "ece"):
        print(f"{name:10} ours {metrics[name]:.4f}  Odoo's {odoo[name]:.4f}")


if __name__ == "__main__":
    main()
