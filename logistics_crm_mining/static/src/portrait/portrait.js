import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { usePlanCall } from "./plan_call";
import { PortraitCard, PortraitOffers } from "./portrait_card";

/** A customer on one page, for whoever calls or visits them next. */
export class CustomerPortrait extends Component {
    static template = "logistics_crm_mining.Portrait";
    static components = { Layout, PortraitCard, PortraitOffers };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.open = (target) => this.action.doAction(target);
        this.plan = usePlanCall();
        this.order = (products) => this.newQuotation(products);
        this.state = useState({ data: false });
        useExternalListener(window, "beforeprint", () => this.fitCharts());
        useExternalListener(window, "afterprint", () => this.fitCharts());
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    /** The customer: from the address, or from where the page was opened. */
    get customerId() {
        const { action, resId } = this.props;
        return action.context.active_id || resId || action.params?.partner_id || false;
    }

    async load() {
        if (!this.customerId) {
            return;
        }
        const data = await this.orm.call("logistics.portrait", "get_data", [this.customerId]);
        this.state.data = data;
        this.env.config.setDisplayName(_t("Portrait of %s", data.header.name));
    }

    /** Charts are drawn for the width of the screen; on paper they have another one. */
    fitCharts() {
        for (const canvas of document.querySelectorAll(".o_logistics_portrait canvas")) {
            // eslint-disable-next-line no-undef
            Chart.getChart(canvas)?.resize();
        }
    }

    print() {
        window.print();
    }

    async planCall() {
        const { call } = this.state.data;
        call.planned = await this.plan(call.partner);
    }

    openCustomer() {
        return this.open({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.state.data.header.id,
            views: [[false, "form"]],
        });
    }

    openCustomers() {
        return this.open("logistics_crm.action_logistics_customer");
    }

    scrollTo(key) {
        const card = document.querySelector(`.o_logistics_portrait [data-card="${key}"]`);
        card?.scrollIntoView({ behavior: "smooth", block: "center" });
    }

    async newQuotation(products) {
        const action = await this.orm.call("logistics.portrait", "get_quotation", [
            this.state.data.header.id,
            products,
        ]);
        return this.open(action);
    }
}

registry.category("actions").add("logistics_crm_mining.portrait", CustomerPortrait);
