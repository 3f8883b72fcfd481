import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { router } from "@web/core/browser/router";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { usePlanCall } from "../portrait/plan_call";
import { PortraitCard } from "../portrait/portrait_card";
import { DEFAULTS, PERIODS, readAddress, writeAddress } from "./filters";
import { drawImage, drawTable, saveAs } from "./save_image";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** What a role looks at first: figures, and cards that answer a question each. */
export class LogisticsDashboard extends Component {
    static template = "logistics_crm_mining.Dashboard";
    static components = { DateTimeInput, Layout, PortraitCard };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.periods = PERIODS;
        this.open = (target) => target && this.action.doAction(target);
        this.plan = usePlanCall();
        this.save = (card, element) => this.saveImage(card, element);
        const kept = this.props.state?.filters;
        this.filters = useState(kept || readAddress(router.current.dashboard));
        this.state = useState({ data: false, key: 0 });
        useSetupAction({ getLocalState: () => ({ filters: { ...this.filters } }) });
        onWillStart(() => this.start());
        onMounted(() => this.keepFilters());
        onWillUnmount(() => router.pushState({ dashboard: undefined }));
    }

    get display() {
        return { controlPanel: {} };
    }

    get arguments() {
        const { role, months, segmentId, from, to } = this.filters;
        return [role, months, segmentId, from, to];
    }

    /** The first and last day that are shown, as the date inputs want them. */
    get days() {
        const { date_from, date_to } = this.state.data.period;
        const { DateTime } = luxon;
        return { from: DateTime.fromISO(date_from), to: DateTime.fromISO(date_to) };
    }

    async load() {
        const data = await this.orm.call("logistics.dashboard", "get_data", this.arguments);
        this.filters.role = data.role;
        this.state.data = data;
        this.state.key++; // charts are drawn anew
    }

    /** Show what the address asks for; where that is not offered (any more), say so. */
    async start() {
        try {
            await this.load();
        } catch (error) {
            if (
                !(error instanceof RPCError) ||
                writeAddress(this.filters) === writeAddress(DEFAULTS)
            ) {
                throw error;
            }
            this.notification.add(error.data?.message || error.message, { type: "warning" });
            Object.assign(this.filters, DEFAULTS);
            await this.load();
        }
    }

    /** Show the page with other filters, or keep those before where they are refused. */
    async choose(filters) {
        const before = { ...this.filters };
        Object.assign(this.filters, filters);
        try {
            await this.load();
        } catch (error) {
            Object.assign(this.filters, before);
            this.state.key++;
            throw error;
        }
        this.keepFilters();
    }

    choosePeriod(months) {
        const { date_from, date_to } = this.state.data.period;
        const own = { from: date_from, to: date_to };
        return this.choose(months ? { months, from: false, to: false } : own);
    }

    async chooseDay(name, day) {
        const days = { ...this.days, [name]: day || this.days[name] };
        if (days.from > days.to) {
            this.state.key++; // the input shows the day before again
            const message = _t("The period cannot end before it begins.");
            return this.notification.add(message, { type: "warning" });
        }
        await this.choose({ from: days.from.toISODate(), to: days.to.toISODate() });
    }

    /** Put the filters into the address, once it is that of this page. */
    keepFilters() {
        router.pushState({ dashboard: writeAddress(this.filters) });
    }

    async saveWorkbook() {
        const file = await this.orm.call("logistics.dashboard", "get_xlsx", this.arguments);
        saveAs(`data:${XLSX};base64,${file.content}`, file.name);
    }

    /** Save the picture of a card: of its chart, or else of its table. */
    saveImage(card, element) {
        const { company, period } = this.state.data;
        const origin = `${company.name}, ${period.from} – ${period.to}`;
        const name = `${card.key}-${luxon.DateTime.now().toISODate()}.png`;
        const notes = card.notes.map((note) => note.text || note);
        const texts = { question: card.question, answer: card.answer, notes, origin };
        const table = [card.head, ...card.rows.map((row) => row.cells)];
        saveAs(card.chart ? drawImage(element, texts) : drawTable(element, table, texts), name);
    }
}

registry.category("actions").add("logistics_crm_mining.dashboard", LogisticsDashboard);
