// The data in the browser: a small first part at once, the rest streamed behind a bar when it is wanted, then kept.

import assert from 'node:assert/strict';
import { ADDRESS, journey } from './support/browser.mjs';
import { FIRST_PICTURES, TRAIN_PICTURES, requested } from './support/data.mjs';
import { open } from './support/lab.mjs';

journey('only the first part comes until more rows are wanted', {}, async ({ page, context }) => {
  const names = requested(context);
  const lab = await open(page);
  assert.match(await lab.dataReady(), /^Fashion-MNIST: 6,000 rows are here\.$/);
  assert.deepEqual([...new Set(names)].filter((name) => /images/.test(name)), [FIRST_PICTURES]);
});

journey('the rest streams behind a bar and is not fetched again', { seconds: 240 }, async ({ page, context }) => {
  const names = requested(context);
  const lab = await open(page);
  await lab.dataReady();
  // The page's own record of the bar: every value it showed while the rest came.
  await page.evaluate(() => {
    globalThis.shown = [];
    new MutationObserver(() => {
      const bar = document.querySelector('[data-testid="data-progress"]');
      if (bar) globalThis.shown.push([Number(bar.getAttribute('aria-valuenow')), document.querySelector('[data-testid="data-state"]').textContent]);
    }).observe(document.querySelector('[data-testid="data-state"]'), { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await lab.set({ rows: 12_000, epochs: 1 });
  await lab.says('data-state', /60,000 rows are here\.$/, 120_000);
  const shown = await page.evaluate(() => globalThis.shown);
  assert.ok(shown.length > 5, `the bar moved ${shown.length} times`);
  const values = shown.map(([value]) => value);
  assert.ok(values.every((value, at) => at === 0 || value >= values[at - 1]), `it only grows: ${values}`);
  assert.ok(values[0] < 50 && values.at(-1) > 50, `from ${values[0]} to ${values.at(-1)} percent`);
  assert.match(shown.at(-1)[1], /6,000 rows are here, \d+\.\d MB of 26\.4 MB more received\./);
  assert.equal(await lab.part('data-progress').count(), 0, 'the bar is gone when the data is there');
  await lab.train();
  await lab.status(/All epochs are done/, 60_000);
  assert.match(await lab.text('summary'), /9,600 training and 2,400 test pictures/);
  const pictures = () => names.filter((name) => name === TRAIN_PICTURES).length;
  assert.equal(pictures(), 1, 'one request for the rest');

  const before = names.length;
  await page.goto('about:blank');
  const again = await open(page, '?rows=12000&epochs=2');
  await again.says('data-state', /60,000 rows are here\.$/, 60_000);
  assert.deepEqual(names.slice(before), [], 'the next visit asks the site for no data');
  await again.train();
  await again.status(/All epochs are done/, 60_000);
});

journey('training on the first part goes on while the rest comes', { seconds: 180 }, async ({ page, context }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await context.route(`${ADDRESS}data/${TRAIN_PICTURES}`, async (route) => {
    await held;
    await route.continue();
  });
  const lab = await open(page);
  await lab.dataReady();
  await lab.set({ rows: 12_000, epochs: 3 });
  await lab.train();
  await lab.status(/waiting for the engine and the data/);
  await lab.part('stop').click();
  await lab.status(/^Stopped/);
  await lab.train();
  await lab.status(/waiting for the engine and the data/);
  // What needs more rows waits; what is there can be trained meanwhile.
  await lab.set({ rows: 500 });
  await lab.train();
  await lab.status(/All epochs are done/);
  assert.match(await lab.text('run-title'), /rows 500/);
  release();
  await lab.says('data-state', /60,000 rows are here\.$/, 60_000);
});

journey('both engines use what was fetched once', { webgpu: true, seconds: 900 }, async ({ page, context }) => {
  const names = requested(context);
  const lab = await open(page);
  await lab.says('device-note', /swiftshader/i, 300_000);
  await lab.set({ rows: 7_000 });
  await lab.says('data-state', /60,000 rows are here\.$/, 120_000);
  // The GPU engine takes its commands in turn: when it has trained, it has asked for its data. Software WebGPU is slow.
  await lab.set({ rows: 100, 'batch-size': 80, epochs: 1 });
  await lab.part('device').selectOption('webgpu');
  await lab.train();
  await lab.status(/All epochs are done/, 300_000);
  assert.match(await lab.text('run-device'), /WebGPU/);
  const pictures = names.filter((name) => /images/.test(name)).sort();
  assert.deepEqual(pictures, [FIRST_PICTURES, TRAIN_PICTURES].sort(), 'each file is asked for once');
});
