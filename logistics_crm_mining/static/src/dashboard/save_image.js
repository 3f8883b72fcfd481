const WIDTH = 1200;
const MARGIN = 32;
const LINE = 26;
const GAP = 24; // between the columns of a table
const ROOM = WIDTH - 2 * MARGIN;
const SHARP = 3; // pixels of the picture for one of the screen
const FONTS = {
    question: "bold 24px sans-serif",
    answer: "18px sans-serif",
    head: "bold 16px sans-serif",
    cell: "16px sans-serif",
    note: "14px sans-serif",
    origin: "14px sans-serif",
};
// words, or letters where words are not apart
const PARTS = /[\u3000-\u9fff\uff00-\uffef]\s*|[^\s\u3000-\u9fff\uff00-\uffef]+\s*/g;

/** Return a text in lines that fit. */
function wrap(context, font, text, room) {
    context.font = FONTS[font];
    const lines = [""];
    for (const part of text.match(PARTS) || []) {
        const line = lines.at(-1) + part;
        if (lines.at(-1) && context.measureText(line.trimEnd()).width > room) {
            lines.push(part);
        } else {
            lines[lines.length - 1] = line;
        }
    }
    return lines;
}

function writeLines(context, font, lines, x, y) {
    context.font = FONTS[font];
    lines.forEach((line, number) => context.fillText(line, x, y + number * LINE));
    return y + lines.length * LINE;
}

/** Draw a chart sharply, whatever the screen, while something is done with it. */
function withSharpChart(canvas, use) {
    // eslint-disable-next-line no-undef
    const chart = Chart.getChart(canvas);
    chart.options.devicePixelRatio = SHARP;
    chart.resize();
    try {
        return use();
    } finally {
        chart.options.devicePixelRatio = undefined;
        chart.resize();
    }
}

/** Return a picture (data URL, PNG) of a chart below its question and answer, with its origin. */
export function drawImage(canvas, texts) {
    return withSharpChart(canvas, () => {
        const height = Math.round((canvas.height * ROOM) / canvas.width);
        const draw = (context, y) => context.drawImage(canvas, MARGIN, y, ROOM, height);
        return compose(canvas.closest(".card"), texts, () => ({ height, draw }));
    });
}

/** Return the same of a table, a list of rows of texts the first of which is its head. */
export function drawTable(card, table, texts) {
    return compose(card, texts, (context) => {
        const columns = measureColumns(context, table);
        const rows = table.map((cells, row) =>
            cells.map((cell, at) => wrap(context, row ? "cell" : "head", cell, columns[at] - GAP)),
        );
        const sizes = rows.map((cells) => Math.max(...cells.map((lines) => lines.length)) * LINE);
        const draw = (context, y) => {
            rows.forEach((cells, row) => {
                let x = MARGIN;
                cells.forEach((lines, at) => {
                    writeLines(context, row ? "cell" : "head", lines, x, y + LINE);
                    x += columns[at];
                });
                y += sizes[row];
            });
        };
        return { height: sizes.reduce((sum, size) => sum + size, LINE), draw };
    });
}

/** Return the widths of columns: those that ask for more than their share divide what is left. */
function measureColumns(context, table) {
    context.font = FONTS.head;
    const asked = table[0].map(
        (_head, at) => Math.max(...table.map((row) => context.measureText(row[at]).width)) + GAP,
    );
    const sum = (widths) => widths.reduce((total, width) => total + width, 0);
    const fair = ROOM / asked.length;
    const left = ROOM - sum(asked.filter((width) => width <= fair));
    const scale = Math.min(1, left / sum(asked.filter((width) => width > fair)));
    return asked.map((width) => (width > fair ? width * scale : width));
}

/** Put question and answer above, notes and origin below, what is measured and then drawn. */
function compose(card, { question, answer, notes, origin }, measure) {
    const { backgroundColor, color } = getComputedStyle(card);
    const image = document.createElement("canvas");
    const context = image.getContext("2d");
    const asked = wrap(context, "question", question, ROOM);
    const told = wrap(context, "answer", answer, ROOM);
    const noted = notes.flatMap((note) => wrap(context, "note", note, ROOM));
    const { height, draw } = measure(context);
    const lines = asked.length + told.length + noted.length + 1;
    image.width = WIDTH;
    image.height = height + MARGIN * 3 + LINE * lines;
    context.fillStyle = backgroundColor;
    context.fillRect(0, 0, image.width, image.height);
    context.fillStyle = color;
    const below = writeLines(context, "question", asked, MARGIN, MARGIN + LINE / 2);
    const top = writeLines(context, "answer", told, MARGIN, below + 4);
    draw(context, top);
    writeLines(context, "note", noted, MARGIN, top + height + LINE);
    context.fillStyle = "#6B7280";
    writeLines(context, "origin", [origin], MARGIN, image.height - MARGIN / 2);
    return image.toDataURL("image/png");
}

/** Have the browser save what an address holds. */
export function saveAs(href, name) {
    const link = document.createElement("a");
    Object.assign(link, { href, download: name });
    document.body.appendChild(link);
    link.click();
    link.remove();
}
