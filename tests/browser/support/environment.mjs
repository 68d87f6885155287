// What the chores say of the surroundings: the page's address, the browser, and the tools that drive it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const need = (name) => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run this with \`cargo xtask test\` or \`cargo xtask screenshots\``);
  return value;
};

// playwright-core lies among the repository's own tools, where a plain import would not look.
export const { chromium } = createRequire(`${need('KINDLING_TOOLS')}/`)('playwright-core');

/** The address of the built page, below a path. Ends with a slash. */
export const ADDRESS = need('KINDLING_URL');

/** Starts the browser without what it does of its own accord. */
export const launch = (...args) => chromium.launch({
  executablePath: need('KINDLING_CHROMIUM'),
  args: [
    '--headless=new', '--no-sandbox', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', ...args,
  ],
});
