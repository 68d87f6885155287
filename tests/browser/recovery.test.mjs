// A run survives a reloaded page, a crashed engine and a lost GPU, and says so; without WebGPU the CPU is used.

import assert from 'node:assert/strict';
import { journey } from './support/browser.mjs';
import { open } from './support/lab.mjs';
import { crash, hold, keepDevices, loseGpu, vanish } from './support/losses.mjs';

/** Waits until the run has a checkpoint of so many epochs in the browser's store; gives the epochs stored. */
async function checkpoint(page, epochs) {
  return page.evaluate(async (least) => {
    const until = performance.now() + 120_000;
    while (performance.now() < until) {
      const store = await caches.open('kindling-runs-1');
      for (const key of (await store.keys()).filter((one) => one.url.endsWith('.json'))) {
        const run = await (await store.match(key)).json();
        if (run.history.length >= least) return run.history.length;
      }
      await new Promise((soon) => { setTimeout(soon, 50); });
    }
    throw new Error(`no checkpoint has ${least} epochs`);
  }, epochs);
}

/** The history when all that the engine said before it was held is shown: a page may rest 400 ms between frames. */
async function settled(lab) {
  let [before, now] = [null, await lab.history()];
  while (before?.length !== now.length) {
    await new Promise((later) => { setTimeout(later, 1_000); });
    [before, now] = [now, await lab.history()];
  }
  return now;
}

/** The epochs both histories have are the same to the last digit. */
function assertSameStart(later, earlier, epochs) {
  assert.ok(epochs >= 1 && later.length >= epochs, `${later.length} epochs, ${epochs} were kept`);
  assert.deepEqual(later.slice(0, epochs), earlier.slice(0, epochs), 'the epochs before are the same');
  assert.deepEqual(later.map((one) => one.epoch), later.map((_, at) => at + 1), 'no epoch is missing or doubled');
}

/** The run goes on from its checkpoint, as it says, past where it was, with the epochs it had. */
async function assertGoesOn(lab, before) {
  const note = await lab.notice(/Goes on from the checkpoint after epoch \d+/);
  const from = Number(/after epoch (\d+)/.exec(note)[1]);
  await lab.epoch(Math.max(from, before.length) + 1);
  assertSameStart(await lab.history(), before, Math.min(from, before.length));
}

journey('a reloaded page goes on with its run from the last checkpoint', { seconds: 180 }, async ({ page }) => {
  const lab = await open(page);
  await lab.part('device').selectOption('cpu');
  await lab.train();
  const kept = await checkpoint(page, 3);
  const before = await lab.history();
  await page.reload();
  await lab.notice(/The page was left while this run trained; it goes on from its last checkpoint\./);
  const note = await lab.notice(/Goes on from the checkpoint after epoch \d+, step \d+, on cpu\./);
  const from = Number(/after epoch (\d+)/.exec(note)[1]);
  assert.ok(from >= kept, `it goes on from epoch ${from}; epoch ${kept} was stored`);
  await lab.epoch(from + 2);
  const after = await lab.history();
  assertSameStart(after, before, Math.min(from, before.length));
  assert.equal(await lab.part('epochs').inputValue(), '100', 'the form shows the run');
  await lab.part('stop').click();
  await lab.status(/^Stopped/);

  // A run that was stopped is shown, and not begun by itself.
  await page.reload();
  await lab.ready();
  await lab.status(/^Interrupted; it can go on/);
  assert.ok((await lab.history()).length >= from + 2);
  await lab.part('go-on').click();
  await lab.status(/^Training/);
  await lab.epoch(from + 4);
  assertSameStart(await lab.history(), after, from + 2);
});

journey('a page reloaded before the first checkpoint begins its run again and says so', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.dataReady();
  await lab.set({ rows: 5_000, epochs: 50 });
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await page.reload();
  await lab.notice(/No checkpoint of this run was found, so that it starts from the beginning\./);
  await lab.epoch(1);
  assert.match(await lab.text('run-title'), /rows 5000/);
});

journey('a crashed engine is replaced and its run goes on', { seconds: 180 }, async ({ page }) => {
  const lab = await open(page);
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await checkpoint(page, 2);
  const before = await lab.history();
  await crash(page, 'cpu');
  await lab.notice(/a new engine was started and the run goes on from its last checkpoint/);
  await assertGoesOn(lab, before);
  await lab.part('stop').click();
  await lab.status(/^Stopped/);
  // The rooms are served by the new engine too.
  await lab.part('room-tensors').click();
  await lab.part('tensor-before').waitFor();
});

journey('an engine that ends without a word is replaced and its run goes on', { seconds: 180 }, async ({ page }) => {
  const lab = await open(page);
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await checkpoint(page, 2);
  const before = await lab.history();
  await vanish(page, 'cpu');
  await lab.notice(/a new engine was started and the run goes on from its last checkpoint/);
  await assertGoesOn(lab, before);
});

journey('Stop ends an engine that does not answer, and the run can go on', { seconds: 180 }, async ({ page }) => {
  const lab = await open(page);
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await checkpoint(page, 2);
  await hold(page, 'cpu', 60_000);
  const before = await settled(lab);
  await lab.part('stop').click();
  const clicked = performance.now();
  await lab.notice(/The engine did not stop within a second, so it was ended and a new one started\./);
  assert.ok(performance.now() - clicked < 5_000, 'it is not waited for');
  await lab.status(/^Interrupted; it can go on from its last checkpoint/);
  assert.deepEqual(await lab.history(), before, 'the curves stay');
  await lab.part('go-on').click();
  await lab.status(/^Training/);
  await assertGoesOn(lab, before);
});

journey('a run begun in place of one that does not stop is begun by the new engine', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await lab.epoch(1);
  await hold(page, 'cpu', 60_000);
  await lab.set({ rows: 500, epochs: 2 });
  await lab.train();
  await lab.notice(/did not stop within a second/);
  await lab.status(/All epochs are done/);
  assert.equal((await lab.history()).length, 2);
});

journey('an engine that crashes again and again is given up with a sentence', { seconds: 180 }, async ({ page }) => {
  const lab = await open(page);
  for (let times = 1; times <= 3; times += 1) {
    const [replaced] = await Promise.all([page.waitForEvent('worker'), crash(page, 'cpu')]);
    assert.match(replaced.url(), /engine=cpu/);
    await page.waitForSelector('[data-testid="device-chip"][data-state="loading"]');
    await lab.ready();
  }
  await crash(page, 'cpu');
  await page.waitForSelector('[data-testid="device-chip"][data-state="missing"]');
  await lab.notice(/out of memory|reload/i);
  assert.equal(await lab.part('train').isDisabled(), true);
});

// Losing a device is itself an error in the console of the browser.
const LOST = { webgpu: true, seconds: 900, expects: [/lost|destroyed|device|GPU|queue|buffer/i] };

journey('a run on a lost GPU goes on, at last on the CPU, and says so', LOST, async ({ page }) => {
  keepDevices(page);
  const lab = await open(page);
  await lab.says('device-note', /swiftshader/i, 300_000);
  await lab.set({ rows: 60, 'batch-size': 16, epochs: 1_000 });
  await lab.part('device').selectOption('webgpu');
  await lab.train();
  await lab.status(/^Training/, 120_000);
  assert.match(await lab.text('run-device'), /WebGPU/);
  const kept = await checkpoint(page, 2);
  const before = await lab.history();
  assert.ok((await loseGpu(page)) > 0, 'there is a device to lose');
  await lab.notice(/lost; a new engine was started and the run goes on from its last checkpoint/, 120_000);
  const note = await lab.notice(/Goes on from the checkpoint after epoch \d+, step \d+, on webgpu\./, 240_000);
  const from = Number(/after epoch (\d+)/.exec(note)[1]);
  assert.ok(from >= kept, `it goes on from epoch ${from}; epoch ${kept} was stored`);
  await lab.epoch(from + 2, 120_000);
  assertSameStart(await lab.history(), before, Math.min(from, before.length));

  assert.ok((await loseGpu(page)) > 0, 'there is a device to lose again');
  await lab.notice(/The GPU was lost; the run goes on from its last checkpoint on the CPU\./, 120_000);
  await lab.notice(/Goes on from the checkpoint after epoch \d+, step \d+, on cpu\./, 120_000);
  await page.waitForFunction(() => /CPU/.test(document.querySelector('[data-testid="run-device"]').textContent));
  await lab.epoch(from + 5, 120_000);
  assertSameStart(await lab.history(), before, Math.min(from, before.length));
  assert.match(await lab.text('device-note'), /The GPU was lost 2 times, so the CPU is used\./);
});

/** The page as an older browser opens it. */
async function withoutWebgpu(page) {
  await page.addInitScript(() => { Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined }); });
}

async function usesTheCpu(lab) {
  assert.equal(await lab.part('device').locator('option[value="webgpu"]').evaluate((one) => one.disabled), true);
  assert.match(await lab.part('device').locator('option[value="auto"]').textContent(), /Automatic: CPU/);
  await lab.set({ rows: 500, epochs: 1 });
  await lab.train();
  await lab.status(/All epochs are done/);
  assert.match(await lab.text('run-device'), /CPU/);
}

journey('without WebGPU one line says so and the CPU is used', {}, async ({ page }) => {
  await withoutWebgpu(page);
  const lab = await open(page);
  await lab.says('device-note', /^\s*This browser has no WebGPU, so the CPU is used\.\s*$/);
  await usesTheCpu(lab);
});

journey('WebGPU without an adapter is the same, in its own words', {}, async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null } });
  });
  const lab = await open(page);
  await lab.says('device-note', /^\s*This browser's WebGPU has no adapter here, so the CPU is used\.\s*$/);
  await usesTheCpu(lab);
});

journey('a device the address asks for and the machine has not is refused in a sentence', {}, async ({ page }) => {
  await withoutWebgpu(page);
  const lab = await open(page, '?device=webgpu&rows=500&epochs=1');
  await lab.says('device-note', /no WebGPU/);
  await lab.train();
  await lab.notice(/This browser has no WebGPU/);
  await lab.part('device').selectOption('cpu');
  await lab.train();
  await lab.status(/All epochs are done/);
});
