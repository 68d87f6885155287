// A run from the first press of Train to its verdict: control, progress, curves, the table, files, and a comparison.

import assert from 'node:assert/strict';
import { journey } from './support/browser.mjs';
import { INK, pixels } from './support/chart.mjs';
import { open } from './support/lab.mjs';

/** A second, and what a frame and a busy machine add to it. */
const WITHIN_A_SECOND = 1_000;

journey('Train alone starts a run within a second, and it can be held, stopped and cleared', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.dataReady();
  // The devices are measured when the page opens; a ready page has done so.
  await lab.says('device-chip', /steps\/s/);
  assert.deepEqual(await pixels(page, 'chart-loss', INK.first.train), { line: 0, shade: 0 }, 'nothing is drawn yet');

  const started = await lab.timed('train', 'speed', /\d/);
  assert.ok(started < WITHIN_A_SECOND, `the first progress came ${started} ms after Train`);
  await lab.status(/^Training\./);
  assert.match(await lab.text('run-title'), /Fashion-MNIST · Baseline/);
  assert.equal(await lab.part('train').isDisabled(), true, 'the same run is not begun twice');

  await lab.epoch(3);
  assert.match(await lab.says('time-left', /left/), /epochs · (\d+ s|\d+ min \d+ s) left/);
  assert.match(await lab.text('speed'), /^[\d.]+( k)?$/);
  const share = Number(await lab.part('progress').getAttribute('aria-valuenow'));
  assert.ok(share >= 3 && share < 100, `${share} percent after 3 of 100 epochs`);
  for (const chart of ['chart-loss', 'chart-accuracy']) {
    for (const curve of ['train', 'test']) {
      const { line } = await pixels(page, chart, INK.first[curve]);
      assert.ok(line > 100, `${chart} has ${line} pixels of its ${curve} curve`);
    }
  }

  await lab.part('pause').click();
  await lab.status(/^Paused\.$/);
  const held = await lab.epochs();
  // The engine answers twice while it holds the run, and the run has not moved.
  for (let asked = 0; asked < 2; asked += 1) await lab.download('export-model');
  assert.equal(await lab.epochs(), held);
  await lab.part('resume').click();
  await lab.status(/^Training\./);
  await lab.epoch(held + 1);

  const stopped = await lab.timed('stop', 'status', /^Stopped/);
  assert.ok(stopped < WITHIN_A_SECOND, `it stopped ${stopped} ms after Stop`);
  const kept = await lab.history();
  assert.equal(kept.length, await lab.epochs());
  assert.ok(kept.length > held, 'the curves are kept');

  await lab.part('reset').click();
  await lab.says('run-title', /^No run yet$/);
  assert.deepEqual(await lab.history(), []);
  assert.equal((await pixels(page, 'chart-loss', INK.first.train)).line, 0, 'the curves are gone');
});

journey('a run on all the data is stopped within a second', { seconds: 240 }, async ({ page }) => {
  const lab = await open(page);
  await lab.set({ rows: 60_000, epochs: 2, 'batch-size': 512 });
  await lab.says('data-state', /60,000 rows are here\./, 120_000);
  await lab.train();
  // The measuring after an epoch is the longest thing a run does: 60,000 pictures.
  await page.waitForFunction(
    () => Number(document.querySelector('[data-testid="progress"]').getAttribute('aria-valuenow')) >= 48,
    null,
    { timeout: 120_000 },
  );
  const stopped = await lab.timed('stop', 'status', /^Stopped/);
  assert.ok(stopped < WITHIN_A_SECOND, `it stopped ${stopped} ms after Stop`);
});

journey('curves are read by pointer, by key and as a table', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.set({ rows: 600, epochs: 5 });
  await lab.train();
  await lab.status(/All epochs are done/);
  const history = await lab.history();

  // The table is the charts' text: closed by default, one row an epoch, each with a heading.
  await page.getByText('The numbers, epoch by epoch').click();
  const table = page.getByRole('table').and(lab.part('history-table'));
  assert.equal(await table.isVisible(), true);
  assert.deepEqual(
    await table.locator('thead th[scope="col"]').allTextContents(),
    ['Epoch', 'Step loss', 'Train loss', 'Test loss', 'Train accuracy', 'Test accuracy'],
  );
  assert.deepEqual(await table.locator('tbody th[scope="row"]').allTextContents(), ['5', '4', '3', '2', '1']);

  const chart = lab.part('chart-loss');
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  const heading = await lab.part('chart-tip').first().locator('thead th').first().textContent();
  const epoch = Number(/^epoch (\d)$/.exec(heading)[1]);
  const read = await chart.locator('[data-testid="chart-tip"] tbody td').allTextContents();
  assert.deepEqual(read, [history[epoch - 1].train_loss.toFixed(4), history[epoch - 1].test_loss.toFixed(4)]);
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  assert.deepEqual(
    await lab.part('chart-accuracy').locator('[data-testid="chart-tip"] tbody td').allTextContents(),
    [percent(history[epoch - 1].train_acc), percent(history[epoch - 1].test_acc)],
    'one cursor reads both charts',
  );

  await page.mouse.move(0, 0);
  await chart.focus();
  for (const key of ['Home', 'ArrowRight']) await page.keyboard.press(key);
  await chart.locator('[data-testid="chart-tip"] thead th', { hasText: 'epoch 2' }).waitFor();
  assert.deepEqual(
    await chart.locator('[data-testid="chart-tip"] tbody td').allTextContents(),
    [history[1].train_loss.toFixed(4), history[1].test_loss.toFixed(4)],
  );
  assert.match(await chart.getAttribute('aria-label'), /after 5 epochs/);
});

journey('overfitting is said in words, and a remedy starts a comparison', { seconds: 180 }, async ({ page }) => {
  const lab = await open(page);
  await lab.set({ rows: 600, epochs: 60 });
  await lab.train();
  await lab.status(/All epochs are done/, 90_000);

  const verdict = await lab.says('verdict', /Overfitting since epoch \d+/);
  const history = await lab.history();
  const lowest = history.reduce((best, one) => (one.test_loss < best.test_loss ? one : best));
  assert.match(verdict, new RegExp(`lowest at epoch ${lowest.epoch} \\(${lowest.test_loss.toFixed(3)}\\)`));
  const last = history.at(-1);
  const gap = (100 * (last.train_acc - last.test_acc)).toFixed(1);
  assert.ok(verdict.includes(`${gap} points above test accuracy`), `the gap is ${gap} points: ${verdict}`);
  assert.match(await lab.part('chart-loss').getAttribute('aria-label'), new RegExp(`turned up after epoch ${lowest.epoch}`));
  const { shade } = await pixels(page, 'chart-accuracy', INK.first.train);
  assert.ok(shade > 1_000, `${shade} pixels are shaded between the accuracies`);

  const remedies = page.locator('[data-testid^="remedy-"]');
  assert.ok((await remedies.count()) >= 3, 'several remedies are offered');
  const dropout = remedies.filter({ hasText: /dropout/i });
  await dropout.click();
  await lab.epoch(3);
  const lines = lab.part('run-list').locator('li');
  assert.equal(await lines.count(), 2, 'both runs are in the legend');
  assert.match(await lines.nth(0).textContent(), /60 epochs/);
  assert.match(await lines.nth(1).textContent(), /dropout 0\.\d/);
  assert.match(await lab.text('run-title'), /dropout 0\.\d/);
  assert.equal(await lab.part('dropout').inputValue() > 0, true, 'the form shows the comparison');

  const drawn = async () => ({
    first: (await pixels(page, 'chart-loss', INK.first.test)).line,
    second: (await pixels(page, 'chart-loss', INK.second.test)).line,
  });
  const both = await drawn();
  assert.ok(both.second > 50, `the comparison has ${both.second} pixels`);
  await lab.part('stop').click();
  await lab.status(/^Stopped/);
  await lines.nth(1).getByRole('checkbox').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="run-list"] input:checked').length === 1);
  const alone = await drawn();
  assert.equal(alone.second, 0, 'a run taken off the chart is not drawn');
  await lines.nth(1).getByRole('checkbox').click();
  await lines.nth(0).getByRole('button', { name: /rows|Baseline/ }).first().click();
  await lab.says('run-title', /rows 600/);
  assert.ok((await drawn()).first > 200, 'the first run is drawn strong when it is chosen');
  assert.match(await lab.text('verdict'), /Overfitting/);
});

journey('a run is had as files', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.set({ rows: 500, epochs: 2 });
  await lab.train();
  await lab.status(/All epochs are done/);
  const csv = await lab.download('export-history');
  const [head, ...rows] = csv.bytes.toString().trim().split('\n');
  assert.equal(head, 'epoch,step_loss,first_batch_loss,train_loss,test_loss,train_acc,test_acc');
  const history = await lab.history();
  assert.deepEqual(rows.map((row) => Number(row.split(',')[4])), history.map((one) => one.test_loss));

  // The format is safetensors: a length, a JSON header, the numbers.
  const { name, bytes } = await lab.download('export-model');
  assert.match(name, /^kindling-[0-9a-f]{10}\.safetensors$/);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const shapes = Object.entries(header).filter(([key]) => key !== '__metadata__').map(([key, tensor]) => [key, tensor.shape]);
  const weights = shapes.filter(([key]) => key.endsWith('.weight')).map(([, shape]) => shape);
  assert.deepEqual(weights.sort((a, b) => b[1] - a[1]), [[128, 784], [64, 128], [10, 64]]);
  assert.equal(shapes.length, 6, 'three layers, a weight and a bias each');
  assert.equal(bytes.length, 8 + length + 4 * 109_386);
});
