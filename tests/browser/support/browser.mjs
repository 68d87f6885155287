// Chromium for the journeys: one browser a kind of machine, a fresh visitor a journey, and no
// journey passes over an error in the console.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launch } from './environment.mjs';

export { ADDRESS } from './environment.mjs';
export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

// WebGPU in software, so that the GPU journeys run on any machine.
const WITH_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const WITHOUT_WEBGPU = ['--disable-features=WebGPU', '--disable-gpu'];

const browsers = new Map();

async function browser(webgpu) {
  if (!browsers.has(webgpu)) {
    browsers.set(webgpu, launch(...(webgpu ? WITH_WEBGPU : WITHOUT_WEBGPU)));
  }
  return browsers.get(webgpu);
}

after(async () => {
  for (const running of browsers.values()) await (await running).close();
});

/** Everything that went wrong on a page, its workers and frames included. */
export class Troubles {
  #seen = [];

  watch(page) {
    page.on('pageerror', (error) => this.#seen.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#seen.push(`console: ${message.text()}`);
    });
    page.on('crash', () => this.#seen.push('the page crashed'));
  }

  /** Fails unless all that went wrong was expected: matches one of the patterns. */
  assertOnly(expected) {
    const others = this.#seen.filter((text) => !expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(others, [], 'errors in the console');
  }
}

/** A fresh visitor: an empty profile and one page. Close the context when done. */
export async function visitor({ webgpu = false, viewport = DESKTOP, scheme = 'light', ...rest } = {}) {
  const context = await (await browser(webgpu)).newContext({
    viewport, colorScheme: scheme, reducedMotion: 'reduce', serviceWorkers: 'block', ...rest,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  return { context, page };
}

/**
 * A journey of one visitor. `options` are those of `visitor`, and besides: `expects`, patterns of
 * console errors that belong to the journey, and `seconds` it may take.
 */
export function journey(name, options, body) {
  const { expects = [], seconds = 240, ...of } = options;
  test(name, { timeout: seconds * 1000 }, async () => {
    const { context, page } = await visitor(of);
    const troubles = new Troubles();
    troubles.watch(page);
    try {
      await body({ page, context });
      troubles.assertOnly(expects);
    } finally {
      await context.close();
    }
  });
}
