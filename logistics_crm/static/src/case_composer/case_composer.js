/** @odoo-module **/

import { Composer } from "@mail/core/common/composer";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const CASE = "logistics.case";
// How often a colleague may be told that somebody writes an answer, in milliseconds
const TELL_EVERY = 60000;

/**
 * Tells who answers a case of a colleague who is writing, and stops an answer that was written
 * without having seen a newer one. What was typed stays.
 */
patch(Composer.prototype, {
    get answersCase() {
        const thread = this.props.composer.thread;
        return thread?.model === CASE && Boolean(thread.id) && this.props.type !== "note";
    },

    get seenMessageId() {
        return this.props.composer.thread.newestPersistentMessage?.id || 0;
    },

    get extraData() {
        if (!this.answersCase) {
            return super.extraData;
        }
        const extra = super.extraData;
        const context = {
            ...extra.context,
            logistics_seen_message_id: this.seenMessageId || 1,
        };
        return { ...extra, context };
    },

    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        return this.answersCase
            ? { ...context, logistics_seen_message_id: this.seenMessageId || 1 }
            : context;
    },

    onFocusin() {
        super.onFocusin(...arguments);
        if (this.answersCase && Date.now() - (this.toldOfAnswerAt || 0) > TELL_EVERY) {
            this.toldOfAnswerAt = Date.now();
            this.tellOfAnswer();
        }
    },

    async tellOfAnswer() {
        const thread = this.props.composer.thread;
        const others = await this.env.services.orm.silent.call(CASE, "start_answering", [
            [thread.id],
        ]);
        if (others.length) {
            this.warnOfAnswer(_t("%s is answering this case right now.", others.join(", ")));
        }
    },

    warnOfAnswer(message) {
        this.env.services.notification.add(message, {
            type: "warning",
            autocloseDelay: 10000,
        });
    },

    async sendMessage() {
        if (this.answersCase && !this.props.composer.message) {
            const thread = this.props.composer.thread;
            const problem = await this.env.services.orm.silent.call(CASE, "get_newer_answer", [
                [thread.id],
                this.seenMessageId,
            ]);
            if (problem) {
                this.warnOfAnswer(problem);
                await thread.fetchNewMessages();
                return;
            }
        }
        try {
            return await super.sendMessage(...arguments);
        } finally {
            if (this.answersCase) {
                // An answer that the server refused can be sent again
                this.state.active = true;
            }
        }
    },
});
