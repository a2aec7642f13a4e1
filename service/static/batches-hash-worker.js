// SHA-256 of files and parts of files, beside the page: browsers offer their own on HTTPS alone, and of whole buffers.

import { sha256 } from "./vendor/noble-hashes-2.4.0/sha2.js";

const AT_A_TIME_BYTES = 4 * 1024 * 1024;

self.addEventListener("message", async ({ data: { id, blob } }) => {
  try {
    const hash = sha256.create();
    for (let start = 0; start < blob.size; start += AT_A_TIME_BYTES) {
      hash.update(new Uint8Array(await blob.slice(start, start + AT_A_TIME_BYTES).arrayBuffer()));
    }
    self.postMessage({ id, digest: hash.digest() });
  } catch (error) {
    // The file was moved or changed since it was chosen.
    self.postMessage({ id, failed: String(error) });
  }
});
