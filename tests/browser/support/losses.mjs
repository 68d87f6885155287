// Ways to lose an engine or its GPU, as a visitor's machine might.

/** The worker of an engine, `cpu` or `gpu`: the newest, for a lost one is replaced. */
export function worker(page, engine) {
  const all = page.workers().filter((one) => one.url().includes(`engine=${engine}`));
  return all.at(-1);
}

/** Ends an engine: an error that nothing in its worker catches. */
export async function crash(page, engine) {
  await worker(page, engine).evaluate(() => { setTimeout(() => { throw new RangeError('out of memory'); }); });
}

/** An engine is gone without a word: no message, no error. */
export async function vanish(page, engine) {
  await worker(page, engine).evaluate(() => { setTimeout(() => { self.close(); }); });
}

/** An engine hears nothing for a while, as in a kernel that takes too long. */
export async function hold(page, engine, milliseconds) {
  await worker(page, engine).evaluate((long) => {
    setTimeout(() => {
      const until = performance.now() + long;
      while (performance.now() < until);
    });
  }, milliseconds);
}

/** Has every GPU engine of the page keep its devices in reach, so that `loseGpu` can take them away. */
export function keepDevices(page) {
  page.on('worker', async (one) => {
    if (!one.url().includes('engine=gpu')) return;
    await one.evaluate(() => {
      self.keptDevices = [];
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function kept(...wanted) {
        const device = await request.apply(this, wanted);
        self.keptDevices.push(device);
        return device;
      };
    });
  });
}

/** The GPU is gone: its devices are lost. Gives how many there were. */
export async function loseGpu(page) {
  return worker(page, 'gpu').evaluate(() => {
    for (const device of self.keptDevices) device.destroy();
    return self.keptDevices.length;
  });
}
