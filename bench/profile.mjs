// Where an engine's time goes in Chromium: samples its worker while a task of the bench runs, and prints each function's share.
//
//   node bench/profile.mjs URL [task] [size] [times] [lines]
//
// URL is that of bench.html; the task is train (the default) or infer. Names are those of the module: build it with names kept
// (`cargo xtask profile` does).

import { visit } from './driver/browser.mjs';

const [url, task = 'train', size = '32', times = '2000', lines = '40'] = process.argv.slice(2);
const MICROSECONDS = 200;

/** Speaks to the page's worker over the page's own connection. */
async function workerOf(page) {
  const inspector = await page.context().newCDPSession(page);
  const waiting = new Map();
  let last = 0;
  const attached = new Promise((resolve) => {
    inspector.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => targetInfo.type === 'worker' && resolve(sessionId));
  });
  inspector.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result, error } = JSON.parse(message);
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result);
  });
  await inspector.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  return (method, params = {}) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    inspector.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: last, method, params }) }).catch(reject);
  });
}

/** Microseconds spent in each function itself, and in it with all it called. */
function totals({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, { ...node, own: 0 }]));
  samples.forEach((id, at) => { byId.get(id).own += timeDeltas[at]; });
  const functions = new Map();
  const walk = (id, above) => {
    const node = byId.get(id);
    const name = node.callFrame.functionName || '(anonymous)';
    let all = node.own;
    for (const child of node.children ?? []) all += walk(child, new Set([...above, name]));
    const entry = functions.get(name) ?? { own: 0, all: 0 };
    entry.own += node.own;
    // Of a function that calls itself only the outermost call counts.
    if (!above.has(name)) entry.all += all;
    functions.set(name, entry);
    return all;
  };
  walk(nodes[0].id, new Set());
  return functions;
}

const profile = await visit({ name: 'kindling', url }, {
  async body({ page }) {
    const ask = await workerOf(page);
    const run = (count) => page.evaluate(([name, rows, n]) => window[name](rows, n), [task === 'infer' ? 'benchInfer' : 'benchTrain', Number(size), count]);
    await run(Math.ceil(Number(times) / 4));
    await ask('Profiler.enable');
    await ask('Profiler.setSamplingInterval', { interval: MICROSECONDS });
    await ask('Profiler.start');
    const { ms } = await run(Number(times));
    return { ms, ...(await ask('Profiler.stop')).profile };
  },
});

const functions = [...totals(profile)].filter(([name]) => name !== '(idle)' && name !== '(root)');
const whole = functions.reduce((sum, [, { own }]) => sum + own, 0);
const percent = (part) => `${(100 * part / whole).toFixed(1)} %`.padStart(7);
process.stdout.write(`${times} times in ${profile.ms.toFixed(0)} ms\n   self     all\n`);
for (const [name, { own, all }] of functions.toSorted((a, b) => b[1].own - a[1].own).slice(0, Number(lines))) {
  process.stdout.write(`${percent(own)} ${percent(all)}  ${name}\n`);
}
