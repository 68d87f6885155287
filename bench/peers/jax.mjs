// jax-js as a contestant: one jitted step that gives the loss and the new parameters.

import { blockUntilReady, defaultDevice, getWebGPUDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { RATE, adapterName, compete, transposed } from './common.mjs';

// The package does not say its version; package.json pins this one.
const LIBRARY = 'jax-js 0.1.25';

// Every function takes its arguments over, as jax-js asks: what is used again is passed on as `.ref`.
const logits = ([w1, b1, w2, b2, w3, b3], x) => {
  const h1 = nn.relu(np.dot(x, w1).add(b1));
  const h2 = nn.relu(np.dot(h1, w2).add(b2));
  return np.dot(h2, w3).add(b3);
};

const loss = (parameters, x, y) => {
  const [rows] = y.shape;
  return nn.logSoftmax(logits(parameters, x)).mul(y).sum().mul(-1 / rows);
};

const step = jit((parameters, x, y) => {
  const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), x, y);
  return [value, parameters.map((parameter, at) => parameter.sub(gradients[at].mul(RATE)))];
});

const forward = jit((parameters, x) => logits(parameters, x));

const matrix = (values, columns) => np.array(values, { shape: [values.length / columns, columns] });

async function open({ device }) {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js cannot start ${device} here`);
  defaultDevice(device);
  let parameters = null;
  const queue = device === 'webgpu' ? getWebGPUDevice().queue : null;

  return {
    library: LIBRARY,
    adapter: queue ? adapterName(getWebGPUDevice().adapterInfo) : 'wasm simd, one thread',

    load(starting) {
      if (parameters) tree.dispose(parameters);
      parameters = starting.map(transposed).map(({ shape, values }) => np.array(values, { shape }));
    },

    async step({ pixels, oneHot }, wanted) {
      const [value, next] = step(parameters, matrix(pixels, 784), matrix(oneHot, 10));
      parameters = next;
      if (wanted) return value;
      // Work is lazy: a step nobody waits for keeps its buffers, so its work is handed over here.
      if (queue) await value.gpuBuffer();
      else value.dataSync();
      return null;
    },

    value: async (handle) => (await handle.data())[0],

    async settle() {
      await blockUntilReady(parameters);
      await queue?.onSubmittedWorkDone();
    },

    upload: async ({ pixels }) => blockUntilReady(matrix(pixels, 784)),
    release: (input) => input.dispose(),

    async forward(input) {
      const scores = forward(tree.ref(parameters), input.ref);
      if (queue) await scores.ref.gpuBuffer();
      else await scores.blockUntilReady();
      return scores;
    },

    drop: (scores) => scores.dispose(),
    finish: (scores) => scores.data(),
  };
}

compete(open);
