// The worker's first script: loads the engine that the address names (?engine=cpu or ?engine=gpu) and hands over to it.
// Until the engine says it is ready the page keeps its commands back.
const asked = new URL(self.location.href).searchParams;
const engine = asked.get("engine") === "gpu" ? "gpu" : "cpu";
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
  const { default: init } = await import(`./${engine}/kindling_engine.js`);
  await init();
} catch (error) {
  const message = `The ${engine} engine could not be loaded (${error.message}): reload the page.`;
  self.postMessage(JSON.stringify({
    event: "failed", run: null, request: null,
    error: { message, hint: null, device_lost: true },
  }));
}
