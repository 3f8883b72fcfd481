import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/**
 * Return a function that plans to call a customer today, for the user. It returns who calls when,
 * and says so where somebody had planned it before.
 */
export function usePlanCall() {
    const orm = useService("orm");
    const notification = useService("notification");
    return async (partner) => {
        const { text, is_new } = await orm.call("logistics.dashboard", "plan_call", [partner]);
        const message = is_new ? text : _t("A call is planned already: %s", text);
        notification.add(message, { type: is_new ? "success" : "warning" });
        return text;
    };
}
