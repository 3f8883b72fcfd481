import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** A card that asks a question and answers it with one Chart.js picture. */
export class ChartCard extends Component {
    static template = "logistics_crm_mining.ChartCard";
    static props = {
        question: String,
        answer: { type: String, optional: true },
        // A Chart.js configuration, or false where there is nothing to draw yet.
        config: { type: [Object, { value: false }] },
        empty: String,
        // Gets the canvas, where the picture may be saved.
        save: { type: Function, optional: true },
        slots: { type: Object, optional: true },
    };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (config) => {
                if (!config) {
                    return;
                }
                // eslint-disable-next-line no-undef
                const chart = new Chart(this.canvasRef.el, config);
                return () => chart.destroy();
            },
            () => [this.props.config],
        );
    }
}
