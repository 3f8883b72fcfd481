import { Component, onMounted, onWillUpdateProps, useState } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const PAGE = 20;
const MODEL = "logistics.timeline";
const SPECIFICATION = {
    kind: {},
    date: {},
    is_day: {},
    title: {},
    preview: {},
    amount: {},
    currency_id: {},
    partner_id: { fields: { name: {}, display_name: {} } },
    user_id: { fields: { display_name: {} } },
};
const ICONS = {
    mail: "fa-envelope-o",
    call: "fa-phone",
    meeting: "fa-users",
    activity: "fa-check",
    lead: "fa-lightbulb-o",
    quotation: "fa-file-text-o",
    order: "fa-shopping-cart",
    delivery: "fa-truck",
    invoice: "fa-file-text",
    payment: "fa-money",
    case: "fa-life-ring",
    rating: "fa-star-o",
};

/** Shows the touches with a customer, newest first, with filters by kind, date and person. */
export class CustomerTimeline extends Component {
    static template = "logistics_crm.CustomerTimeline";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            kinds: "all",
            period: "all",
            person: false,
            people: null,
            rows: [],
            hasMore: false,
            isLoaded: false,
            lastContact: "",
        });
        this.kindNames = {};
        // The page does not wait for its timeline: it fills in by itself.
        onMounted(() => this.start());
        onWillUpdateProps((props) => {
            if (this.getCustomer(props) !== this.getCustomer(this.props)) {
                this.forget();
                this.load(props);
            }
        });
    }

    get kindChoices() {
        return [
            { id: "all", label: _t("All"), kinds: null },
            { id: "talks", label: _t("Talks"), kinds: ["mail", "call", "meeting", "activity"] },
            { id: "sales", label: _t("Sales"), kinds: ["lead", "quotation", "order", "delivery"] },
            { id: "money", label: _t("Money"), kinds: ["invoice", "payment"] },
            { id: "service", label: _t("Service"), kinds: ["case", "rating"] },
        ];
    }

    get periodChoices() {
        return [
            { id: "all", label: _t("Any time"), days: null },
            { id: "month", label: _t("Last 30 days"), days: 30 },
            { id: "quarter", label: _t("Last 90 days"), days: 90 },
            { id: "year", label: _t("Last 12 months"), days: 365 },
        ];
    }

    get period() {
        return this.periodChoices.find((choice) => choice.id === this.state.period);
    }

    get isFiltered() {
        const { kinds, period, person } = this.state;
        return kinds !== "all" || period !== "all" || Boolean(person);
    }

    getCustomer(props) {
        return props.record.data.commercial_partner_id?.id;
    }

    getDomain(props = this.props) {
        const domain = [["commercial_partner_id", "=", this.getCustomer(props)]];
        const { kinds } = this.kindChoices.find((choice) => choice.id === this.state.kinds);
        if (kinds) {
            domain.push(["kind", "in", kinds]);
        }
        if (this.period.days) {
            const since = luxon.DateTime.now().minus({ days: this.period.days });
            domain.push(["date", ">=", serializeDateTime(since)]);
        }
        if (this.state.person) {
            domain.push(["user_id", "=", this.state.person.id]);
        }
        return domain;
    }

    async start() {
        const fields = await this.orm.call(MODEL, "fields_get", [["kind"], ["selection"]]);
        this.kindNames = Object.fromEntries(fields.kind.selection);
        await this.load();
    }

    /** Show nothing of the customer before. */
    forget() {
        Object.assign(this.state, {
            person: false,
            people: null,
            rows: [],
            hasMore: false,
            isLoaded: false,
            lastContact: "",
        });
    }

    async load(props = this.props) {
        const rows = this.getCustomer(props) ? await this.read(0, props) : [];
        this.setRows(rows, props);
        this.state.isLoaded = true;
        if (rows.length && !this.isFiltered) {
            this.loadLastContact(props);
        }
    }

    /** Fill in when they last talked, without keeping the page waiting for it. */
    async loadLastContact(props) {
        const ids = [this.getCustomer(props)];
        const [customer] = await this.orm.read("res.partner", ids, ["last_contact_date"]);
        if (ids[0] !== this.getCustomer(this.props)) {
            return;
        }
        const date = customer.last_contact_date;
        this.state.lastContact = date ? deserializeDateTime(date).toRelative() : "";
    }

    async loadMore() {
        const rows = await this.read(this.state.rows.length);
        this.setRows([...this.state.rows, ...rows]);
    }

    /** Read one row more than a page: it tells whether there are more, without counting them. */
    async read(offset, props = this.props) {
        const { records } = await this.keepLast.add(
            this.orm.call(MODEL, "web_search_read", [], {
                domain: this.getDomain(props),
                specification: SPECIFICATION,
                offset,
                limit: PAGE + 1,
                count_limit: 1,
            }),
        );
        this.state.hasMore = records.length > PAGE;
        return records.slice(0, PAGE);
    }

    setRows(rows, props = this.props) {
        this.state.rows = rows.map((row) => ({ ...row, ...this.describe(row, props) }));
    }

    describe(row, props) {
        const { DATE_MED, DATETIME_MED } = luxon.DateTime;
        const date = deserializeDateTime(row.date);
        return {
            icon: ICONS[row.kind] || "fa-circle-o",
            kindName: this.kindNames[row.kind],
            when: date.toLocaleString(row.is_day ? DATE_MED : DATETIME_MED),
            contact:
                row.partner_id && row.partner_id.id !== props.record.resId
                    ? row.partner_id.name || row.partner_id.display_name
                    : "",
            money: row.currency_id ? formatCurrency(row.amount, row.currency_id) : "",
        };
    }

    filter(values) {
        Object.assign(this.state, values);
        return this.load();
    }

    async loadPeople() {
        if (this.state.people) {
            return;
        }
        const domain = [["commercial_partner_id", "=", this.getCustomer(this.props)]];
        const groups = await this.orm.call(MODEL, "formatted_read_group", [], {
            domain: [...domain, ["user_id", "!=", false]],
            groupby: ["user_id"],
            aggregates: ["__count"],
        });
        this.state.people = groups.map((group) => ({
            id: group.user_id[0],
            name: group.user_id[1],
        }));
    }

    async open(row) {
        this.action.doAction(await this.orm.call(MODEL, "action_open_document", [[row.id]]));
    }

    async openList() {
        const partners = [this.getCustomer(this.props)];
        this.action.doAction(
            await this.orm.call("res.partner", "action_view_timeline", [partners]),
        );
    }
}

export const customerTimeline = {
    component: CustomerTimeline,
    fieldDependencies: [{ name: "commercial_partner_id", type: "many2one" }],
};

registry.category("view_widgets").add("logistics_customer_timeline", customerTimeline);
