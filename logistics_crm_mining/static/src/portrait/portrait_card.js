import { Component, useRef, useState } from "@odoo/owl";
import { ChartCard } from "../dashboard/chart_card";
import { makePortraitChart } from "./portrait_chart";

/** A question about the customer with its answer, and what the answer stands on. */
export class PortraitCard extends Component {
    static template = "logistics_crm_mining.PortraitCard";
    static components = { ChartCard };
    static props = {
        card: Object,
        currencyId: Number,
        open: Function,
        save: { type: Function, optional: true },
        // Plans to call a customer, and returns who calls when.
        plan: { type: Function, optional: true },
    };

    setup() {
        const save = this.props.save;
        this.save = save && ((element) => save(this.props.card, element));
        this.cardRef = useRef("card");
        const { card, currencyId, open } = this.props;
        this.config = card.chart ? makePortraitChart(card.chart, currencyId, open) : false;
        const calls = card.rows.map((row) => row.call).filter(Boolean);
        this.hasCalls = Boolean(this.props.plan && calls.length);
        this.planned = useState(Object.fromEntries(calls.map((one) => [one.partner, one.planned])));
        this.waiting = useState({});
    }

    async planCall(partner) {
        this.waiting[partner] = true;
        try {
            this.planned[partner] = await this.props.plan(partner);
        } finally {
            delete this.waiting[partner];
        }
    }
}

/** What to offer: products to choose from, each with its reason. */
export class PortraitOffers extends Component {
    static template = "logistics_crm_mining.PortraitOffers";
    static props = { card: Object, mayOrder: Boolean, open: Function, order: Function };

    setup() {
        this.state = useState({ chosen: {} });
    }

    get count() {
        return Object.values(this.state.chosen).filter(Boolean).length;
    }

    toggle(offer) {
        this.state.chosen[offer.product] = !this.state.chosen[offer.product];
    }

    order() {
        const chosen = this.props.card.offers.filter((offer) => this.state.chosen[offer.product]);
        return this.props.order(chosen.map((offer) => [offer.product, offer.quantity]));
    }
}
