// Asks a worker for SHA-256.

/** The file was moved, changed or taken away since it was chosen. */
export class Unreadable extends Error {}

/** One worker; what is asked first is answered first. */
export class Hasher {
  #worker = new Worker(new URL("./batches-hash-worker.js", import.meta.url), { type: "module" });
  #asked = new Map();
  #next = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data: { id, digest, failed } }) => {
      const { resolve, reject } = this.#asked.get(id);
      this.#asked.delete(id);
      if (failed) reject(new Unreadable(failed));
      else resolve(digest);
    });
  }

  /**
   * @param {Blob} blob
   * @returns {Promise<Uint8Array>} 32 bytes
   * @throws {Unreadable}
   */
  digest(blob) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, blob });
    });
  }
}

export const asHex = (digest) => Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const asBase64 = (digest) => btoa(String.fromCharCode(...digest));
