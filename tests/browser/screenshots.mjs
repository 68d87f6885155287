// The README's pictures: the page at desktop and phone width, light and dark, during training and after. No test; `cargo xtask screenshots` runs it.

import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './support/environment.mjs';
import { open } from './support/lab.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const browser = await launch('--disable-gpu');

async function visit(viewport, colorScheme, rest = '') {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const lab = await open(page, rest);
  await lab.says('device-chip', /steps\/s/);
  return { lab, page, context };
}

async function keep(page, name) {
  const path = `${FOLDER}${name}.png`;
  await page.screenshot({ path });
  console.log(`docs/screenshots/${name}.png  ${Math.round(statSync(path).size / 1000)} KB`);
}

/** Scrolls so that a part lies a little below the header. */
async function bring(lab, name) {
  await lab.part(name).first().evaluate((part) => {
    // The whole panel, its rim included.
    const panel = part.closest('.panel') ?? part;
    const below = document.querySelector('.header').getBoundingClientRect().bottom + 16;
    scrollTo({ top: panel.getBoundingClientRect().top + scrollY - below });
  });
}

async function seen(lab) {
  await lab.part('gallery').locator('.tile').first().waitFor();
  await lab.part('confusion').locator('td').first().waitFor();
}

async function duringTraining(viewport, scheme, name) {
  const { lab, page, context } = await visit(viewport, scheme);
  await lab.dataReady();
  await lab.train();
  await lab.epoch(12);
  if (viewport === PHONE) await bring(lab, 'run-title');
  await keep(page, name);
  await context.close();
}

/** The baseline after 40 epochs, its verdict, and on the desktop a comparison with dropout beside it. */
async function afterTraining(viewport, scheme, name) {
  const { lab, page, context } = await visit(viewport, scheme, '?epochs=40');
  await lab.dataReady();
  await lab.train();
  await lab.status(/All epochs are done/, 180_000);
  await lab.says('verdict', /Overfitting/);
  if (viewport === DESKTOP) {
    await page.locator('[data-testid^="remedy-"]').filter({ hasText: /dropout/i }).click();
    await lab.status(/^Training/);
    await lab.status(/All epochs are done/, 180_000);
  }
  await seen(lab);
  await bring(lab, 'run-title');
  await keep(page, name);
  if (scheme === 'light') {
    await bring(lab, 'gallery');
    await keep(page, name.replace('after', 'sees'));
  }
  await context.close();
}

async function tensors(viewport, scheme, name) {
  const { lab, page, context } = await visit(viewport, scheme, '#tensors');
  await lab.part('tensor-before').waitFor();
  await lab.part('operation').selectOption('t');
  await lab.part('tensor-after').waitFor();
  if (viewport === PHONE) await bring(lab, 'tensor-before');
  await keep(page, name);
  await context.close();
}

async function graph(viewport, scheme, name) {
  const { lab, page, context } = await visit(viewport, scheme, '#graph');
  await lab.part('example-perceptron').click();
  await lab.says('graph-code', /binary_cross_entropy/);
  await page.evaluate(() => document.activeElement.blur());
  for (let step = 0; step < 10; step += 1) await page.keyboard.press('ArrowRight');
  await lab.says('graph-step', /step 10 of/);
  if (viewport === PHONE) await bring(lab, 'graph-step');
  await keep(page, name);
  await context.close();
}

const PICTURES = [
  [duringTraining, DESKTOP, 'light', 'training-desktop-light'],
  [duringTraining, DESKTOP, 'dark', 'training-desktop-dark'],
  [duringTraining, PHONE, 'light', 'training-phone-light'],
  [afterTraining, DESKTOP, 'light', 'after-desktop-light'],
  [afterTraining, DESKTOP, 'dark', 'after-desktop-dark'],
  [afterTraining, PHONE, 'dark', 'after-phone-dark'],
  [tensors, DESKTOP, 'light', 'tensors-desktop-light'],
  [tensors, PHONE, 'dark', 'tensors-phone-dark'],
  [graph, DESKTOP, 'dark', 'graph-desktop-dark'],
  [graph, PHONE, 'light', 'graph-phone-light'],
];

// A word on the command line takes only the pictures that have it in their names.
const [, , word = ''] = process.argv;
mkdirSync(FOLDER, { recursive: true });
try {
  for (const [take, viewport, scheme, name] of PICTURES.filter(([, , , name]) => name.includes(word))) {
    await take(viewport, scheme, name);
  }
} finally {
  await browser.close();
}
