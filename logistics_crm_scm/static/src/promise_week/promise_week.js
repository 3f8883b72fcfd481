import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Shows what can be promised of a product on each of the next days, by warehouse. */
export class PromiseWeek extends Component {
    static template = "logistics_crm_scm.PromiseWeek";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ days: [], rows: [], isLoaded: false });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps(async (props) => {
            if (this.getKey(props) !== this.getKey(this.props)) {
                await this.load(props);
            }
        });
    }

    /** Returns the model and the id of whose week it is: the record itself, or its product. */
    getProduct({ record }) {
        if (record.resModel.startsWith("product.")) {
            return [record.resModel, record.resId];
        }
        return ["product.product", record.data.product_id && record.data.product_id.id];
    }

    getKey(props) {
        return this.getProduct(props).join();
    }

    async load(props) {
        const [model, id] = this.getProduct(props);
        this.state.isLoaded = false;
        if (!id) {
            return;
        }
        const week = await this.keepLast.add(this.orm.call(model, "get_promise_week", [[id]]));
        Object.assign(this.state, week, { isLoaded: true });
    }

    get hasVariants() {
        return new Set(this.state.rows.map((row) => row.product_id)).size > 1;
    }

    get hasSources() {
        return this.state.rows.some((row) => row.later);
    }

    get closedTitle() {
        return _t("Nothing leaves this warehouse on that day.");
    }

    getClass(row, index) {
        if (row.closed[index]) {
            return "text-muted bg-200 o_promise_closed";
        }
        return row.quantities[index] ? "" : "text-muted";
    }

    format(quantity) {
        return formatFloat(quantity, { trailingZeros: false });
    }

    formatDay(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }
}

registry.category("view_widgets").add("promise_week", { component: PromiseWeek });
