// One measurement each: training, inference, the same losses, start-up, bytes, WebGPU calls, memory.

import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { visit, within } from './browser.mjs';
import { countGpuCalls, timeFirstStep } from './injected.mjs';

const CALL_MS = 600_000;
const WARM_MS = 500;
const READ_EVERY = 50;

/** All training rows are unpacked, where a contestant says so: figures are not those of its loading. */
const loaded = (page) => within(CALL_MS, 'benchLoaded', page.evaluate(() => window.benchLoaded?.().then(() => true)));

const reset = (page) => within(CALL_MS, 'benchReset', page.evaluate(() => Promise.resolve(window.benchReset()).then(() => true)));

/** Calls a function of the bench. The longer of its own time and ours counts: neither can flatter. */
async function call(page, name, ...given) {
  return within(CALL_MS, name, page.evaluate(async ([wanted, values]) => {
    const began = performance.now();
    const result = await window[wanted](...values);
    const elapsed = performance.now() - began;
    return typeof result === 'number' ? result : { ...result, ms: Math.max(result.ms, elapsed) };
  }, [name, given]));
}

/** Repeats more and more until one call is long enough to tell the speed: calls a millisecond. */
async function warm(page, name, size) {
  for (let times = 1; ; times *= 2) {
    const { ms } = await call(page, name, size, times);
    if (ms >= WARM_MS) return times / ms;
  }
}

const whole = (times) => (times > READ_EVERY ? Math.ceil(times / READ_EVERY) * READ_EVERY : Math.max(2, Math.ceil(times)));

/** All contestants' pages open side by side, each in its own browser, as `body` gets them. */
function together(contestants, body, open = []) {
  const [next, ...others] = contestants;
  if (!next) return body(open);
  return visit(next, { body: ({ page }) => together(others, body, [...open, { name: next.name, page }]) });
}

/**
 * Turns about: each contestant runs for a part of a second while the others wait, again and again, since the speed of a shared
 * machine changes within seconds. `rate` makes a call's result a speed. Gives each contestant's speeds, turn by turn.
 */
async function turns(pages, { slices, seconds }, name, size, rate) {
  const speeds = new Map();
  for (const one of pages) {
    await reset(one.page);
    one.times = whole(await warm(one.page, name, size) * seconds * 1000);
    speeds.set(one.name, []);
  }
  for (let turn = 0; turn < slices; turn += 1) {
    // Every other turn backwards: what drifts with time falls on all alike.
    for (const one of turn % 2 === 0 ? pages : pages.toReversed()) {
      speeds.get(one.name).push(rate(await call(one.page, name, size, one.times), one.times));
    }
  }
  return speeds;
}

/** Steps a second at each batch size, and images a second at each inference size: by contestant, then kind and size. */
export function speeds(contestants, plan) {
  return together(contestants, async (pages) => {
    for (const { page } of pages) await loaded(page);
    const found = new Map(contestants.map(({ name }) => [name, { train: {}, infer: {} }]));
    const keep = (kind, size, taken) => taken.forEach((samples, name) => { found.get(name)[kind][size] = samples; });
    for (const batch of plan.train) {
      keep('train', batch, await turns(pages, plan, 'benchTrain', batch, ({ ms }, steps) => steps * 1000 / ms));
    }
    for (const size of plan.infer) {
      keep('infer', size, await turns(pages, plan, 'benchInfer', size, ({ ms, images }) => images * 1000 / ms));
    }
    return found;
  });
}

/** The losses of the first hundred steps at batch 32, as far as they are read, and the test accuracy after more. */
export function losses(contestant, { accuracy }) {
  return visit(contestant, {
    async body({ page, ready }) {
      await reset(page);
      const first = await call(page, 'benchTrain', 32, 1);
      const rest = await call(page, 'benchTrain', 32, 99);
      const at = new Map([...first.losses, ...rest.losses].map(({ step, loss }) => [step, loss]));
      const result = { ...ready, 1: at.get(1), 50: at.get(50), 100: at.get(100) };
      if (accuracy > 100) {
        await call(page, 'benchTrain', 32, accuracy - 100);
        result.accuracy = { steps: accuracy, value: await call(page, 'benchAccuracy') };
      }
      return result;
    },
  });
}

/** Milliseconds from the start of the navigation to the first paint, to `benchReady`, and to the first finished step. */
export function startup(contestant) {
  return visit(contestant, {
    prepare: (page) => page.addInitScript(timeFirstStep),
    body: ({ page }) => within(CALL_MS, 'the first step', page.evaluate(async () => {
      const times = await globalThis.benchTimes.done;
      const paint = new Promise((resolve) => {
        new PerformanceObserver((list, observer) => {
          const entry = list.getEntriesByName('first-contentful-paint')[0] ?? list.getEntries()[0];
          observer.disconnect();
          resolve(entry.startTime);
        }).observe({ type: 'paint', buffered: true });
        setTimeout(resolve, 2000, null);
      });
      return { firstPaintMs: await paint, ...times };
    })),
  });
}

/**
 * Bytes of everything a visitor's browser fetches until the first finished step, but the data and the starting weights: as they
 * are, packed with gzip (level 9) and with brotli (its best).
 */
export function bytes(contestant) {
  const { searchParams } = new URL(contestant.url);
  const given = ['data', 'weights'].map((name) => searchParams.get(name)).filter(Boolean);
  const urls = new Set();
  return visit(contestant, {
    async prepare(page) {
      page.context().on('response', (response) => {
        const url = response.url();
        const isData = given.some((base) => url.startsWith(base)) || new URL(url).pathname.includes('/data/');
        if (/^https?:/.test(url) && !isData) urls.add(url);
      });
    },
    async body({ page }) {
      await call(page, 'benchTrain', 32, 1);
      const sizes = { files: 0, raw: 0, gzip: 0, brotli: 0 };
      for (const url of urls) {
        // Once more from the server: the browser's inspector lets go of large bodies.
        const content = Buffer.from(await (await fetch(url)).arrayBuffer());
        const [zipped, packed] = await Promise.all([promisify(gzip)(content, { level: 9 }), promisify(brotliCompress)(content)]);
        sizes.files += 1;
        sizes.raw += content.length;
        sizes.gzip += zipped.length;
        sizes.brotli += packed.length;
      }
      return sizes;
    },
  });
}

/** WebGPU calls of the page and its workers, a step at batch 32: a loss is read in every fiftieth. */
export function gpuCalls(contestant) {
  const total = async (page) => {
    const counts = await Promise.all([page, ...page.workers()].map((one) => one.evaluate(() => globalThis.benchGpuCalls ?? null)));
    return counts.filter(Boolean).reduce((sum, one) => {
      for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value;
      return sum;
    }, {});
  };
  return visit(contestant, {
    async prepare(page) {
      await page.addInitScript(countGpuCalls);
      // A worker may end before it is reached, or have made its first calls: later steps are what is counted.
      page.on('worker', (worker) => { worker.evaluate(countGpuCalls).catch(() => {}); });
    },
    async body({ page }) {
      await loaded(page);
      await call(page, 'benchTrain', 32, READ_EVERY);
      const before = await total(page);
      await call(page, 'benchTrain', 32, READ_EVERY);
      const after = await total(page);
      return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, (value - before[name]) / READ_EVERY]));
    },
  });
}

/** Bytes after a few steps and after many: the page's JavaScript heap, and what the processes hold. */
export function memory(contestant, { steps, seconds }) {
  return visit(contestant, {
    async body({ page, browser }) {
      await loaded(page);
      const inspector = await page.context().newCDPSession(page);
      const system = await browser.newBrowserCDPSession();
      const held = async () => {
        await inspector.send('HeapProfiler.collectGarbage');
        const { usedSize, backingStorageSize } = await inspector.send('Runtime.getHeapUsage');
        const { processInfo } = await system.send('SystemInfo.getProcessInfo');
        return { heap: usedSize, buffers: backingStorageSize ?? null, ...await resident(processInfo) };
      };
      let done = Math.min(READ_EVERY * 4, steps);
      const began = performance.now();
      await call(page, 'benchTrain', 32, done);
      const early = { steps: done, ...await held() };
      while (done < steps && performance.now() - began < seconds * 1000) {
        const more = Math.min(READ_EVERY, steps - done);
        await call(page, 'benchTrain', 32, more);
        done += more;
      }
      return { early, late: { steps: done, ...await held() } };
    },
  });
}

/** Resident bytes of the renderers and of the GPU process; null where the system does not tell. */
async function resident(processes) {
  const sums = { renderer: 0, gpu: 0 };
  for (const { type, id } of processes) {
    const kind = { renderer: 'renderer', GPU: 'gpu' }[type];
    if (!kind) continue;
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    if (!kilobytes) return { renderer: null, gpu: null };
    sums[kind] += Number(kilobytes) * 1024;
  }
  return sums;
}
