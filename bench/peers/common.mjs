// What every peer page shares: the query, the data, the starting weights, and the bench's window functions.

import { Rows } from './rows.mjs';

export const RATE = 0.1;
const READ_EVERY = 50;
const FIRST_ROWS = 6400;
const TRAINING_ROWS = 60_000;
const TEST_ROWS = 10_000;
const TEST_BATCH = 1000;

/** Names and shapes of the parameters, in PyTorch's order and layout (`[out, in]`). */
const PARAMETERS = [['w1', [128, 784]], ['b1', [128]], ['w2', [64, 128]], ['b2', [64]], ['w3', [10, 64]], ['b3', [10]]];

const size = (shape) => shape.reduce((product, length) => product * length, 1);

async function startingWeights(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} cannot be read: status ${response.status}`);
  const all = new Float32Array(await response.arrayBuffer());
  const expected = PARAMETERS.reduce((sum, [, shape]) => sum + size(shape), 0);
  if (all.length !== expected) throw new Error(`${address} holds ${all.length} weights instead of ${expected}`);
  let at = 0;
  return PARAMETERS.map(([name, shape]) => {
    const values = all.subarray(at, at + size(shape));
    at += size(shape);
    return { name, shape, values };
  });
}

/** A matrix in the other layout: `[out, in]` becomes `[in, out]`. A vector stays as it is. */
export function transposed({ name, shape, values }) {
  if (shape.length === 1) return { name, shape, values };
  const [rows, columns] = shape;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) turned[column * rows + row] = values[row * columns + column];
  }
  return { name, shape: [columns, rows], values: turned };
}

/** What a WebGPU device calls its adapter. */
export function adapterName({ vendor, architecture, device, description } = {}) {
  return [vendor, architecture, device, description].filter(Boolean).join(' ') || 'unnamed adapter';
}

function query() {
  const asked = new URLSearchParams(window.location.search);
  const needed = (name) => {
    const value = asked.get(name);
    if (!value) throw new Error(`the query has no ${name}`);
    return value;
  };
  const device = asked.get('device') ?? 'wasm';
  if (!['wasm', 'webgpu'].includes(device)) throw new Error(`device is ${device}, not wasm or webgpu`);
  // With isolation both libraries start threads, and the bench compares one thread with one thread.
  if (window.crossOriginIsolated) throw new Error('the page is cross-origin isolated: the peer would use threads');
  const address = (name) => new URL(needed(name), window.location.href).href;
  return { device, form: asked.get('form') ?? undefined, data: address('data'), weights: address('weights') };
}

/**
 * Sets the bench's functions on the window. `open({ device, form })` starts a library and gives
 *
 * - `library`, `adapter`: what it calls itself and its device;
 * - `load(parameters)`: starts from these, freeing those it had;
 * - `step(batch, wanted)`: one forward, backward and update; where the loss is `wanted`, gives a handle of it;
 * - `value(handle)`: a loss as a number, the handle freed;
 * - `settle()`: resolves when every update is done;
 * - `upload(batch)`, `forward(input)`, `finish(logits)`, `release(input)`: inference on rows that lie on the
 *   device; `finish` gives the logits as numbers; `finish` and `drop` free them.
 */
export function compete(open) {
  let peer;
  let training;
  let weights;
  let next = 0;
  let step = 0;

  const start = async () => {
    const { device, form, data, weights: address } = query();
    training = new Rows(data, 'train', TRAINING_ROWS, FIRST_ROWS);
    const opened = open({ device, form });
    [peer, weights] = await Promise.all([opened, startingWeights(address), training.until(FIRST_ROWS)]);
    window.benchReset();
    return { library: peer.library, device, adapter: peer.adapter };
  };

  window.benchReset = () => {
    next = 0;
    step = 0;
    peer.load(weights);
  };

  window.benchTrain = async (batch, steps) => {
    const began = performance.now();
    const losses = [];
    for (let done = 1; done <= steps; done += 1) {
      const needed = Math.min(next + batch, training.total);
      if (needed > training.loaded) await training.until(needed);
      step += 1;
      const wanted = step % READ_EVERY === 0 || done === steps;
      const loss = await peer.step(training.batch(next, batch), wanted);
      if (wanted) losses.push({ step, loss: await peer.value(loss) });
      next = (next + batch) % training.total;
    }
    await peer.settle();
    const ms = performance.now() - began;
    training.goOn();
    return { ms, losses };
  };

  // The rows lie on the device before the clock starts: what is measured is the network, not the upload.
  window.benchInfer = async (batch, reps) => {
    await training.until(batch);
    const input = await peer.upload(training.batch(0, batch));
    const began = performance.now();
    let logits = null;
    for (let done = 0; done < reps; done += 1) {
      if (logits) peer.drop(logits);
      logits = await peer.forward(input);
    }
    await peer.finish(logits);
    const ms = performance.now() - began;
    peer.release(input);
    return { ms, images: batch * reps };
  };

  let test = null;
  window.benchAccuracy = async () => {
    test ??= new Rows(query().data, 't10k', TEST_ROWS);
    await test.until(TEST_ROWS);
    let right = 0;
    for (let from = 0; from < TEST_ROWS; from += TEST_BATCH) {
      const batch = test.batch(from, TEST_BATCH);
      const input = await peer.upload(batch);
      const logits = await peer.finish(await peer.forward(input));
      peer.release(input);
      batch.labels.forEach((label, row) => {
        const scores = logits.subarray(row * 10, row * 10 + 10);
        if (scores.indexOf(Math.max(...scores)) === label) right += 1;
      });
    }
    return right / TEST_ROWS;
  };

  // Not part of the bench's interface, but the driver waits for it where it is: all training rows are
  // there, so that no measurement pays for unpacking them.
  window.benchLoaded = () => training.until(TRAINING_ROWS);

  window.benchReady = start();
  // A driver that comes later still gets the reason; until then it is no unhandled error.
  window.benchReady.catch((reason) => { document.querySelector('p').textContent = String(reason); });
}
