// What the service says of a batch: as it stands, and what happens to it while it happens.

import { ask } from "./common.js";

const KINDS = ["started", "checked", "pages", "page", "assembled", "delayed", "done", "failed"];
const AGAIN_AFTER_MS = 5000;

/** Yield the batch as it stands, one portion of its files after another. */
export async function* portionsOf(batchId) {
  let cursor = null;
  do {
    const from = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const view = await ask("GET", `/v1/batches/${batchId}${from}`);
    yield view;
    cursor = view.next;
  } while (cursor !== null);
}

/**
 * Follow a batch. The browser comes again by itself when the line broke, and goes on where it was; where it gives up, it
 * is told to. Beside the events of the batch it tells `away` and `back`, of the service.
 * @param {string} batchId
 * @param {number} after the number of the last event that is known
 * @param {(kind: string, event: object, seq: number) => void} told with the number of the event
 */
export function follow(batchId, after, told) {
  const source = new EventSource(`/v1/batches/${batchId}/events?after=${after}`);
  let isOver = false;
  for (const kind of KINDS) {
    source.addEventListener(kind, ({ data, lastEventId }) => {
      if (kind === "done" || kind === "failed") {
        isOver = true;
        source.close();
      }
      told(kind, JSON.parse(data), Number(lastEventId));
    });
  }
  source.addEventListener("open", () => told("back", {}));
  source.addEventListener("error", () => {
    if (!isOver) told("away", {});
    if (isOver || source.readyState !== EventSource.CLOSED) return;
    isOver = true;
    setTimeout(() => told("lost", {}), AGAIN_AFTER_MS);
  });
}
