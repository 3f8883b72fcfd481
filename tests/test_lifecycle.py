"""Each add-on installs on what is below it, updates in silence and leaves without a trace."""

import pytest

ADD_ONS = ("logistics_crm", "logistics_crm_scm", "logistics_crm_mining")

LOAD = """
lines = [
    {"order": f"SO-{n}", "line": "1", "date": "2026-01-15", "customer": f"C-{n % 60}",
     "product": "P-1", "quantity": 1, "amount": 10.0}
    for n in range(300)
]
result = env["logistics.api"].load_sales_history("erp", lines)["created"]
"""
SCORE = """
for code in ("segment", "clv"):
    env["logistics.api"].run_mining(code)
env.cr.commit()
env["logistics.mining.run"]._cron_process_queue()
result = env["logistics.mining.score"].search_count([])
"""
FACTS = """
[[lines, amount]] = env["logistics.order.fact"]._read_group(
    [("origin", "=", "history")], [], ["__count", "amount:sum"]
)
result = [lines, amount]
"""
PARTNERS = """
partner = env["res.partner"].create({"name": "After", "is_company": True})
partners = env["res.partner"].search([("name", "like", "C-")])
partners.read()
env["res.partner"].get_views([(False, kind) for kind in ("form", "list", "kanban", "search")])
result = [partner.display_name, len(partners)]
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", module)]).button_immediate_uninstall()
"""
LEFT = """
modules = env["ir.model.data"].search_count([("module", "=", module)])
env.cr.execute("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE %s", [pattern])
result = [modules, env.cr.fetchone()[0]]
"""
OLD_RULES = """
env.cr.execute("UPDATE ir_model_data SET noupdate = true WHERE model = 'ir.rule'"
               " AND module LIKE 'logistics_crm%'")
env["ir.module.module"].search([("name", "in", names)]).latest_version = "19.0.1.0.0"
for name in rules:
    env.ref(name).domain_force = "[(0, '=', 1)]"
env.ref("logistics_crm.sharing_calls").scope = "shared"
env.ref("logistics_crm.rule_flow_user").active = False
own = env["ir.rule"].create({
    "name": "Our own", "model_id": env["ir.model"]._get_id("logistics.case"),
    "domain_force": "[('kind', '!=', 'claim')]",
})
result = own.id
"""
RULES = """
chosen = [env.ref(name).domain_force.replace(" ", "") for name in rules]
switched = env.ref("logistics_crm.rule_logistics_call_company") + env.ref(
    "logistics_crm.rule_flow_user")
rule = env["ir.rule"].browse(own)
kept = env["ir.model.data"].search_count([
    ("model", "=", "ir.rule"), ("module", "like", "logistics_crm%"), ("noupdate", "=", True)])
result = [chosen, switched.mapped("active"), rule.domain_force, rule.active, kept]
"""


@pytest.mark.parametrize("module", ADD_ONS)
def test_installs_alone_with_what_is_below_it(bare_database, run_odoo, run_shell, module):
    done = run_odoo(bare_database, "-i", module, "--stop-after-init")
    assert done.code == 0, done.text[-3000:]
    assert not done.grave(ours=True)
    installed = run_shell(
        bare_database,
        'result = env["ir.module.module"].search('
        '[("name", "in", names), ("state", "=", "installed")], order="name").mapped("name")',
        names=ADD_ONS,
    )
    assert installed == sorted(ADD_ONS[: ADD_ONS.index(module) + 1])


def test_updates_without_a_warning_and_keeps_what_is_there(cloned_database, run_odoo, run_shell):
    assert run_shell(cloned_database, LOAD) == 300
    before = run_shell(cloned_database, FACTS)
    done = run_odoo(cloned_database, "-u", ",".join(ADD_ONS), "--stop-after-init")
    assert done.code == 0, done.text[-3000:]
    assert not done.grave(ours=True)
    assert run_shell(cloned_database, FACTS) == before == [300, 3000.0]


def test_uninstalls_from_the_top_down_and_the_rest_goes_on(cloned_database, run_odoo, run_shell):
    assert run_shell(cloned_database, LOAD) == 300
    assert run_shell(cloned_database, SCORE) > 0
    for module in reversed(ADD_ONS):
        run_shell(cloned_database, UNINSTALL, module=module)
        if module != "logistics_crm":
            assert run_shell(cloned_database, FACTS) == [300, 3000.0]
        assert run_shell(cloned_database, PARTNERS) == ["After", 60]
        assert run_shell(cloned_database, LEFT, module=module, pattern="none") == [0, 0]
    assert run_shell(cloned_database, LEFT, module="logistics_crm", pattern="logistics_%") == [0, 0]
    done = run_odoo(cloned_database, "-u", "crm,sale,stock", "--stop-after-init")
    assert done.code == 0 and not done.grave(ours=True)


def test_installs_again_after_it_was_uninstalled(cloned_database, run_odoo, run_shell):
    run_shell(cloned_database, UNINSTALL, module="logistics_crm")
    done = run_odoo(cloned_database, "-i", ADD_ONS[-1], "--stop-after-init")
    assert done.code == 0, done.text[-3000:]
    assert not done.grave(ours=True)
    assert run_shell(cloned_database, LOAD) == 300


def test_an_update_mends_record_rules_and_keeps_what_was_switched(
    cloned_database, run_odoo, run_shell
):
    rules = [
        "logistics_crm.rule_sales_history_user",
        "logistics_crm_scm.logistics_order_fact_rule_dispatcher",
    ]
    own = run_shell(cloned_database, OLD_RULES, rules=rules, names=ADD_ONS)
    done = run_odoo(cloned_database, "-u", "logistics_crm", "--stop-after-init")
    assert done.code == 0, done.text[-3000:]
    assert not done.grave(ours=True)
    assert run_shell(cloned_database, RULES, rules=rules, own=own) == [
        ["[('partner_id.is_own_customer','=',True)]", "[(1,'=',1)]"],
        [False, False],
        "[('kind', '!=', 'claim')]",
        True,
        0,
    ]
