import { Component, onWillUnmount, useRef, useState } from "@odoo/owl";
import { humanSize } from "@web/core/utils/binary";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// Pieces keep each request short (server time limits) and small (proxies' limits).
const PIECE_BYTES = 32 * 1024 * 1024;
const ACCEPT = ".csv,.txt,.tsv,.xlsx,.gz";

/** Uploads the file of a sales history load, piece by piece, with progress and cancel. */
export class HistoryUpload extends Component {
    static template = "logistics_crm.HistoryUpload";
    static props = { ...standardWidgetProps };

    setup() {
        this.accept = ACCEPT;
        this.input = useRef("input");
        this.state = useState({ fileName: "", progress: null, error: "", dragging: false });
        this.xhr = null;
        onWillUnmount(() => this.xhr?.abort());
    }

    get isUploading() {
        return this.state.progress !== null;
    }

    get percent() {
        return Math.floor(100 * (this.state.progress ?? 0));
    }

    get statusText() {
        return this.percent < 100
            ? _t("Uploading %(name)s: %(percent)s%", {
                  name: this.state.fileName,
                  percent: this.percent,
              })
            : _t("Reading %(name)s…", { name: this.state.fileName });
    }

    get limitText() {
        return _t("CSV or XLSX, up to %s.", humanSize(this.props.record.data.upload_limit));
    }

    get hasFile() {
        return this.props.record.data.file_ready;
    }

    choose() {
        this.input.el.click();
    }

    onChange(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (file) {
            this.upload(file);
        }
    }

    onDrop(ev) {
        this.state.dragging = false;
        const [file] = ev.dataTransfer.files;
        if (file && !this.isUploading) {
            this.upload(file);
        }
    }

    cancel() {
        this.xhr?.abort();
    }

    /** Says why a file cannot be uploaded before a byte is sent, or nothing. */
    refusal(file) {
        const limit = this.props.record.data.upload_limit;
        if (!file.size) {
            return _t("The file is empty. Choose a CSV or XLSX file with sales lines.");
        }
        if (limit && file.size > limit) {
            return _t("The file is %(size)s; at most %(limit)s can be uploaded. Split it.", {
                size: humanSize(file.size),
                limit: humanSize(limit),
            });
        }
        return "";
    }

    async upload(file) {
        this.state.error = this.refusal(file);
        if (this.state.error || !(await this.saveRecord(file))) {
            return;
        }
        Object.assign(this.state, { fileName: file.name, progress: 0 });
        try {
            await this.sendPieces(file);
            await this.props.record.model.root.load();
        } catch (error) {
            this.state.error = error.message;
        } finally {
            this.state.progress = null;
            this.xhr = null;
        }
    }

    /** The route needs the id of a saved load; a new one gets a name from its file. */
    async saveRecord(file) {
        const { record } = this.props;
        if (!record.data.source) {
            const source = await record.model.orm.call(record.resModel, "get_default_source", [
                file.name,
            ]);
            await record.update({ source });
        }
        return record.save();
    }

    async sendPieces(file) {
        const token = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
            byte.toString(16).padStart(2, "0"),
        ).join("");
        for (let start = 0; start < file.size; start += PIECE_BYTES) {
            await this.sendPiece(file, start, Math.min(start + PIECE_BYTES, file.size), token);
        }
    }

    sendPiece(file, start, end, token) {
        const query = new URLSearchParams({ name: file.name, token });
        const xhr = (this.xhr = new XMLHttpRequest());
        return new Promise((resolve, reject) => {
            xhr.open("POST", `/logistics_crm/history/upload/${this.props.record.resId}?${query}`);
            xhr.setRequestHeader("Content-Type", "application/octet-stream");
            xhr.setRequestHeader("Content-Range", `bytes ${start}-${end - 1}/${file.size}`);
            xhr.setRequestHeader("X-CSRF-Token", odoo.csrf_token);
            xhr.upload.onprogress = (ev) => {
                this.state.progress = (start + ev.loaded) / file.size;
            };
            xhr.onload = () =>
                xhr.status === 200 ? resolve() : reject(new Error(this.readError(xhr)));
            xhr.onabort = () => reject(new Error(_t("The upload was cancelled.")));
            xhr.onerror = () =>
                reject(new Error(_t("The connection broke. Upload the file again.")));
            xhr.send(file.slice(start, end));
        });
    }

    readError(xhr) {
        try {
            return JSON.parse(xhr.responseText).error;
        } catch {
            return _t("The server refused the file (status %s). Upload it again.", xhr.status);
        }
    }
}

export const historyUpload = {
    component: HistoryUpload,
    additionalClasses: ["d-block", "w-100"],
    fieldDependencies: [
        { name: "upload_limit", type: "float" },
        { name: "file_ready", type: "boolean" },
        { name: "source", type: "char" },
    ],
};

registry.category("view_widgets").add("logistics_history_upload", historyUpload);
