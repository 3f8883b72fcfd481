import { registry } from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import { onWillUnmount } from "@odoo/owl";

const OPEN_STATES = ["queued", "running"];
const INTERVAL = 2000;

/** A progress bar that reads the record again every two seconds until the run is over. */
export class RunProgressField extends ProgressBarField {
    setup() {
        super.setup();
        const timer = setInterval(() => this.refresh(), INTERVAL);
        onWillUnmount(() => clearInterval(timer));
    }

    async refresh() {
        const { record } = this.props;
        if (!document.hidden && OPEN_STATES.includes(record.data.state)) {
            await record.load();
        }
    }
}

export const runProgressField = {
    ...progressBarField,
    component: RunProgressField,
};

registry.category("fields").add("logistics_run_progress", runProgressField);
