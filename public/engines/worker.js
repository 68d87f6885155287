// The worker's first script: loads the engine that the address names (?engine=cpu or ?engine=gpu) and hands over to it.
// Until the engine says it is ready the page keeps its commands back.
const asked = new URL(self.location.href).searchParams;
const engine = asked.get("engine") === "gpu" ? "gpu" : "cpu";
// The smallest module with f32x4.relaxed_madd in it: whether the browser takes it says which CPU engine it can have.
const fused = asked.get("simd") !== "plain" && WebAssembly.validate(Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // a module
  1, 5, 1, 0x60, 0, 1, 0x7b, // type: nothing to v128
  3, 2, 1, 0, // a function of that type
  10, 19, 1, 17, 0, // its code: three times i8x16.splat(0), then f32x4.relaxed_madd
  0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15, 0xfd, 0x85, 2, 11,
));
const folder = engine === "cpu" && fused ? "cpu-fma" : engine;
// A lock that is held as long as the worker lives: whoever waits for it hears of its end. Pages that are not secure have no locks.
if (navigator.locks && asked.has("life")) {
  await new Promise((held) => {
    navigator.locks.request(asked.get("life"), () => {
      held();
      return new Promise(() => {});
    }).catch(held);
  });
}
try {
  const { default: init } = await import(`./${folder}/kindling_engine.js`);
  await init();
} catch (error) {
  const message = `The ${engine} engine could not be loaded (${error.message}): reload the page.`;
  self.postMessage(JSON.stringify({
    event: "failed", run: null, request: null,
    error: { message, hint: null, device_lost: true },
  }));
}
