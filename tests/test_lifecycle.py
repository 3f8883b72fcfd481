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
