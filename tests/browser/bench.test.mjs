// The bench's page: the same losses as the peers had from the same weights, on every engine, and how little a step asks of the GPU.

import assert from 'node:assert/strict';
import { countGpuCalls } from '../../bench/driver/injected.mjs';
import { ADDRESS, journey } from './support/browser.mjs';

// TensorFlow.js 4.22 and jax-js 0.1.25 on the first 100 batches of 32, from these starting weights (`cargo xtask bench`).
const PEERS = { 1: 2.2989881, 100: 0.9449862 };
const STEPS = 50;

/** Opens the bench on a device and trains a hundred steps; the losses by step. */
async function losses(page, query) {
  await page.goto(`${ADDRESS}bench.html?${query}`);
  const ready = await page.evaluate(() => window.benchReady);
  await page.evaluate(() => window.benchReset());
  const found = new Map();
  for (const steps of [1, 99]) {
    const { losses: read } = await page.evaluate((count) => window.benchTrain(32, count), steps);
    for (const { step, loss } of read) found.set(step, loss);
  }
  return { ready, found };
}

function assertPeers(found) {
  for (const [step, loss] of Object.entries(PEERS)) {
    const ours = found.get(Number(step));
    assert.ok(Math.abs(ours - loss) < 1e-4 * loss, `step ${step}: ${ours} against ${loss}`);
  }
}

for (const [engine, query] of [['cpu-fma', 'device=cpu'], ['cpu', 'device=cpu&simd=plain']]) {
  journey(`the bench has its peers' losses: ${engine}`, { seconds: 120 }, async ({ page }) => {
    const engines = [];
    page.on('request', (request) => engines.push(/engines\/([^/]+)\/kindling_engine_bg/.exec(request.url())?.[1]));
    page.context().on('request', (request) => engines.push(/engines\/([^/]+)\/kindling_engine/.exec(request.url())?.[1]));
    const { ready, found } = await losses(page, query);
    assert.deepEqual([ready.library, ready.device], ['kindling', 'cpu']);
    assertPeers(found);
    assert.deepEqual([...new Set(engines.filter(Boolean))], [engine], 'the engine that this browser and the address ask for');
    const { images, ms } = await page.evaluate(() => window.benchInfer(1000, 3));
    assert.ok(images === 3000 && ms > 0);
    const accuracy = await page.evaluate(() => window.benchAccuracy());
    assert.ok(accuracy > 0.5 && accuracy < 0.9, `${accuracy} of the test pictures after 100 steps`);
  });
}

journey('a step on WebGPU is at most 14 dispatches, and several are submitted at once', { webgpu: true, seconds: 300 }, async ({ page }) => {
  const counting = [];
  page.on('worker', (worker) => counting.push(worker.evaluate(countGpuCalls).catch(() => {})));
  const { ready, found } = await losses(page, 'device=webgpu');
  assert.equal(ready.device, 'webgpu');
  assertPeers(found);
  await Promise.all(counting);
  const total = async () => {
    const all = await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.benchGpuCalls)));
    return all.find(Boolean);
  };
  const before = await total();
  await page.evaluate((steps) => window.benchTrain(32, steps), STEPS);
  const after = await total();
  const aStep = (name) => (after[name] - before[name]) / STEPS;
  assert.ok(aStep('dispatches') > 1 && aStep('dispatches') <= 14, `${aStep('dispatches')} dispatches a step`);
  assert.ok(aStep('submits') < 0.5, `${aStep('submits')} submits a step`);
  assert.ok(aStep('writes') <= 3, `${aStep('writes')} buffer writes a step`);
});
