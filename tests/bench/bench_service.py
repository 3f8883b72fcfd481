"""The pages and jobs of customer service on a large database, each beside Odoo's own.

100,000 customers, 1,000,000 lines of history, 200,000 cases and as many leads. Run by
`make bench` on a database of its own; `BENCH_SIZE=0.01` makes everything a hundred times smaller.
"""

import time

import service_records
from odoo_environment import open_environment, settle
from service_pages import (
    find_customers,
    form_specification,
    open_form,
    open_kanban,
    open_timeline,
    open_timeline_list,
)
from sizes import SIZE, scaled

ROUNDS = 9
AIM_FORM = 1.5
AIM_TWICE = 2  # twice as many cases take twice as long


class Probe:
    """Measures calls: the median of some rounds, with the number of queries."""

    def __init__(self, env):
        self.env = env
        self.rows = []

    def measure(self, name, call, rounds=ROUNDS, baseline=None, aim=""):
        """Call so often on cold ORM caches, keep and return the median milliseconds.

        The aim is that of the ratio to the baseline (milliseconds).
        """
        seconds, queries = [], 0
        for number in range(rounds + 1):
            self.env.flush_all()
            self.env.invalidate_all()
            before, start = self.env.cr.sql_log_count, time.perf_counter()
            call(number)
            self.env.flush_all()
            seconds.append(time.perf_counter() - start)
            queries = self.env.cr.sql_log_count - before
        took = sorted(seconds[1:] or seconds)[len(seconds[1:]) // 2] * 1000
        self.rows.append((name, took, queries, took / baseline if baseline else None, aim))
        return took


def measure_forms(env, probe):
    """Measure the customer's page beside Odoo's form of the same partners, for two sizes."""
    ours, theirs = service_records.make_users(env)
    # the view as each user gets it; of Odoo's form only what Odoo itself put there
    ours_spec = form_specification(env(user=ours), "logistics_crm.action_logistics_customer")
    theirs_spec = form_specification(env(user=theirs), "base.action_partner_form", odoo_only=True)
    for kind, customers in find_customers(env).items():
        base = probe.measure(
            f"Odoo's partner form, {kind}", open_form(env(user=theirs), customers, theirs_spec)
        )
        probe.measure(
            f"our customer page, {kind}",
            open_form(env(user=ours), customers, ours_spec),
            baseline=base,
            aim=AIM_FORM,
        )
        for name, call in (
            ("its timeline, loaded after it", open_timeline),
            ("all touches as a list", open_timeline_list),
        ):
            probe.measure(f"{name}, {kind}", call(env(user=ours), customers))


def measure_kanbans(env, probe):
    """Measure the board of cases beside that of as many leads."""
    ours, theirs = service_records.make_users(env)
    leads = open_kanban(env(user=theirs), "crm.crm_lead_action_pipeline", "stage_id")
    base = probe.measure("Odoo's board of leads", leads)
    cases = open_kanban(env(user=ours), "logistics_crm.action_logistics_case", "stage_id")
    probe.measure("our board of cases", cases, baseline=base)
    mine = open_kanban(env(user=ours), "logistics_crm.action_logistics_case", "stage_id", True)
    probe.measure("our board, open cases", mine, baseline=base)


def measure_jobs(env, probe):
    """Measure the jobs on what is due, on twice as much, and again with nothing changed."""
    due = scaled(service_records.DUE, at_least=20)
    for name, run in service_records.JOBS.items():
        once = {}
        for count in (due, 2 * due):
            made = service_records.make_due(env, name, count)
            half = once.get(made / 2)  # a job over all customers has no half to compare with
            once[made] = probe.measure(
                f"{name}, {made:,} due",
                lambda _n, run=run: run(env),
                rounds=0,
                baseline=half,
                aim=AIM_TWICE if half else "",
            )
        probe.measure(f"{name}, nothing changed", lambda _n, run=run: run(env), rounds=0)


def main():
    """Print the table."""
    with open_environment() as env:
        start = time.perf_counter()
        counts = service_records.make_all(env, SIZE)
        settle(env)
        made = time.perf_counter() - start
        probe = Probe(env)
        measure_forms(env, probe)
        measure_kanbans(env, probe)
        measure_jobs(env, probe)
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    print(f"Customer service with {told} (made in {made:.0f} s), median of {ROUNDS}")
    print(f"{'':44}{'ms':>11}{'queries':>9}{'x base':>8}{'aim':>6}")
    print("(base: Odoo's own page of as many records; of a job, that on half as many)")
    for name, took, queries, ratio, aim in probe.rows:
        print(f"{name:44}{took:11,.1f}{queries:9,}{f'{ratio:.2f}' if ratio else '':>8}{aim:>6}")


if __name__ == "__main__":
    main()
