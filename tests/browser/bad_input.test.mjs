// Bad input: damaged data, impossible settings, divergence, an old configuration, nonsense in the address. Each gets a sentence.

import assert from 'node:assert/strict';
import { ADDRESS, journey } from './support/browser.mjs';
import { INK, pixels } from './support/chart.mjs';
import { FIRST_PICTURES, TRAIN_PICTURES, missing, onePixelChanged, original, replaced } from './support/data.mjs';
import { Lab, open } from './support/lab.mjs';

/** Ways a file can be wrong, and what the page says of each. */
const DAMAGES = {
  'cut short': [(file) => file.subarray(0, file.length / 2), /cut short or damaged|ends after \d+ bytes/],
  'damaged in the middle': [
    (file) => { const bad = Buffer.from(file); bad.fill(0x55, 1_000_000, 1_000_400); return bad; },
    /cannot be unpacked|fails its checksum|unpacks to more|ends after/,
  ],
  'another of the same length': [onePixelChanged, /fails its checksum: SHA-256 [0-9a-f]+/],
  'not packed at all': [() => Buffer.from('<!doctype html><p>Welcome to the hotel network'), /cannot be unpacked|ends after \d+ bytes/],
};

for (const [damage, [inflict, sentence]] of Object.entries(DAMAGES)) {
  journey(`a data file that is ${damage} is refused, and fetched anew at the next try`, {}, async ({ page, context }) => {
    const repaired = await replaced(context, FIRST_PICTURES, inflict(await original(FIRST_PICTURES)));
    const lab = await open(page);
    const said = await lab.notice(sentence);
    assert.ok(said.includes(FIRST_PICTURES), `it names the file: ${said}`);
    assert.match(said, /Fetch the file again\./);
    assert.doesNotMatch(await lab.text('data-state'), /[1-9]\d* rows are here/, 'nothing of it is used');
    await repaired();
    await lab.set({ rows: 500, epochs: 1 });
    await lab.train();
    await lab.status(/All epochs are done/);
    assert.equal(await lab.part('data-state').getAttribute('data-stand-in'), 'false');
  });
}

journey('a run whose data stays damaged does not begin, and says why', {}, async ({ page, context }) => {
  const [inflict, sentence] = DAMAGES['cut short'];
  await replaced(context, FIRST_PICTURES, inflict(await original(FIRST_PICTURES)));
  const lab = await open(page);
  await lab.notice(sentence);
  await lab.train();
  await lab.status(sentence);
  assert.deepEqual(await lab.history(), []);
  assert.equal(await lab.part('train').isEnabled(), true, 'it can be tried again');
});

journey('a damaged rest leaves the first 6,000 rows in use', { seconds: 240 }, async ({ page, context }) => {
  const whole = await original(TRAIN_PICTURES);
  await replaced(context, TRAIN_PICTURES, whole.subarray(0, whole.length / 2));
  const lab = await open(page);
  await lab.dataReady();
  await lab.set({ rows: 7_000, epochs: 1 });
  assert.ok((await lab.notice(/cut short/, 60_000)).includes(TRAIN_PICTURES));
  await lab.says('data-state', /6,000 rows are here\.$/);
  await lab.set({ rows: 500 });
  await lab.train();
  await lab.status(/All epochs are done/);
});

journey('without its data the page trains on a stand-in, and says so wherever it shows', {
  expects: [/404/],
}, async ({ page, context }) => {
  await missing(context);
  const lab = await open(page);
  await lab.says('data-state', /Stand-in data/);
  assert.equal(await lab.part('data-state').getAttribute('data-stand-in'), 'true');
  assert.match(await lab.text('data-state'), /generated pictures standing in for Fashion-MNIST: .*could not be had.*404/i);
  await lab.set({ rows: 500, epochs: 2 });
  await lab.train();
  await lab.status(/All epochs are done/);
  assert.match(await lab.text('run-title'), /^Stand-in data · /);
  await lab.says('gallery', /stand-in pictures/);
  for (const chart of ['chart-loss', 'chart-accuracy']) {
    assert.match(await lab.part(chart).getAttribute('aria-label'), /stand-in data/i, `${chart} says it`);
  }
});

journey('settings that cannot be trained are refused in a sentence', {}, async ({ page }) => {
  const lab = await open(page);
  const refused = async (settings, field, sentence) => {
    await lab.set(settings);
    await lab.says('problem', sentence);
    assert.equal(await lab.part('train').isDisabled(), true, `Train is shut with ${JSON.stringify(settings)}`);
    if (field) assert.equal(await lab.part(field).getAttribute('aria-invalid'), 'true', `${field} is marked`);
    await lab.part('preset-baseline').click();
    await lab.says('problem', /^$/);
    assert.equal(await lab.part('train').isDisabled(), false);
  };
  await refused({ rows: 0 }, 'rows', /^0 rows of data: use 10 to 60000\.$/);
  await refused({ rows: 50, 'batch-size': 64 }, 'batch-size',
    /A batch of 64 rows is larger than the 40 training rows .*use a batch of 40 at most, or more rows/);
  await refused({ 'batch-size': 0 }, 'batch-size', /A batch of 0 rows/);
  await refused({ 'learning-rate': -1 }, 'learning-rate', /Invalid learning rate: -1/);
  await refused({ epochs: '' }, 'epochs', /\w.*\.$/);
  await refused({ dropout: 1.5 }, 'dropout', /dropout probability has to be between 0 and 1, but got 1\.5/);
  await lab.part('batch-norm').check();
  await refused({ 'batch-size': 1 }, 'batch-size', /BatchNorm1d needs more than 1 value per channel when training/);
  await lab.part('batch-norm').check();
  // 4,800 training rows leave a last batch of one.
  await refused({ 'batch-size': 4_799 }, 'batch-size', /some batch has a single row/);
  await lab.part('layer-0').fill('0');
  await lab.says('problem', /Hidden layer 1 has 0 units/);
});

journey('a learning rate that overshoots ends the run with a sentence, the curves kept', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.part('activation').selectOption('tanh');
  await lab.set({ rows: 600, epochs: 60, 'learning-rate': 1, 'weight-decay': 2.5 });
  await lab.train();
  const status = await lab.status(/no longer a number/, 60_000);
  const [, epoch] = /at step \d+ \(epoch (\d+)\)/.exec(status);
  assert.match(status, /Lower the learning rate from 1 to 0\.1 or less\.$/);
  assert.match(await lab.text('verdict'), /Diverged in epoch \d+/);
  const history = await lab.history();
  assert.ok(history.length >= 2 && history.length <= Number(epoch), `${history.length} epochs are kept`);
  assert.ok(history.slice(0, -1).every((one) => Number.isFinite(one.test_loss)));
  const { line } = await pixels(page, 'chart-accuracy', INK.first.test);
  assert.ok(line > 50, 'the curve up to there is drawn');
  assert.ok((await page.locator('[data-testid^="remedy-"]').count()) > 0, 'something is offered to try');
  assert.equal(await lab.part('train').isEnabled(), true, 'another try can begin');
});

/** Puts runs into the page's store before the page opens, as an earlier visit left them. */
async function leave(page, files) {
  // A script opened as a page names no icon, and Chromium asks the root for one, which a site below a path does not have.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await page.goto(`${ADDRESS}engines/worker.js`);
  await page.evaluate(async (all) => {
    const store = await caches.open('kindling-runs-1');
    for (const [name, text] of Object.entries(all)) await store.put(`/kindling-runs/${name}`, new Response(text));
  }, files);
}

const OLD = {
  run: '0123456789',
  config: { version: 0, hidden: [128, 64], activation: 'relu', rows: 6000, epochs: 100, seed: 42 },
  device: 'cpu', history: [], step: 10, complete: false, saved_at_ms: 1,
};

for (const [what, text] of Object.entries({
  'of an older version': JSON.stringify(OLD),
  'of a newer version': JSON.stringify({ ...OLD, config: { ...OLD.config, version: 99 } }),
  'that is no JSON': '{"run": "0123',
})) {
  journey(`a stored run ${what} is named and left where it is`, {}, async ({ page }) => {
    await leave(page, { '0123456789.json': text });
    const lab = await open(page);
    await lab.notice(/(stored|configuration).*(version|cannot be (read|taken up))/i);
    assert.match(await lab.text('summary'), /784-128-64-10/, 'the page starts from the preset');
    const kept = await page.evaluate(async () => {
      const found = await (await caches.open('kindling-runs-1')).match('/kindling-runs/0123456789.json');
      return found?.text();
    });
    assert.equal(kept, text, 'nothing is thrown away');
    await lab.set({ rows: 500, epochs: 1 });
    await lab.train();
    await lab.status(/All epochs are done/);
  });
}

journey('nonsense in the address is reported and the rest of it used', {}, async ({ page }) => {
  const lab = await open(page, '?epochs=banana&rows=500&colour=red&device=toaster#nowhere');
  for (const sentence of [/epochs=banana/, /colour=red.*there is no such setting/, /device=toaster.*auto, cpu or webgpu/]) {
    assert.match(await lab.notice(sentence), /^The address has .* The preset's value is used\.$/);
  }
  assert.deepEqual(
    [await lab.part('rows').inputValue(), await lab.part('epochs').inputValue()], ['500', '100'],
  );
  assert.equal(await lab.part('room-lab').getAttribute('aria-current'), 'page', 'an unknown room is the lab');
  await lab.set({ epochs: 1 });
  await lab.train();
  await lab.status(/All epochs are done/);
});

journey('an address that is out of bounds or hostile does no harm', {}, async ({ page }) => {
  for (const [query, sentence] of [
    ['?rows=0', /0 rows of data/],
    ['?layers=9999999', /Hidden layer 1 has 9999999 units/],
    ['?rows=99999999999999999999999999', /rows=9{26}/],
    ['?seed=%E0%A4%A&lr=NaN', /learning rate|lr=NaN/i],
    [`?${'a'.repeat(20_000)}=1`, /a{40}/],
  ]) {
    await page.goto('about:blank');
    const lab = await open(page, query);
    await lab.notice(sentence);
    assert.match(await lab.text('summary'), /784-128-64-10/);
    assert.equal(await lab.part('train').isEnabled(), true);
  }
  await page.goto('about:blank');
  await page.goto(`${ADDRESS}?<img/src=x/onerror=document.title='taken'>=1`);
  const lab = new Lab(page);
  await lab.ready();
  await lab.part('notice').first().waitFor();
  assert.equal(await lab.part('notice').locator('img').count(), 0, 'what the address says is text');
  assert.doesNotMatch(await page.title(), /taken/);
});
