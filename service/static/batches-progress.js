// How much of what is to be sent was sent, and how long the rest will take.

const WINDOW_MS = 20_000;

/** Figures over all files of a batch. */
export class Figures {
  #seen = [];

  /** @param {{size: number, sent: number, state: string}[]} items those that are sent, or to be sent */
  of(items) {
    let total = 0;
    let sent = 0;
    for (const item of items) {
      total += item.size;
      sent += item.state === "stored" ? item.size : Math.min(item.sent, item.size);
    }
    const now = performance.now();
    this.#seen.push([now, sent]);
    while (this.#seen.length > 2 && now - this.#seen[0][0] > WINDOW_MS) this.#seen.shift();
    const [first, sentThen] = this.#seen[0];
    const rate = now - first > 1000 ? (1000 * (sent - sentThen)) / (now - first) : 0;
    return { total, sent, seconds: rate > 0 ? (total - sent) / rate : Number.NaN };
  }

  /** A line that was away tells nothing about how fast it is. */
  forget() {
    this.#seen = [];
  }
}
