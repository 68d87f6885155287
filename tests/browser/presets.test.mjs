// Same numbers: both presets in the page, on the CPU and on WebGPU, follow PyTorch's recorded epochs, and a run has the terminal's id.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { journey } from './support/browser.mjs';
import { assertFollowsPyTorch } from './support/golden.mjs';
import { open } from './support/lab.mjs';

const PRESETS = ['baseline', 'improved'];
const EPOCHS = 3;

/** Trains a preset on a device for three epochs and holds it to PyTorch. */
async function follow(lab, preset, device, timeout) {
  await lab.part(`preset-${preset}`).click();
  await lab.set({ epochs: EPOCHS, seed: 42 });
  await lab.part('device').selectOption(device);
  await lab.train();
  await lab.status(/All epochs are done/, timeout);
  assertFollowsPyTorch(await lab.history(), preset);
}

/** What stands beneath the run's speed: the device the engine says the run is on. */
const trainedOn = (lab) => lab.part('run-device').textContent();

journey('the page follows PyTorch on the CPU', { seconds: 240 }, async ({ page }) => {
  const lab = await open(page);
  for (const preset of PRESETS) {
    await follow(lab, preset, 'cpu', 100_000);
    assert.match(await trainedOn(lab), /CPU/);
  }
});

// Software WebGPU makes about two steps a second, and an epoch has 150.
for (const preset of PRESETS) {
  journey(`the page follows PyTorch on WebGPU: ${preset}`, { webgpu: true, seconds: 1500 }, async ({ page }) => {
    const lab = await open(page);
    // The name is the adapter's own and the option is open only when the engine has trained on it, measuring.
    await lab.says('device-note', /swiftshader/i, 300_000);
    assert.equal(await lab.part('device').locator('option[value="webgpu"]').evaluate((one) => one.disabled), false);
    await follow(lab, preset, 'webgpu', 1_200_000);
    assert.match(await trainedOn(lab), /WebGPU/);
    assert.doesNotMatch((await lab.notices()).join(' '), /CPU is used|on the CPU/, 'it never left the GPU');
  });
}

const BUILT = fileURLToPath(new URL('../../target/release/kindling', import.meta.url));
const program = process.env.KINDLING_PROGRAM ?? BUILT;

journey('one configuration has one run id in the page and in the terminal', { seconds: 180 }, async ({ page }) => {
  assert.ok(existsSync(program), `${program} is missing: run the journeys with \`cargo xtask test\``);
  const lab = await open(page);
  await lab.part('preset-improved').click();
  await lab.set({ epochs: 1, rows: 500, seed: 7, 'learning-rate': 0.05, dropout: 0.25 });
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await lab.status(/All epochs are done/, 60_000);
  const options = 'train --preset improved --device cpu --epochs 1 --rows 500 --seed 7 --lr 0.05 --dropout 0.25 --json';
  const [line] = execFileSync(program, options.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim().split('\n');
  assert.equal(await lab.runId(), JSON.parse(line).run);
});
