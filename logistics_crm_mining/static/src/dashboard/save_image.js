const WIDTH = 1200;
const MARGIN = 32;
const LINE = 26;
const SHARP = 3; // pixels of the picture for one of the screen

/** Write a text in lines that fit; return where the next one begins. */
function writeLines(context, text, y) {
    let line = "";
    // words, or letters where words are not apart
    for (const word of text.match(/\S+\s*|[^\x00-\x7f]/g) || []) {
        if (line && context.measureText(line + word).width > WIDTH - 2 * MARGIN) {
            context.fillText(line, MARGIN, y);
            [line, y] = ["", y + LINE];
        }
        line += word;
    }
    context.fillText(line, MARGIN, y);
    return y + LINE;
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
    return withSharpChart(canvas, () => draw(canvas, texts));
}

function draw(canvas, { question, answer, origin }) {
    const { backgroundColor, color } = getComputedStyle(canvas.closest(".card"));
    const image = document.createElement("canvas");
    const height = Math.round((canvas.height * (WIDTH - 2 * MARGIN)) / canvas.width);
    image.width = WIDTH;
    image.height = height + MARGIN * 3 + LINE * 5;
    const context = image.getContext("2d");
    context.fillStyle = backgroundColor;
    context.fillRect(0, 0, image.width, image.height);
    context.fillStyle = color;
    context.font = "bold 24px sans-serif";
    let y = writeLines(context, question, MARGIN + LINE / 2);
    context.font = "18px sans-serif";
    y = writeLines(context, answer, y + 4);
    context.drawImage(canvas, MARGIN, y, WIDTH - 2 * MARGIN, height);
    context.fillStyle = "#6B7280";
    context.font = "14px sans-serif";
    writeLines(context, origin, image.height - MARGIN / 2);
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
