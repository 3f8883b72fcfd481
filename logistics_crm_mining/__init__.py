from . import models, wizard


def uninstall_hook(env):
    """Switch off the playbooks that look at what goes with this add-on."""
    playbooks = env["logistics.playbook"].with_context(active_test=False)
    playbooks.search([("model", "=", "logistics.mining.change")]).action_switch_off()
