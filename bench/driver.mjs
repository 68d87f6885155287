// Runs the bench's contestants in Chromium, alternating, and prints one JSON document of what was measured.
//
//   node bench/driver.mjs plan.json        (or the plan on stdin, or NAME=URL ... for the default plan)
//
// A plan: { "contestants": [{ "name", "url" }], "slices": turns of each, "seconds" a turn, "train": [batch sizes],
// "infer": [sizes], "startup": visits, "counts": true, "bytes": true, "memory": { "steps", "seconds" } or null (a contestant
// may have its own), "tolerance", "accuracy": steps before it is taken, or 0 }. All but the contestants may be left out.
// Progress goes to stderr. Any contestant that fails, or whose losses are others', ends the run with an error.

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { launch } from './driver/browser.mjs';
import { bytes, gpuCalls, losses, memory, speeds, startup } from './driver/measure.mjs';
import { disagreement, spreads, summary } from './driver/figures.mjs';

const DEFAULTS = {
  slices: 10, seconds: 0.4, train: [32, 64, 256], infer: [1000], startup: 3, counts: true, bytes: true,
  memory: { steps: 10_000, seconds: 60 }, tolerance: 1e-3, accuracy: 0,
};

const say = (text) => process.stderr.write(`${text}\n`);

function readPlan(given) {
  if (given.length > 0 && given.every((one) => /^[^=/]+=\w+:/.test(one))) {
    const contestants = given.map((one) => ({ name: one.slice(0, one.indexOf('=')), url: one.slice(one.indexOf('=') + 1) }));
    return { ...DEFAULTS, contestants };
  }
  const plan = { ...DEFAULTS, ...JSON.parse(readFileSync(given[0] ?? 0, 'utf8')) };
  if (!Array.isArray(plan.contestants) || plan.contestants.length === 0) throw new Error('the plan names no contestants');
  return plan;
}

/** Everybody once a round, every other round backwards: what drifts with time falls on all alike. */
async function rounds(times, what, contestants, measure) {
  const taken = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 1; round <= times; round += 1) {
    const order = round % 2 === 1 ? contestants : contestants.toReversed();
    for (const contestant of order) {
      const began = performance.now();
      taken.get(contestant.name).push(await measure(contestant));
      say(`${what}, round ${round} of ${times}: ${contestant.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    }
  }
  return taken;
}

async function browserVersion() {
  const browser = await launch();
  try {
    return browser.version();
  } finally {
    await browser.close();
  }
}

async function run(plan) {
  const { contestants } = plan;
  // First of all, for nothing below means anything between contestants that do different work.
  const same = await rounds(1, 'losses', contestants, (one) => losses(one, plan));
  const all = contestants.map(({ name }) => ({ name, ...same.get(name)[0] }));
  const wrong = disagreement(all, plan.tolerance);
  for (const one of all) say(`   ${one.name}: loss ${one[1]} at step 1, ${one[100]} at step 100`);
  if (wrong) throw new Error(wrong);

  const fetched = await rounds(plan.bytes ? 1 : 0, 'bytes', contestants, bytes);
  const starts = await rounds(plan.startup, 'start-up', contestants, startup);
  // Those on one kind of device stand side by side: only they are compared.
  const found = new Map();
  for (const device of ['cpu', 'webgpu']) {
    const group = contestants.filter(({ name }) => (same.get(name)[0].device === 'webgpu') === (device === 'webgpu'));
    const began = performance.now();
    (await speeds(group, plan)).forEach((one, name) => found.set(name, one));
    say(`speed on ${device}: ${group.length} contestants (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  const onGpu = contestants.filter(({ name }) => same.get(name)[0].device === 'webgpu');
  const calls = await rounds(plan.counts ? 1 : 0, 'WebGPU calls', onGpu, gpuCalls);
  const held = await rounds(plan.memory ? 1 : 0, 'memory', contestants, (one) => memory(one, one.memory ?? plan.memory));

  return {
    browser: await browserVersion(),
    cores: cpus().length,
    plan: { ...plan, contestants: undefined },
    contestants: contestants.map(({ name, url }) => ({
      name,
      url,
      ...same.get(name)[0],
      startup: summary(starts.get(name)),
      train: spreads(found.get(name).train),
      infer: spreads(found.get(name).infer),
      gpuCallsPerStep: calls.get(name)?.[0] ?? null,
      memory: held.get(name)[0] ?? null,
      bytes: fetched.get(name)[0] ?? null,
    })),
  };
}

try {
  const result = await run(readPlan(process.argv.slice(2)));
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} catch (error) {
  say(`the bench failed: ${error.message}`);
  process.exitCode = 1;
}
