// Fashion-MNIST as the peers get it: IDX files, unpacked as they arrive, each pixel normalised once.

const PIXELS = 784;
const CLASSES = 10;
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

// byte / 255, rounded once to float32: a peer is not charged for the division.
const NORMALISED = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Pieces of a gzipped file as they come. The caller decides when it wants the next one. */
async function unpack(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} cannot be read: status ${response.status}`);
  return response.body.pipeThrough(new DecompressionStream('gzip')).getReader();
}

async function whole(address, header, length) {
  const reader = await unpack(address);
  const bytes = new Uint8Array(header + length);
  let at = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (at + piece.value.length > bytes.length) throw new Error(`${address} is longer than ${bytes.length} bytes`);
    bytes.set(piece.value, at);
    at += piece.value.length;
  }
  if (at !== bytes.length) throw new Error(`${address} has ${at} bytes instead of ${bytes.length}`);
  return bytes.subarray(header);
}

/**
 * One part of the data set. Rows come in file order and can be used before all are there: `first` rows
 * are read at once; the rest waits for `goOn` or for somebody who needs it, so that unpacking does not
 * compete with the first step for the page's only thread.
 */
export class Rows {
  #base;
  #part;
  #wanted;
  #waiting = [];
  #failure = null;
  #wake = () => {};

  constructor(base, part, total, first = total) {
    this.#base = base.endsWith('/') ? base : `${base}/`;
    this.#part = part;
    this.#wanted = first;
    this.total = total;
    this.loaded = 0;
    this.pixels = new Float32Array(total * PIXELS);
    this.labels = new Int32Array(total);
    this.oneHot = new Float32Array(total * CLASSES);
    this.#load().catch((reason) => {
      this.#failure = reason;
      this.#tell();
    });
  }

  /** Resolves when the first `rows` rows are there, and has them read if nobody asked before. */
  until(rows) {
    if (rows > this.#wanted) this.goOn();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows, resolve, reject });
      this.#tell();
    });
  }

  /** Has all rows read, behind whatever the page does. */
  goOn() {
    this.#wanted = this.total;
    this.#wake();
  }

  /** `rows` consecutive rows from `start` on, wrapping at the end: views wherever they lie together. */
  batch(start, rows) {
    const end = start + rows;
    if (end <= this.total) return this.#cut((values, width) => values.subarray(start * width, end * width), rows);
    return this.#cut((values, width) => {
      const joined = new values.constructor(rows * width);
      const tail = values.subarray(start * width);
      joined.set(tail);
      joined.set(values.subarray(0, (end - this.total) * width), tail.length);
      return joined;
    }, rows);
  }

  #cut(take, rows) {
    return {
      rows,
      pixels: take(this.pixels, PIXELS),
      labels: take(this.labels, 1),
      oneHot: take(this.oneHot, CLASSES),
    };
  }

  #tell() {
    this.#waiting = this.#waiting.filter(({ rows, resolve, reject }) => {
      if (this.#failure) reject(this.#failure);
      else if (rows <= this.loaded) resolve();
      else return true;
      return false;
    });
  }

  async #load() {
    const [images] = await Promise.all([
      unpack(`${this.#base}${this.#part}-images-idx3-ubyte.gz`),
      this.#loadLabels(),
    ]);
    let header = IMAGES_HEADER;
    let at = 0;
    while (at < this.pixels.length) {
      if (this.loaded >= this.#wanted) await new Promise((resolve) => { this.#wake = resolve; });
      const { done, value } = await images.read();
      if (done) throw new Error(`the ${this.#part} images end after ${this.loaded} of ${this.total} rows`);
      const skipped = Math.min(header, value.length);
      header -= skipped;
      const end = Math.min(value.length, skipped + this.pixels.length - at);
      for (let from = skipped; from < end; from += 1, at += 1) this.pixels[at] = NORMALISED[value[from]];
      this.loaded = Math.floor(at / PIXELS);
      this.#tell();
    }
  }

  async #loadLabels() {
    const bytes = await whole(`${this.#base}${this.#part}-labels-idx1-ubyte.gz`, LABELS_HEADER, this.total);
    bytes.forEach((label, row) => {
      this.labels[row] = label;
      this.oneHot[row * CLASSES + label] = 1;
    });
  }
}
