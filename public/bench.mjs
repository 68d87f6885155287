// The bench's page: starts an engine's worker and puts the tasks of the bench on `window`, as the peers in bench/ do.
const asked = new URL(location.href).searchParams;
const device = asked.get('device') === 'webgpu' ? 'webgpu' : 'cpu';
const data = new URL(asked.get('data') ?? 'data/', document.baseURI).href;
const said = (text) => { document.getElementById('said').textContent = text; };

const worker = new URL('engines/worker.js', document.baseURI);
worker.searchParams.set('engine', device === 'webgpu' ? 'gpu' : 'cpu');
worker.searchParams.set('data', data);
// `simd=plain`: the CPU engine that browsers without relaxed SIMD get.
if (asked.has('simd')) worker.searchParams.set('simd', asked.get('simd'));
const engine = new Worker(worker, { type: 'module' });

const questions = new Map();
let last = 0;
let ready;
let refused;
const started = new Promise((resolve, reject) => { ready = resolve; refused = reject; });
started.catch(() => {});

engine.onerror = (event) => {
  const reason = new Error(event.message);
  refused(reason);
  for (const question of questions.values()) question.reject(reason);
  questions.clear();
};
engine.onmessage = ({ data: came }) => {
  const event = JSON.parse(typeof came === 'string' ? came : came.message);
  if (event.event === 'ready') return ready();
  const question = questions.get(event.request);
  if (event.event === 'failed') {
    const reason = new Error(event.error.message);
    refused(reason);
    question?.reject(reason);
  } else if (event.event === 'reply') {
    question?.resolve({ ...event.reply.result, bytes: came.bytes });
  }
  questions.delete(event.request);
  return undefined;
};

/** Has the engine do one task; its result. */
async function ask(work) {
  await started;
  last += 1;
  const request = last;
  return new Promise((resolve, reject) => {
    questions.set(request, { resolve, reject });
    engine.postMessage(JSON.stringify({ command: 'bench', request, device, work }));
  });
}

window.benchReady = ask({ task: 'open' }).then(({ adapter }) => ({ library: 'kindling', device, adapter }));
window.benchReset = async () => { await ask({ task: 'reset' }); };
window.benchTrain = async (batch, steps) => {
  const { ms, losses } = await ask({ task: 'train', batch, steps });
  return { ms, losses };
};
window.benchInfer = async (batch, repetitions) => {
  const { ms, images } = await ask({ task: 'infer', batch, repetitions });
  return { ms, images };
};
window.benchAccuracy = async () => (await ask({ task: 'accuracy' })).accuracy;
/** The weights as they are, for peers to start from: float32, little endian, layer by layer. */
window.benchWeights = async () => new Float32Array((await ask({ task: 'weights' })).bytes);

window.benchReady.then(
  ({ adapter }) => said(`Ready: ${device}, ${adapter}.`),
  (reason) => said(`The engine cannot be used: ${reason.message}`),
);
