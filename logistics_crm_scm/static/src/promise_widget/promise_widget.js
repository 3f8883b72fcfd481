import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatPromiseDate, getPromiseLook } from "../promise_details/promise_details";
import { PromisePopover } from "./promise_popover";

const EDITABLE = ["draft", "sent", "sale"];

/** Shows when an order line is promised; a click says why, and what if. */
export class PromiseField extends Component {
    static template = "logistics_crm_scm.PromiseField";
    static props = { ...standardFieldProps };

    setup() {
        this.popover = usePopover(PromisePopover, {
            position: "bottom",
            popoverClass: "o_promise",
            extendedFlipping: true, // beside or over the date rather than cut off above or below it
        });
    }

    get info() {
        return this.props.record.data.promise_info;
    }

    get look() {
        return getPromiseLook(this.info);
    }

    get text() {
        const names = { unknown: _t("Not known"), none: "" };
        return names[this.info.state] ?? formatPromiseDate(this.info.date, true);
    }

    get canApply() {
        const { record } = this.props;
        const order = record.evalContext.parent || {};
        return EDITABLE.includes(record.data.state) && !order.locked;
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {
            record: this.props.record,
            info: this.info,
            canApply: this.canApply,
        });
    }
}

registry.category("fields").add("promise", {
    component: PromiseField,
    supportedTypes: ["date"],
    fieldDependencies: [
        { name: "promise_info", type: "json" },
        { name: "product_uom_qty", type: "float" },
        { name: "state", type: "selection" },
    ],
    listViewWidth: [110, 130],
});
