// What the network sees, as a visitor reads it: test pictures, the matrix, ten probabilities, pixels of a picture.

/** Ten probabilities in percent by class, read from a part of the page. */
export async function bars(part) {
  const lines = await part.locator('.bar').evaluateAll((all) => all.map((line) => [
    line.querySelector('.bar-name').textContent,
    parseFloat(line.querySelector('.bar-number').textContent),
  ]));
  return Object.fromEntries(lines);
}

/** The class with the largest probability. */
export function likeliest(probabilities) {
  return Object.entries(probabilities).reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** `counts[true][predicted]` of the confusion matrix; an empty cell is 0. */
export async function confusion(lab) {
  return lab.part('confusion').locator('tbody tr').evaluateAll((rows) => rows.map(
    (row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent)),
  ));
}

/** The colours of a small canvas, `[r, g, b]` a pixel. */
export async function colours(canvas) {
  return canvas.evaluate((one) => {
    const { data } = one.getContext('2d').getImageData(0, 0, one.width, one.height);
    return Array.from({ length: data.length / 4 }, (_, at) => [...data.slice(4 * at, 4 * at + 3)]);
  });
}

/** A canvas as a PNG file. */
export async function png(canvas) {
  const address = await canvas.evaluate((one) => one.toDataURL('image/png'));
  return Buffer.from(address.split(',')[1], 'base64');
}
