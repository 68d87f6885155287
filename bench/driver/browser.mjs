// Chromium for the bench: a fresh browser a visit, and no visit passes over an error on the page.

import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';

const FLAGS = [
  '--headless=new', '--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader',
  '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];
// A browser that just started still sets itself up: on two cores that would be in the first figures.
const SETTLE_MS = 700;
const READY_MS = 180_000;

const { chromium } = playwright();

/** From the repository's own tools where the chores say where they lie, else as installed beside this file. */
function playwright() {
  const tools = process.env.KINDLING_TOOLS;
  return createRequire(tools ? `${tools}/` : import.meta.url)('playwright-core');
}

export const launch = () => chromium.launch({
  executablePath: process.env.KINDLING_CHROMIUM || '/usr/bin/chromium',
  args: FLAGS,
});

/** Fails after `ms` where the page does not answer, as a lost GPU makes it. */
export async function within(ms, what, promise) {
  const done = new AbortController();
  try {
    return await Promise.race([
      promise,
      delay(ms, null, { signal: done.signal }).then(() => { throw new Error(`${what}: no answer in ${ms / 1000} s`); }),
    ]);
  } finally {
    done.abort();
  }
}

/**
 * Opens a contestant in a browser of its own, so that nothing is cached from an earlier visit: neither
 * files, nor compiled code, nor shaders. `prepare(page)` runs before the navigation; `body` gets the page,
 * what `benchReady` gave, and the browser.
 */
export async function visit({ name, url }, { prepare = async () => {}, body }) {
  const browser = await launch();
  const troubles = [];
  try {
    const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
    page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
    });
    page.on('crash', () => troubles.push('the page crashed'));
    await delay(SETTLE_MS);
    await prepare(page);
    await page.goto(url, { waitUntil: 'commit' });
    const ready = await within(READY_MS, 'benchReady', readiness(page));
    const result = await body({ page, ready, browser });
    if (troubles.length > 0) throw new Error('something went wrong on the page');
    return result;
  } catch (error) {
    throw new Error([`${name}: ${error.message}`, ...troubles].join('\n   '), { cause: error });
  } finally {
    await browser.close();
  }
}

/** What `benchReady` gives; it need not be there yet when the page has only begun. */
async function readiness(page) {
  await page.waitForFunction(() => Boolean(window.benchReady), null, { polling: 50, timeout: READY_MS });
  return page.evaluate(() => window.benchReady);
}
