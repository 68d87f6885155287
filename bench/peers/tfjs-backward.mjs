// TensorFlow.js in its strongest form: fused layers, and forward, backward and update written by hand.

import { RATE, transposed } from './common.mjs';

export function backward(tf) {
  const onWasm = tf.getBackend() === 'wasm';
  let parameters = [];
  // One a batch size, kept: making a scalar anew is an upload a step.
  const scales = new Map();
  const scale = (rows) => {
    if (!scales.has(rows)) scales.set(rows, tf.keep(tf.scalar(RATE / rows)));
    return scales.get(rows);
  };

  // XNNPACK, below the wasm backend, takes no transposed operand: the backend then falls back to a plain
  // loop, many times slower than transposing first. On WebGPU the product itself reads either way.
  const product = onWasm
    ? (a, b, turnA, turnB) => tf.matMul(turnA ? tf.transpose(a) : a, turnB ? tf.transpose(b) : b)
    : (a, b, turnA, turnB) => tf.matMul(a, b, turnA, turnB);

  const forward = (x) => {
    const [w1, b1, w2, b2, w3, b3] = parameters;
    const h1 = tf.fused.matMul({ a: x, b: w1, bias: b1, activation: 'relu' });
    const h2 = tf.fused.matMul({ a: h1, b: w2, bias: b2, activation: 'relu' });
    return [h1, h2, tf.fused.matMul({ a: h2, b: w3, bias: b3 })];
  };

  /** The parameters after one step and, where it is wanted, the loss before it. */
  const trained = ({ pixels, oneHot, rows }, wanted) => {
    const [w1, b1, w2, b2, w3, b3] = parameters;
    const x = tf.tensor2d(pixels, [rows, 784]);
    const y = tf.tensor2d(oneHot, [rows, 10]);
    const [h1, h2, logits] = forward(x);
    // Learning rate and mean go in here once, so that every gradient below is already the update.
    const d3 = tf.mul(tf.sub(tf.softmax(logits), y), scale(rows));
    const d2 = tf.mul(product(d3, w3, false, true), tf.step(h2));
    const d1 = tf.mul(product(d2, w2, false, true), tf.step(h1));
    const next = [
      tf.sub(w1, product(x, d1, true, false)), tf.sub(b1, tf.sum(d1, 0)),
      tf.sub(w2, product(h1, d2, true, false)), tf.sub(b2, tf.sum(d2, 0)),
      tf.sub(w3, product(h2, d3, true, false)), tf.sub(b3, tf.sum(d3, 0)),
    ];
    if (!wanted) return next;
    const loss = tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), y), 1)));
    return [...next, loss];
  };

  return {
    load(starting) {
      tf.dispose(parameters);
      parameters = starting.map(transposed).map(({ shape, values }) => tf.tensor(values, shape));
    },

    step(batch, wanted) {
      const next = tf.tidy(() => trained(batch, wanted));
      const loss = wanted ? next.pop() : null;
      tf.dispose(parameters);
      parameters = next;
      return loss;
    },

    async settle() {
      // The last bias was updated with the last step; a WebGPU queue is in order, wasm is done already.
      await parameters.at(-1).data();
      await tf.backend().queue?.onSubmittedWorkDone();
    },

    forward: (input) => tf.tidy(() => forward(input).at(-1)),
  };
}
