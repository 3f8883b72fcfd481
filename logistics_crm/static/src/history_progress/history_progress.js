import { Component, onWillUnmount, useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_MS = 2000;
const PATIENCE_MS = 3 * 60 * 1000;

/** Shows how far the background work of a load is, and asks the server until it is done. */
export class HistoryProgress extends Component {
    static template = "logistics_crm.HistoryProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.timer = null;
        useEffect(
            () => {
                this.schedule();
                return () => clearTimeout(this.timer);
            },
            () => [this.data.job_state, this.props.record.resId],
        );
        onWillUnmount(() => {
            this.timer = null;
        });
    }

    get data() {
        return this.props.record.data;
    }

    get percent() {
        const { job, staged_count: rows, row_estimate: estimate } = this.data;
        if (job !== "read" || !estimate) {
            return null;
        }
        return Math.min(Math.floor((100 * rows) / estimate), 100);
    }

    get text() {
        const { job, job_state: state, staged_count: rows } = this.data;
        if (state === "queued") {
            return _t("Waiting for the background worker. You may close this page.");
        }
        if (job === "apply") {
            return _t("Loading the good lines in the background. You may close this page.");
        }
        if (job === "check") {
            return _t("All lines are read; checking them. You may close this page.");
        }
        return _t("%s lines read in the background. You may close this page.", formatInteger(rows));
    }

    get isLate() {
        const { job_state: state, job_queued_at: since } = this.data;
        return state === "queued" && since && luxon.DateTime.now() - since > PATIENCE_MS;
    }

    schedule() {
        clearTimeout(this.timer);
        if (this.data.job_state) {
            this.timer = setTimeout(() => this.poll(), POLL_MS);
        }
    }

    async poll() {
        const timer = this.timer;
        await this.props.record.model.root.load();
        if (this.timer === timer && timer !== null) {
            this.schedule();
        }
    }
}

export const historyProgress = {
    component: HistoryProgress,
    additionalClasses: ["d-block", "w-100"],
    fieldDependencies: [
        { name: "job", type: "selection" },
        { name: "job_state", type: "selection" },
        { name: "staged_count", type: "integer" },
        { name: "job_queued_at", type: "datetime" },
        { name: "row_estimate", type: "integer" },
    ],
};

registry.category("view_widgets").add("logistics_history_progress", historyProgress);
