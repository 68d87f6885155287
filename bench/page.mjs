// How the page itself behaves while it trains: its main thread's long tasks, and how soon Stop is answered. Prints JSON.
//
//   node bench/page.mjs URL        (the lab's address)
//
// A task is long where a browser calls it so: over 50 ms. Wall-clock time counts what the machine's other threads took from the
// task as well; so the trace's thread time, which is the task's own, stands beside it.

import { setTimeout as delay } from 'node:timers/promises';
import { launch } from './driver/browser.mjs';

const [url] = process.argv.slice(2);
const DEVICES = ['cpu', 'webgpu'];
const LONG_MS = 50;
const WATCHED_MS = 12_000;
const STOPS = 5;
const STOPPED_MS = 10_000;
/** More than are trained while the page is watched. */
const EPOCHS = '1000';
/** Between Train and what is measured: the first slice and the first picture are there. */
const UNDER_WAY_MS = 2_000;

const part = (name) => `[data-testid="${name}"]`;
const says = (page, name, pattern, timeout = 180_000) => page.waitForFunction(
  ([selector, source]) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ''),
  [part(name), pattern],
  { timeout },
);

async function train(page) {
  await page.click(part('train'));
  await says(page, 'status', '^Training\\.');
  await delay(UNDER_WAY_MS);
}

/** Milliseconds from the press to the word on the page. */
const stop = (page) => page.evaluate(([button, status, limit]) => new Promise((resolve, reject) => {
  const begun = performance.now();
  const look = () => {
    const passed = performance.now() - begun;
    const text = document.querySelector(status).textContent;
    if (text.startsWith('Stopped')) resolve(passed);
    else if (passed > limit) reject(new Error(`${limit} ms after Stop the page says "${text}"`));
    else requestAnimationFrame(look);
  };
  document.querySelector(button).click();
  look();
}), [part('stop'), part('status'), STOPPED_MS]);

/** The durations, in milliseconds, that the browser itself reports as long tasks. */
async function longTasks(page) {
  await page.evaluate(() => {
    window.longTasks = [];
    window.observer = new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((one) => one.duration)));
    window.observer.observe({ type: 'longtask' });
  });
  await delay(WATCHED_MS);
  return page.evaluate(() => { window.observer.disconnect(); return window.longTasks; });
}

/** The page's tasks as the trace has them: wall-clock and thread milliseconds of each over a frame's length. */
async function tracedTasks(browser, page) {
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] });
  await delay(WATCHED_MS);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const main = traceEvents.filter((one) => one.name === 'thread_name' && one.args.name === 'CrRendererMain');
  const threads = new Set(main.map((one) => `${one.pid} ${one.tid}`));
  return traceEvents
    .filter((one) => one.ph === 'X' && /RunTask$/.test(one.name) && threads.has(`${one.pid} ${one.tid}`))
    .map((one) => ({ wall: one.dur / 1000, thread: (one.tdur ?? 0) / 1000 }));
}

const greatest = (values) => values.reduce((most, one) => Math.max(most, one), 0);
const round = (value) => Math.round(value * 10) / 10;

async function measure(device) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.goto(url);
    await says(page, 'data-state', 'rows are here\\.');
    if (device === 'webgpu') await says(page, 'device-note', 'swiftshader|WebGPU|GPU');
    await page.waitForFunction(
      ([selector, wanted]) => document.querySelector(`${selector} option[value="${wanted}"]`)?.disabled === false,
      [part('device'), device],
      { timeout: 180_000 },
    );
    await page.selectOption(part('device'), device);
    await page.locator(part('settings')).evaluate((summary) => { summary.parentElement.open = true; });
    await page.fill(part('epochs'), EPOCHS);
    await train(page);
    const long = await longTasks(page);
    const traced = await tracedTasks(browser, page);
    const stops = [await stop(page)];
    while (stops.length < STOPS) {
      await page.click(part('reset'));
      await train(page);
      stops.push(await stop(page));
    }
    return {
      device,
      seconds: WATCHED_MS / 1000,
      longTasks: long.length,
      longestMs: round(greatest(long)),
      traced: {
        tasks: traced.length,
        overLimit: traced.filter((one) => one.wall > LONG_MS).length,
        overLimitByThread: traced.filter((one) => one.thread > LONG_MS).length,
        longestMs: round(greatest(traced.map((one) => one.wall))),
        longestThreadMs: round(greatest(traced.map((one) => one.thread))),
      },
      stopMs: stops.map(round),
    };
  } finally {
    await browser.close();
  }
}

try {
  const found = [];
  for (const device of DEVICES) found.push(await measure(device));
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`the page's measurement failed: ${error.message}\n`);
  process.exitCode = 1;
}
