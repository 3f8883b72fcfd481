import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { ReportCards } from "./report_cards";

/** The page of a model: how good it is, what it uses, when it was trained, its limits, its runs. */
export class ModelPage extends Component {
    static template = "logistics_crm_mining.ModelPage";
    static components = { ReportCards };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ page: null, version: 0 });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    async load(record) {
        if (record.resId) {
            this.state.page = await this.orm.call("logistics.mining.report", "get_page", [
                record.resId,
            ]);
            this.state.version += 1;
        }
    }

    openRun(run) {
        if (!this.state.page.may_open) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "logistics.mining.run",
            res_id: run.id,
            views: [[false, "form"]],
        });
    }
}

/** The charts and tables of a run, on its form. */
export class RunReport extends Component {
    static template = "logistics_crm_mining.RunReport";
    static components = { ReportCards };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ cards: [], version: 0 });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => this.load(next.record));
    }

    async load(record) {
        if (record.resId) {
            this.state.cards = await this.orm.call("logistics.mining.report", "get_run_cards", [
                record.resId,
            ]);
            this.state.version += 1;
        }
    }
}

registry.category("view_widgets").add("logistics_model_page", { component: ModelPage });
registry.category("view_widgets").add("logistics_run_report", { component: RunReport });
