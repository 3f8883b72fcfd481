import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { router } from "@web/core/browser/router";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { PortraitCard } from "../portrait/portrait_card";
import { drawImage, saveAs } from "./save_image";

const PERIODS = [6, 12, 24, 36];
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What a role looks at first: figures, and cards that answer a question each. */
export class LogisticsDashboard extends Component {
    static template = "logistics_crm_mining.Dashboard";
    static components = { Layout, PortraitCard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = PERIODS;
        this.open = (target) => target && this.action.doAction(target);
        this.save = (card, canvas) => this.saveImage(card, canvas);
        const { role, months, segmentId } = this.props.state?.filters || this.addressed;
        this.filters = useState({
            role: role || false,
            months: months || 12,
            segmentId: segmentId || false,
        });
        this.state = useState({ data: false, key: 0 });
        useSetupAction({ getLocalState: () => ({ filters: { ...this.filters } }) });
        onWillStart(() => this.load());
        onMounted(() => this.keepFilters());
        onWillUnmount(() => router.pushState({ dashboard: undefined }));
    }

    /** The filters of the address, so that a page can be reloaded, or sent to somebody. */
    get addressed() {
        const [role, months, segmentId] = (router.current.dashboard || "").split("-");
        const known = PERIODS.includes(+months);
        return known ? { role, months: +months, segmentId: +segmentId } : {};
    }

    get display() {
        return { controlPanel: {} };
    }

    get arguments() {
        return [this.filters.role, this.filters.months, this.filters.segmentId];
    }

    async load() {
        const data = await this.orm.call("logistics.dashboard", "get_data", this.arguments);
        this.filters.role = data.role;
        this.state.data = data;
        this.state.key++; // charts are drawn anew
    }

    async choose(name, value) {
        this.filters[name] = value;
        await this.load();
        this.keepFilters();
    }

    /** Put the filters into the address, once it is that of this page. */
    keepFilters() {
        router.pushState({ dashboard: this.arguments.map((one) => one || 0).join("-") });
    }

    async saveWorkbook() {
        const file = await this.orm.call("logistics.dashboard", "get_xlsx", this.arguments);
        saveAs(`data:${XLSX};base64,${file.content}`, file.name);
    }

    saveImage(card, canvas) {
        const { company, period } = this.state.data;
        const origin = `${company.name}, ${period.from} – ${period.to}`;
        const name = `${card.key}-${luxon.DateTime.now().toISODate()}.png`;
        saveAs(drawImage(canvas, { question: card.question, answer: card.answer, origin }), name);
    }
}

registry.category("actions").add("logistics_crm_mining.dashboard", LogisticsDashboard);
