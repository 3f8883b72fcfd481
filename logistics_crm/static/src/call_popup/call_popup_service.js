import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Say who is calling, in one line. */
export function describeCaller({ number, name, code, contact, open_cases, candidates }) {
    const parts = [name ? [name, code].filter(Boolean).join(" ") : _t("Unknown caller")];
    if (contact) {
        parts.push(contact);
    }
    parts.push(number);
    if (candidates.length > 1) {
        parts.push(_t("perhaps %s", candidates.join(", ")));
    }
    if (open_cases) {
        parts.push(_t("open cases: %s", open_cases));
    }
    return parts.join(" · ");
}

/** Pop up the caller of an incoming call, with a way to their profile and to a new case. */
export const callPopupService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service, notification, orm }) {
        const open = async (call, method) =>
            action.doAction(await orm.call("logistics.call", method, [[call]]));

        bus_service.subscribe("logistics_crm.call", (payload) => {
            const close = notification.add(describeCaller(payload), {
                title: _t("Incoming call"),
                type: "info",
                sticky: true,
                className: "o_logistics_call_popup",
                buttons: [
                    {
                        name: payload.customer ? _t("Open Profile") : _t("Open Call"),
                        primary: true,
                        onClick: () => {
                            close();
                            return open(payload.call, "action_open_caller");
                        },
                    },
                    {
                        name: _t("New Case"),
                        onClick: () => {
                            close();
                            return open(payload.call, "action_create_case");
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("logistics_crm.call_popup", callPopupService);
