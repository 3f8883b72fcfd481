import { Component } from "@odoo/owl";
import { ChartCard } from "../dashboard/chart_card";
import { makeChart } from "./report_chart";

/** A question with its answer as a chart or a table, as the server told it. */
export class ReportCard extends Component {
    static template = "logistics_crm_mining.ReportCard";
    static components = { ChartCard };
    static props = { card: Object };

    setup() {
        const { chart } = this.props.card;
        this.config = chart ? makeChart(chart) : false;
    }
}

/** The charts and tables of a run, two beside each other; wide tables have a row of their own. */
export class ReportCards extends Component {
    static template = "logistics_crm_mining.ReportCards";
    static components = { ReportCard };
    static props = { cards: Array, version: { type: [String, Number] } };

    isWide(card) {
        return Boolean(card.table) && card.table.head.length > 5;
    }
}
