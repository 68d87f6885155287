// What the network sees after an epoch: test pictures, confusion matrix, first layer, and a picture drawn or uploaded.

import assert from 'node:assert/strict';
import { journey } from './support/browser.mjs';
import { open } from './support/lab.mjs';
import { bars, colours, confusion, likeliest, png } from './support/sees.mjs';

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

/** A page whose network has trained on 480 pictures and is tested on 120. */
async function trained(page) {
  const lab = await open(page);
  await lab.set({ rows: 600, epochs: 8, 'learning-rate': 0.2 });
  await lab.train();
  await lab.status(/All epochs are done/);
  await lab.part('confusion').locator('td').first().waitFor();
  await lab.part('gallery').locator('.tile').first().waitFor();
  // Until then the pictures may be those of an earlier epoch.
  await page.waitForSelector('.sees[aria-busy="false"]');
  return lab;
}

journey('test pictures and the matrix agree with the measured accuracy', {}, async ({ page }) => {
  const lab = await open(page);
  assert.match(await lab.text('gallery'), /Train, and the test pictures appear here/);
  await lab.set({ rows: 600, epochs: 8, 'learning-rate': 0.2 });
  await lab.train();
  await lab.status(/All epochs are done/);
  await lab.says('gallery', /120 test pictures/);
  const right = (await lab.history()).at(-1).test_acc * 120;

  await page.waitForFunction(
    (wanted) => {
      const cells = [...document.querySelectorAll('[data-testid="confusion"] td[data-right="true"]')];
      return cells.reduce((all, cell) => all + Number(cell.textContent), 0) === wanted;
    },
    Math.round(right),
  );
  const counts = await confusion(lab);
  assert.equal(counts.length, 10);
  assert.equal(sum(counts.flat()), 120, 'every test picture is in the matrix once');

  const tiles = lab.part('gallery').locator('.tile');
  assert.equal(await tiles.count(), 32);
  for (const at of [0, 31]) {
    const ink = await colours(tiles.nth(at).locator('canvas'));
    assert.ok(new Set(ink.map(String)).size > 8, `picture ${at} is a picture`);
  }
  await tiles.nth(5).click();
  const label = await tiles.nth(5).getAttribute('aria-label');
  const [, taken, percent] = /taken for (.+) with ([\d.]+) %/.exec(label);
  const shown = await bars(lab.part('picture'));
  assert.equal(Object.keys(shown).length, 10);
  assert.ok(Math.abs(sum(Object.values(shown)) - 100) < 0.6, `probabilities sum to ${sum(Object.values(shown))} %`);
  assert.deepEqual([likeliest(shown), shown[taken]], [taken, Number(percent)]);

  await lab.part('mistakes-only').check();
  await lab.says('gallery', new RegExp(`${120 - Math.round(right)} wrong`));
  const outlined = await tiles.evaluateAll((all) => all.map((tile) => tile.dataset.wrong));
  assert.ok(outlined.length > 0 && outlined.every((wrong) => wrong === 'true'), 'only mistakes are left');
  await lab.part('mistakes-only').uncheck();
  await lab.says('gallery', /120 test pictures/);
  const first = await tiles.first().getAttribute('aria-label');
  await lab.part('gallery-next').click();
  await page.waitForFunction(
    (before) => document.querySelector('.tile').getAttribute('aria-label') !== before, first,
  );
  await lab.part('gallery-back').click();
  await page.waitForFunction((before) => document.querySelector('.tile').getAttribute('aria-label') === before, first);
});

journey('the first layer is shown as pictures, with weights for and against ink', {}, async ({ page }) => {
  const lab = await trained(page);
  const units = lab.part('weights').locator('canvas');
  await units.first().waitFor();
  assert.equal(await units.count(), 64);
  assert.match(await lab.text('weights'), /The first 64 of 128 units\./);
  let [warm, cold] = [0, 0];
  for (const unit of await units.all()) {
    for (const [r, , b] of await colours(unit)) {
      if (r > b + 40) warm += 1;
      if (b > r + 40) cold += 1;
    }
  }
  assert.ok(warm > 1_000 && cold > 1_000, `${warm} warm and ${cold} cold pixels`);
});

journey('an uploaded picture is judged as the same test picture is', {}, async ({ page }) => {
  const lab = await trained(page);
  const tiles = lab.part('gallery').locator('.tile');
  // Shoes leave the corners black, so that the page has no reason to invert them.
  const at = (await tiles.evaluateAll((all) => all.map((tile) => tile.getAttribute('aria-label'))))
    .findIndex((label) => /^(Sneaker|Sandal|Ankle boot),/.test(label));
  assert.ok(at >= 0, 'a shoe is among the first test pictures');
  await tiles.nth(at).click();
  const expected = await bars(lab.part('picture'));
  const file = await png(tiles.nth(at).locator('canvas'));
  await lab.part('upload').setInputFiles({ name: 'shoe.png', mimeType: 'image/png', buffer: file });
  await lab.part('prediction').locator('.bar').first().waitFor();
  const got = await bars(lab.part('prediction'));
  assert.deepEqual(got, expected, 'the same pixels give the same probabilities');
  assert.equal(await lab.part('prediction').locator('.pad-word').textContent(), likeliest(expected));

  await lab.part('upload').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
  assert.match(await lab.notice(/notes\.txt/), /could not be read as a picture: choose a PNG/);
  assert.deepEqual(await bars(lab.part('prediction')), expected, 'what was there stays');
});

journey('a drawing is judged stroke by stroke', {}, async ({ page }) => {
  const lab = await open(page);
  const pad = lab.part('draw');
  const draw = async (from, to) => {
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    const place = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...place(from));
    await page.mouse.down();
    await page.mouse.move(...place(to), { steps: 8 });
    await page.mouse.up();
  };
  await draw([0.2, 0.7], [0.8, 0.7]);
  assert.match(await lab.text('prediction'), /Train a network first/);

  await lab.set({ rows: 600, epochs: 4, 'learning-rate': 0.2 });
  await lab.train();
  await lab.status(/All epochs are done/);
  await lab.part('prediction').locator('.bar').first().waitFor();
  const one = await bars(lab.part('prediction'));
  assert.ok(Math.abs(sum(Object.values(one)) - 100) < 0.6);
  const inkOf = async () => (await colours(pad.locator('canvas'))).filter(([grey]) => grey > 128).length;
  const before = await inkOf();
  await draw([0.5, 0.2], [0.5, 0.7]);
  assert.ok((await inkOf()) > before, 'the stroke is on the pad');
  await page.waitForFunction(
    (old) => [...document.querySelectorAll('[data-testid="prediction"] .bar-number')].map((n) => n.textContent).join() !== old,
    Object.values(one).map((number) => `${number.toFixed(1)} %`).join(),
  );

  await lab.part('draw-clear').click();
  await lab.says('prediction', /What the network says of yours appears here/);
  assert.equal(await inkOf(), 0);
});
