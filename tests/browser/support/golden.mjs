// What real PyTorch computes for the presets (tests/golden/presets.json), and how close is equal.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const recorded = JSON.parse(readFileSync(new URL('../../golden/presets.json', import.meta.url), 'utf8'));

/** The recorded epochs of a preset with a seed. */
export function recordedHistory(preset, seed) {
  const run = recorded.runs.find((one) => one.preset === preset && one.seed === seed);
  assert.ok(run, `presets.json has no ${preset} with seed ${seed}`);
  return run.history;
}

/** Fails unless `got` is within `relative` of `want`. */
export function assertClose(got, want, relative, what) {
  const error = Math.abs(got - want) / Math.abs(want);
  assert.ok(error <= relative, `${what}: ${got}, PyTorch has ${want} (relative difference ${error})`);
}

/** Holds the first epochs of a run to PyTorch's: the first batch's loss to 1e-5, losses to 1e-3. */
export function assertFollowsPyTorch(history, preset, seed = 42) {
  const want = recordedHistory(preset, seed);
  assert.ok(history.length >= 3, `${history.length} epochs, 3 are compared`);
  assertClose(history[0].first_batch_loss, want[0].first_batch_loss, 1e-5, `${preset}, first batch`);
  for (let epoch = 0; epoch < 3; epoch += 1) {
    for (const name of ['step_loss', 'train_loss', 'test_loss']) {
      assertClose(history[epoch][name], want[epoch][name], 1e-3, `${preset}, epoch ${epoch + 1}, ${name}`);
    }
  }
}
