import { Component, onWillStart, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ChartCard } from "./chart_card";
import { concentrationConfig, deliveryConfig, segmentConfig, valueConfig } from "./chart_configs";

const PERIODS = [6, 12, 24, 36];

export class LogisticsDashboard extends Component {
    static template = "logistics_crm_mining.Dashboard";
    static components = { ChartCard, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = PERIODS;
        this.state = useState({ months: 12, data: null, charts: {} });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    async load() {
        const data = await this.orm.call("logistics.dashboard", "get_data", [this.state.months]);
        this.state.charts = this.makeCharts(data);
        this.state.data = data;
    }

    setPeriod(ev) {
        this.state.months = parseInt(ev.target.value);
        return this.load();
    }

    makeCharts(data) {
        const money = (value, short = false) =>
            formatCurrency(value, data.company.currency_id, {
                humanReadable: short || Math.abs(value) >= 1e6,
                digits: short ? [16, 0] : undefined,
            });
        const openSegment = (segment) => this.openSegment(segment);
        const delivery = data.delivery.filter(
            (row) => row.on_time !== false && row.on_time !== null,
        );
        return {
            segments: data.segments.length > 0 && segmentConfig(data.segments, money, openSegment),
            values: data.segments.length > 0 && valueConfig(data.segments, money, openSegment),
            concentration:
                data.concentration.customers > 0 && concentrationConfig(data.concentration),
            delivery:
                delivery.length > 0 &&
                deliveryConfig(data.delivery, (month) => this.openMonth(month)),
        };
    }

    money(value) {
        return formatCurrency(value, this.state.data.company.currency_id, {
            humanReadable: Math.abs(value) >= 1e6,
        });
    }

    /** The change against the period before as a text such as “+12%”, or an empty text where there is none. */
    change({ value, previous }) {
        if (!previous) {
            return "";
        }
        const share = Math.round(((value - previous) / previous) * 100);
        return `${share > 0 ? "+" : ""}${share}%`;
    }

    get onTime() {
        const rows = this.state.data.delivery.filter(
            (row) => row.on_time !== false && row.on_time !== null,
        );
        const lines = rows.reduce((sum, row) => sum + row.lines, 0);
        if (!lines) {
            return "–";
        }
        return `${((rows.reduce((sum, row) => sum + row.on_time * row.lines, 0) / lines) * 100).toFixed(1)}%`;
    }

    get concentrationAnswer() {
        const { top_revenue, customers } = this.state.data.concentration;
        return _t("The largest 20%% of %(customers)s customers make %(share)s%% of revenue.", {
            customers,
            share: Math.round(top_revenue * 100),
        }).replaceAll("%%", "%");
    }

    openSegment(segment) {
        return this.action.doAction("logistics_crm.action_logistics_customer", {
            additionalContext: { search_default_segment_id: segment.id },
        });
    }

    openMonth(month) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Deliveries promised in %s", month),
            res_model: "logistics.order.fact",
            domain: [
                ["promised_date", ">=", `${month}-01`],
                ["promised_date", "<", this.nextMonth(month)],
            ],
            views: [
                [false, "list"],
                [false, "pivot"],
            ],
        });
    }

    nextMonth(month) {
        const [year, number] = month.split("-").map(Number);
        return luxon.DateTime.local(year, number, 1).plus({ months: 1 }).toISODate();
    }

    openCustomer(customer) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: customer.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("logistics_crm_mining.dashboard", LogisticsDashboard);
