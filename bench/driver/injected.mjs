// What the driver puts into a page before it starts: a stopwatch to the first step, and counters of WebGPU calls.

/** Calls for the first step as soon as `benchReady` resolves, without waiting for the driver to notice. */
export function timeFirstStep() {
  let ready;
  globalThis.benchTimes = {};
  Object.defineProperty(window, 'benchReady', {
    configurable: true,
    get: () => ready,
    set(promise) {
      ready = promise;
      globalThis.benchTimes.done = promise.then(async () => {
        const readyMs = performance.now();
        await window.benchTrain(32, 1);
        // performance.now() counts from the start of the navigation.
        return { readyMs, firstStepMs: performance.now() };
      });
      globalThis.benchTimes.done.catch(() => {});
    },
  });
}

/** Counts in the page or in a worker; a second call changes nothing. */
export function countGpuCalls() {
  if (globalThis.benchGpuCalls || typeof GPUQueue === 'undefined') return;
  const calls = { dispatches: 0, submits: 0, writes: 0, buffers: 0 };
  globalThis.benchGpuCalls = calls;
  const count = (type, method, counter) => {
    const original = type.prototype[method];
    type.prototype[method] = function counted(...given) {
      calls[counter] += 1;
      return original.apply(this, given);
    };
  };
  count(GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
  count(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', 'dispatches');
  count(GPUQueue, 'submit', 'submits');
  count(GPUQueue, 'writeBuffer', 'writes');
  count(GPUDevice, 'createBuffer', 'buffers');
}
