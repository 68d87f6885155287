// TensorFlow.js as a contestant: with its own optimizer, as a user would write it, or with a backward by hand.

import { adapterName, compete } from './common.mjs';
import { backward } from './tfjs-backward.mjs';
import { optimizer } from './tfjs-optimizer.mjs';

const PACKAGES = new URL('../node_modules/@tensorflow/', import.meta.url).href;
const WASM = `${PACKAGES}tfjs-backend-wasm/dist/`;
const BACKENDS = {
  wasm: `${WASM}tf-backend-wasm.es2017.min.js`,
  webgpu: `${PACKAGES}tfjs-backend-webgpu/dist/tf-backend-webgpu.es2017.min.js`,
};
// Gradients are registered by the package with everything alone; without them the core is enough, and smaller.
const FORMS = {
  optimizer: { core: `${PACKAGES}tfjs/dist/tf.es2017.min.js`, make: optimizer },
  backward: { core: `${PACKAGES}tfjs-core/dist/tf-core.es2017.min.js`, make: backward },
};

/** Runs classic scripts in order, fetched side by side: the packages' modules need a bundler. */
function scripts(addresses) {
  return Promise.all(addresses.map((address) => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.async = false;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address} cannot be loaded`));
    document.head.append(script);
  })));
}

async function open({ device, form = 'optimizer' }) {
  if (!FORMS[form]) throw new Error(`form is ${form}, not optimizer or backward`);
  const { core, make } = FORMS[form];
  await scripts([core, BACKENDS[device]]);
  const { tf } = window;
  tf.enableProdMode();
  if (device === 'wasm') tf.wasm.setWasmPaths(WASM);
  if (!await tf.setBackend(device)) throw new Error(`TensorFlow.js cannot start ${device} here`);
  await tf.ready();
  const adapter = device === 'wasm' ? await wasmName(tf) : adapterName(tf.backend().device.adapterInfo);
  return { library: `TensorFlow.js ${tf.version_core} ${form}`, adapter, ...make(tf), ...reading(tf) };
}

async function wasmName(tf) {
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return simd ? 'wasm simd, one thread' : 'wasm without simd, one thread';
}

/** How tensors come back: the same in both forms. */
function reading(tf) {
  return {
    upload: ({ pixels, rows }) => tf.tensor2d(pixels, [rows, 784]),
    release: (input) => input.dispose(),
    drop: (logits) => logits.dispose(),
    async finish(logits) {
      const values = await logits.data();
      logits.dispose();
      return values;
    },
    async value(loss) {
      const [value] = await loss.data();
      loss.dispose();
      return value;
    },
  };
}

compete(open);
