"""The demo's quality work: what customers said after their cases, 8D steps, articles, playbooks."""

from datetime import timedelta

from demo_customers import MAIN
from demo_quality_words import ARTICLES, CHINESE_ARTICLES, STEPS
from demo_records import CRM, ensure
from markupsafe import Markup

DISCIPLINED = 12  # so many claims of the main company have an 8D
PLAYBOOKS = ("case_escalated", "order_late", "payment_overdue")


def prepare_satisfaction(story):
    """Return the values of a customer's answer after a case, none where they gave none."""
    if not story.csat:
        return {}
    group = "promoter" if story.nps >= 9 else "passive" if story.nps >= 7 else "detractor"
    return {
        "csat": story.csat,
        "nps": story.nps,
        "nps_group": group,
        "nps_points": {"promoter": 100, "passive": 0, "detractor": -100}[group],
        "satisfaction_date": story.solved + timedelta(days=1),
    }


def make_ratings(env, cases):
    """Make the ratings of the cases that customers answered."""
    env["rating.rating"].create(
        [
            {
                "res_model_id": env["ir.model"]._get_id(case._name),
                "res_id": case.id,
                "partner_id": case.partner_id.id,
                "rated_partner_id": case.user_id.partner_id.id,
                "rating": case.csat,
                "consumed": True,
            }
            for case in cases.filtered("csat")
        ]
    )


def make_disciplines(env, demo, cases, employees):
    """Make the 8D of the newest claims: the older ones are through, the newest are on their way."""
    if demo.profile is not MAIN:
        return
    claims = cases.filtered(lambda case: case.claimed_amount and case.first_response_date)
    values = []
    for number, case in enumerate(claims.sorted("date_received")[-DISCIPLINED:]):
        begin = case.first_response_date.date()
        done = len(STEPS) if case.resolution_date else 2 + number % 3
        for place, (step, days, text) in enumerate(STEPS):
            day = begin + timedelta(days=days)
            is_done = place < done
            values.append(
                {
                    "case_id": case.id,
                    "step": step,
                    "note": Markup("<p>%s</p>") % text if is_done else False,
                    "employee_id": employees["quality"].id,
                    "date_due": day,
                    "date_done": min(day, case.resolution_date.date())
                    if is_done and case.resolution_date
                    else begin
                    if is_done
                    else False,
                }
            )
    env["logistics.case.discipline"].create(values)


def ensure_articles(env, demo, company, cases):
    """Publish the articles of a company; each solved some of the cases of its category."""
    rows = ARTICLES if demo.profile is MAIN else CHINESE_ARTICLES
    wanted = {
        f"article_{demo.profile.code}_{number}": {
            "name": title,
            "body": Markup("<p>%s</p>") % text,
            "category_ids": [(4, env.ref(f"{CRM}.case_category_{category}").id)],
            "audience": audience,
            "company_id": company.id,
        }
        for number, (category, audience, title, text) in enumerate(rows)
    }
    articles = ensure(env, "logistics.article", wanted)
    for article in articles.values():
        if article.state == "draft":
            article.action_publish()
        solved = cases.filtered(
            lambda case, article=article: (
                case.resolution_date and case.category_id in article.category_ids
            )
        )
        solved[::3].article_id = article


def ensure_playbooks(env):
    """Switch some playbooks on and start them for whoever they hit today."""
    for code in PLAYBOOKS:
        playbook = env.ref(f"{CRM}.playbook_{code}")
        if playbook.state == "off":
            playbook.action_switch_on()
    env["logistics.playbook"]._cron_scan()
