// What is drawn on a chart's canvas, told by its colours: crates/plot/src/theme.rs has them by run and by curve.

/** The light theme's colours of the first two runs. */
export const INK = {
  first: { train: [194, 65, 12], test: [29, 78, 216] },
  second: { train: [190, 24, 93], test: [109, 40, 217] },
};

/**
 * Pixels of a colour on a chart (`chart-loss` or `chart-accuracy`): `line` counts opaque ones, `shade` those as
 * faint as the fill between two curves (an eighth to a twelfth of opaque).
 */
export async function pixels(page, chart, colour) {
  return page.locator(`[data-testid="${chart}"] canvas`).evaluate((canvas, [r, g, b]) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const found = { line: 0, shade: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const off = Math.max(Math.abs(data[at] - r), Math.abs(data[at + 1] - g), Math.abs(data[at + 2] - b));
      if (data[at + 3] > 180 && off < 16) found.line += 1;
      if (data[at + 3] > 20 && data[at + 3] < 33 && off < 24) found.shade += 1;
    }
    return found;
  }, colour);
}
