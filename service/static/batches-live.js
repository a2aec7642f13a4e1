// What happens to a batch, while it happens.

const KINDS = ["started", "checked", "pages", "page", "assembled", "done", "failed"];
const AGAIN_AFTER_MS = 5000;

/**
 * Follow a batch from its first event on. The browser comes again by itself when the line broke, and goes on where it
 * was; where it gives up, it is told to.
 * @param {string} batchId
 * @param {(kind: string, event: object) => void} told
 */
export function follow(batchId, told) {
  const source = new EventSource(`/v1/batches/${batchId}/events`);
  let isOver = false;
  for (const kind of KINDS) {
    source.addEventListener(kind, ({ data }) => {
      if (kind === "done" || kind === "failed") {
        isOver = true;
        source.close();
      }
      told(kind, JSON.parse(data));
    });
  }
  source.addEventListener("error", () => {
    if (isOver || source.readyState !== EventSource.CLOSED) return;
    isOver = true;
    setTimeout(() => told("lost", {}), AGAIN_AFTER_MS);
  });
}
