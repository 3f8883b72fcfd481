import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { formatInteger } from "@web/views/fields/formatters";
import { PromiseDetails } from "../promise_details/promise_details";

const WAIT = 300; // milliseconds after the last key
const MOST = 999_999_999_999; // of a quantity, as the server has it
const LAST_DAY = "8999-12-31"; // that can be wanted

/** Says when a line is there and why, and what would be if it were more or another day. */
export class PromisePopover extends Component {
    static template = "logistics_crm_scm.PromisePopover";
    static components = { PromiseDetails };
    static props = {
        record: { type: Object },
        info: { type: Object },
        canApply: { type: Boolean },
        close: { type: Function },
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        const data = this.props.record.data;
        this.state = useState({
            quantity: data.product_uom_qty,
            wanted: this.props.info.wanted_date || "",
            answer: null,
            isAsking: false,
        });
        this.askSoon = useDebounced(() => this.ask(), WAIT);
    }

    get order() {
        return this.props.record.model.root;
    }

    get today() {
        return serializeDate(luxon.DateTime.local());
    }

    get isOtherQuantity() {
        return this.isQuantity && this.state.quantity !== this.props.record.data.product_uom_qty;
    }

    get isQuantity() {
        return this.state.quantity > 0 && this.state.quantity <= MOST;
    }

    get isDay() {
        return this.state.wanted <= LAST_DAY;
    }

    /** What is wrong with what is asked, in words. */
    get problem() {
        if (this.state.quantity > MOST) {
            return _t("Give a quantity of at most %s.", formatInteger(MOST));
        }
        if (!this.isQuantity) {
            return _t("Give a quantity of more than 0.");
        }
        return this.isDay ? "" : _t("Give a day before the year 9000.");
    }

    /** Whether the order can be wanted on the day that is asked about. */
    get isOtherDate() {
        const isKnown = "commitment_date" in this.order.data;
        return (
            isKnown &&
            this.state.wanted &&
            this.isDay &&
            this.state.wanted !== this.props.info.wanted_date
        );
    }

    onQuantity(ev) {
        this.state.quantity = ev.target.valueAsNumber;
        this.askSoon();
    }

    onDate(ev) {
        this.state.wanted = ev.target.value;
        this.askSoon();
    }

    /** The line as it is on the screen: order, changes that are not saved, and line. */
    async getPlace() {
        const { record } = this.props;
        const changes = await this.order.getChanges();
        return [this.order.resId, changes, record.resId || record._virtualId];
    }

    async ask() {
        if (this.problem) {
            this.state.answer = null;
            return;
        }
        this.state.isAsking = true;
        const question = this.orm.silent.call("sale.order.line", "promise_what_if", [
            ...(await this.getPlace()),
            this.state.quantity,
            this.state.wanted || false,
        ]);
        try {
            this.state.answer = await this.keepLast.add(question);
        } finally {
            this.state.isAsking = false;
        }
    }

    async applyQuantity() {
        const quantity = this.state.quantity;
        this.props.close();
        await this.props.record.update({ product_uom_qty: quantity });
    }

    /** The day is one of the warehouse's, wherever the browser is. */
    async applyDate() {
        const order = this.order;
        const moment = await this.orm.call("sale.order.line", "promise_moment", [
            ...(await this.getPlace()),
            this.state.wanted,
        ]);
        this.props.close();
        await order.update({ commitment_date: deserializeDateTime(moment) });
    }
}
