// Visitors of every kind: with a keyboard alone, on a phone, in the dark, with little motion, inside another site's page.

import assert from 'node:assert/strict';
import { ADDRESS, PHONE, journey } from './support/browser.mjs';
import { INK, pixels } from './support/chart.mjs';
import { host } from './support/frames.mjs';
import { Lab, open } from './support/lab.mjs';

const ROOMS = ['lab', 'tensors', 'graph'];

/** What has the focus: its `data-testid` and the outline it is shown with. */
async function focused(page) {
  return page.evaluate(() => {
    const now = document.activeElement;
    const style = getComputedStyle(now);
    return {
      name: now.dataset.testid ?? now.textContent.trim(),
      outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      seen: now.getBoundingClientRect().bottom > 0 && now.getBoundingClientRect().top < innerHeight,
    };
  });
}

journey('the keyboard alone trains a network', {}, async ({ page }) => {
  const lab = await open(page);
  await lab.dataReady();
  const path = [];
  for (let tabs = 0; tabs < 20 && path.at(-1) !== 'train'; tabs += 1) {
    await page.keyboard.press('Tab');
    const { name, outline, seen } = await focused(page);
    path.push(name);
    assert.ok(outline, `the focus on "${name}" is seen`);
    assert.ok(seen, `"${name}" is in sight`);
  }
  assert.equal(path[0], 'Skip to the content');
  assert.equal(path.at(-1), 'train', `Tab comes to Train: ${path.join(', ')}`);
  await page.keyboard.press('Enter');
  await lab.status(/^Training/);
  await lab.epoch(1);
  // On to Stop, by Tab again.
  for (let tabs = 0; tabs < 60 && (await focused(page)).name !== 'stop'; tabs += 1) await page.keyboard.press('Tab');
  assert.deepEqual(await focused(page), { name: 'stop', outline: true, seen: true });
  await page.keyboard.press('Space');
  await lab.status(/^Stopped/);
});

journey('the first Tab skips to the content, and rooms are links', {}, async ({ page }) => {
  const lab = await open(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const inside = await page.evaluate(() => document.querySelector('#main').contains(document.activeElement));
  assert.ok(inside, 'the next Tab is in the content');
  for (const room of ROOMS) {
    await lab.part(`room-${room}`).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector(`[data-testid="room-${room}"][aria-current="page"]`);
    assert.equal(await page.locator('h1').count(), 1, `${room} has one heading`);
  }
  await page.goBack();
  await page.waitForSelector('[data-testid="room-tensors"][aria-current="page"]');
});

/** How far the page reaches beyond the screen, and what does. */
async function overflow(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const scrolls = (one) => one && one !== document.body
      && (/(auto|scroll|hidden)/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
    const beyond = [...document.querySelectorAll('main *, header *, footer *')]
      .filter((one) => one.getBoundingClientRect().right > wide + 1 && !scrolls(one.parentElement))
      .map((one) => one.dataset.testid ?? one.className ?? one.tagName);
    return { pixels: document.documentElement.scrollWidth - wide, beyond };
  });
}

const FITS = { pixels: 0, beyond: [] };

journey('on a phone nothing reaches beyond the screen', { viewport: PHONE, hasTouch: true, isMobile: true }, async ({ page }) => {
  const lab = await open(page);
  await lab.dataReady();
  assert.equal(await lab.part('epochs').isVisible(), false, 'settings begin folded');
  assert.deepEqual(await overflow(page), FITS, 'the lab before a run');
  await lab.set({ rows: 600, epochs: 60 });
  assert.deepEqual(await overflow(page), FITS, 'the lab with its settings');
  await lab.part('train').tap();
  await lab.status(/All epochs are done/, 60_000);
  await lab.says('verdict', /Overfitting/);
  await lab.part('gallery').locator('.tile').first().waitFor();
  await page.getByText('The numbers, epoch by epoch').tap();
  assert.deepEqual(await overflow(page), FITS, 'the lab after a run');
  await lab.part('room-tensors').tap();
  await lab.part('tensor-before').waitFor();
  await lab.part('operation').selectOption('t');
  await lab.part('tensor-after').waitFor();
  assert.deepEqual(await overflow(page), FITS, 'tensors');
  await lab.part('room-graph').tap();
  await lab.part('graph-svg').waitFor();
  assert.deepEqual(await overflow(page), FITS, 'graph');
});

/** How much lighter text is than its ground, by WCAG; 4.5 is its least for text. */
async function contrast(page, selector) {
  return page.locator(selector).first().evaluate((one) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const light = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (at) => {
      const colour = getComputedStyle(at).backgroundColor;
      return at.parentElement && /, 0\)$|transparent/.test(colour) ? ground(at.parentElement) : colour;
    };
    const [text, behind] = [light(getComputedStyle(one).color), light(ground(one))];
    return { ratio: (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05), behind };
  });
}

const TEXTS = ['h1', '.prose p:not(.kicker)', '.kicker', '.summary', '.hint', '.status', '.stat small', 'button.primary', '.panel h2',
  '.footer', '.header-chip', '.stat-train', '.stat-test'];

for (const scheme of ['light', 'dark']) {
  journey(`what is written can be read when it is ${scheme}`, { scheme }, async ({ page }) => {
    const lab = await open(page);
    await lab.set({ rows: 600, epochs: 6 });
    await lab.train();
    await lab.status(/All epochs are done/);
    for (const selector of TEXTS) {
      const { ratio } = await contrast(page, selector);
      assert.ok(ratio >= 4.5, `${selector} has a contrast of ${ratio.toFixed(2)}`);
    }
    const { behind } = await contrast(page, 'h1');
    assert.ok(scheme === 'dark' ? behind < 0.1 : behind > 0.8, `the ground's light is ${behind}`);
    const { line } = await pixels(page, 'chart-loss', INK.first.test);
    assert.equal(line > 100, scheme === 'light', 'the charts have the theme\'s colours');
  });
}

journey('the theme can be chosen and is remembered', {}, async ({ page }) => {
  const lab = await open(page);
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? 'auto');
  assert.equal(await theme(), 'auto');
  await lab.part('theme').click();
  assert.equal(await theme(), 'light');
  await lab.part('theme').click();
  assert.equal(await theme(), 'dark');
  await page.reload();
  await lab.ready();
  assert.equal(await theme(), 'dark');
  assert.ok((await contrast(page, 'h1')).behind < 0.1);
});

for (const reducedMotion of ['reduce', 'no-preference']) {
  journey(`with motion "${reducedMotion}" the page moves accordingly`, { reducedMotion }, async ({ page }) => {
    const lab = await open(page);
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one);
      return transitionDuration.split(', ').some((time) => parseFloat(time) > 0) || animationName !== 'none';
    }).length);
    assert.equal(moving > 0, reducedMotion === 'no-preference', `${moving} elements move`);
    await lab.set({ rows: 500, epochs: 2 });
    await lab.train();
    await lab.status(/All epochs are done/);
  });
}

journey('inside a page of another site it trains as elsewhere', {}, async ({ page }) => {
  const site = await host(`${ADDRESS}?rows=600&epochs=3`);
  try {
    await page.goto(site.address);
    const frame = page.frames().find((one) => one.url().startsWith(ADDRESS))
      ?? await page.waitForEvent('framenavigated', (one) => one.url().startsWith(ADDRESS));
    const lab = new Lab(frame);
    await lab.ready();
    await lab.train();
    await lab.status(/All epochs are done/);
    assert.equal((await lab.history()).length, 3);
    const { line } = await pixels(frame, 'chart-loss', INK.first.train);
    assert.ok(line > 100, 'the curves are drawn');
    await lab.part('room-graph').click();
    await lab.part('graph-svg').waitFor();
  } finally {
    await site.end();
  }
});
