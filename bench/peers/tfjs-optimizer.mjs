// TensorFlow.js as its documentation teaches it: variables, a loss, and `tf.train.sgd(...).minimize`.

import { RATE, transposed } from './common.mjs';

export function optimizer(tf) {
  const sgd = tf.train.sgd(RATE);
  let variables = [];

  const logits = (x) => {
    const [w1, b1, w2, b2, w3, b3] = variables;
    const h1 = tf.relu(tf.add(tf.matMul(x, w1), b1));
    const h2 = tf.relu(tf.add(tf.matMul(h1, w2), b2));
    return tf.add(tf.matMul(h2, w3), b3);
  };

  return {
    load(parameters) {
      for (const variable of variables) variable.dispose();
      // As its own dense layers keep them: [in, out].
      variables = parameters.map(transposed).map(({ shape, values }) => {
        const start = tf.tensor(values, shape);
        const variable = tf.variable(start);
        start.dispose();
        return variable;
      });
    },

    step({ pixels, oneHot, rows }, wanted) {
      const x = tf.tensor2d(pixels, [rows, 784]);
      const y = tf.tensor2d(oneHot, [rows, 10]);
      const loss = sgd.minimize(() => tf.losses.softmaxCrossEntropy(y, logits(x)), wanted);
      x.dispose();
      y.dispose();
      return loss;
    },

    async settle() {
      // The last bias was updated with the last step; a WebGPU queue is in order, wasm is done already.
      await variables.at(-1).data();
      await tf.backend().queue?.onSubmittedWorkDone();
    },

    forward: (input) => tf.tidy(() => logits(input)),
  };
}
