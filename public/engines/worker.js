// The worker's first script: loads the engine that the address names (?engine=cpu or ?engine=gpu) and hands over to it.
// Until the engine says it is ready the page keeps its commands back.
const engine = new URL(self.location.href).searchParams.get("engine") === "gpu" ? "gpu" : "cpu";
try {
  const { default: init } = await import(`./${engine}/kindling_engine.js`);
  await init();
} catch (error) {
  const message = `The ${engine} engine could not be loaded (${error.message}): reload the page.`;
  self.postMessage(JSON.stringify({
    event: "failed", run: null, request: null,
    error: { message, hint: null, device_lost: true },
  }));
}
