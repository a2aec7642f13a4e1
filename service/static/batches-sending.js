// Sends files by tus 1.0: three at a time, in parts that are checked on arrival, going on where the line broke off.

import { csrfToken } from "./common.js";
import { Hasher, Unreadable, asBase64 } from "./batches-hashing.js";

const AT_ONCE = 3;
const PART_BYTES = 1024 * 1024;
// Between one try and the next, the longer the more often nothing came through.
const PAUSES_MS = [500, 1000, 2000, 5000, 10000, 20000, 30000];
// A line that broke does not always say so. The service may store a large file for minutes once all of it came.
const LONGEST_SILENCE_MS = 45_000;
const LONGEST_STORING_MS = 600_000;
const WATCH_EVERY_MS = 5000;
const MOST_CORRUPT = 3;
// What passes by itself, or by asking how far the service got.
const PASSING = new Set(["upload_out_of_step", "upload_busy", "upload_corrupt", "request_under_way", "too_many_requests"]);

/** What keeps a file from being sent. `problem` is the service's error body, null when it did not answer. */
class Halt extends Error {
  constructor(status, problem) {
    super(problem?.code ?? "no_answer");
    this.status = status;
    this.problem = problem;
  }
}

/** Stands for the library's own way of asking: a part travels with its checksum. */
class CheckedStack {
  #inner = new tus.DefaultHttpStack({});
  #hasher = new Hasher();

  getName() {
    return "checked";
  }

  createRequest(method, url) {
    const request = this.#inner.createRequest(method, url);
    if (method !== "PATCH") return request;
    const send = request.send.bind(request);
    const abort = request.abort.bind(request);
    let isAborted = false;
    request.abort = () => {
      isAborted = true;
      return abort();
    };
    request.send = async (part) => {
      const digest = part ? await this.#hasher.digest(part) : null;
      // Stopped meanwhile, it would go out without its headers. As with the library's own, nothing is heard of it again.
      if (isAborted) return new Promise(() => {});
      if (digest) request.setHeader("Upload-Checksum", `sha256 ${asBase64(digest)}`);
      return send(part);
    };
    return request;
  }
}

/**
 * The queue. `told` has what the page does: `moved(item)`, `stored(item)`, `failed(item)`, `line(isLost)`, `signedOut()`.
 * An item has `file`, `name`, `dossier.name`, `sha256`, `uploadId`; `state` and `sent` are set here.
 */
export class Sender {
  #told;
  #batchId = null;
  #stack = new CheckedStack();
  #queue = [];
  #active = new Map();
  #wakers = new Set();
  #lost = false;
  paused = false;

  constructor(told) {
    this.#told = told;
    window.addEventListener("online", () => this.#wake());
    setInterval(() => this.#watch(), WATCH_EVERY_MS);
  }

  set batchId(batchId) {
    this.#batchId = batchId;
  }

  /** True when other files than this one are under way or wait. */
  isBusyWithout(item) {
    return this.#queue.length > 0 || [...this.#active.keys()].some((other) => other !== item);
  }

  add(item) {
    if (this.#queue.includes(item) || this.#active.has(item)) return;
    this.#queue.push(item);
    this.#fill();
  }

  /** Stop for now; what came stays there. */
  async pause() {
    this.paused = true;
    for (const [item, sending] of this.#active) sending.stop(new Halt(0, { code: "paused" }), item);
    this.#wake();
  }

  resume() {
    this.paused = false;
    this.#fill();
  }

  /** Leave a file out; returns when nothing of it is under way. */
  async drop(item) {
    this.#queue = this.#queue.filter((other) => other !== item);
    const sending = this.#active.get(item);
    if (!sending) return;
    sending.stop(new Halt(0, { code: "dropped" }), item);
    this.#wake();
    await sending.ended;
  }

  #fill() {
    while (!this.paused && this.#active.size < AT_ONCE && this.#queue.length) {
      const item = this.#queue.shift();
      const sending = { upload: null, stop: () => {}, movedAt: Date.now(), halted: null };
      this.#active.set(item, sending);
      sending.ended = this.#send(item, sending).finally(() => {
        this.#active.delete(item);
        this.#fill();
      });
    }
  }

  async #send(item, sending) {
    let inVain = 0;
    let corrupt = 0;
    for (;;) {
      const before = item.sent;
      this.#move(item, "sending");
      try {
        await this.#once(item, sending);
        this.#line(false);
        item.state = "stored";
        this.#told.stored(item);
        return;
      } catch (halt) {
        const code = halt.problem?.code;
        if (!(halt instanceof Halt)) throw halt;
        if (code === "dropped") return;
        if (code === "paused") return this.#putBack(item, "paused");
        if (halt.status === 401 || code === "request_forged") {
          this.paused = true;
          this.#putBack(item, "paused");
          this.#told.signedOut();
          return;
        }
        if (code === "upload_corrupt" || halt.status === 460) corrupt += 1;
        const passes = (!halt.status && !halt.problem) || halt.status >= 500 || halt.status === 408 || PASSING.has(code) || halt.status === 460;
        if (!passes || corrupt > MOST_CORRUPT) {
          item.state = "failed";
          item.problem = halt.problem ?? { title: `Máy chủ trả lời lỗi ${halt.status}.`, action: "Gửi lại tệp này." };
          this.#told.failed(item);
          return;
        }
        inVain = item.sent > before ? 0 : inVain + 1;
        if (!halt.status || halt.status >= 500) {
          this.#line(true);
          this.#move(item, "waiting");
        }
        await this.#rest(PAUSES_MS[Math.min(inVain, PAUSES_MS.length - 1)]);
        if (sending.halted) {
          if (sending.halted.problem.code === "paused") this.#putBack(item, "paused");
          return;
        }
      }
    }
  }

  /** One try: asks how far the service got, and sends from there. */
  #once(item, sending) {
    return new Promise((resolve, reject) => {
      const upload = (sending.upload ??= new tus.Upload(item.file, {
        endpoint: "/v1/uploads",
        uploadUrl: item.uploadId ? `/v1/uploads/${item.uploadId}` : null,
        chunkSize: PART_BYTES,
        retryDelays: null,
        // Names of files may be names of persons: the service knows what is half sent, the browser keeps nothing.
        storeFingerprintForResuming: false,
        httpStack: this.#stack,
        metadata: { batch_id: this.#batchId, dossier_id: item.dossier.name, file: item.name, sha256: item.sha256 },
      }));
      sending.stop = (halt, of) => {
        sending.halted = halt;
        upload.abort().catch(() => {});
        if (of.state !== "stored") reject(halt);
      };
      sending.silent = () => {
        upload.abort().catch(() => {});
        reject(new Halt(0, null));
      };
      Object.assign(upload.options, {
        headers: { "X-CSRF-Token": csrfToken() },
        onUploadUrlAvailable: () => {
          item.uploadId = upload.url.split("/").pop();
        },
        onProgress: (sent) => {
          sending.movedAt = Date.now();
          if (sent !== item.sent) this.#line(false);
          item.sent = sent;
          this.#move(item, "sending");
        },
        onSuccess: () => resolve(),
        onError: (error) => reject(haltOf(error)),
      });
      sending.movedAt = Date.now();
      upload.start();
    });
  }

  #putBack(item, state) {
    this.#move(item, state);
    this.#queue.unshift(item);
  }

  #move(item, state) {
    item.state = state;
    this.#told.moved(item);
  }

  #line(isLost) {
    if (this.#lost === isLost) return;
    this.#lost = isLost;
    this.#told.line(isLost);
    if (!isLost) this.#wake();
  }

  #rest(milliseconds) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#wakers.add(wake);
    });
  }

  #wake() {
    for (const wake of [...this.#wakers]) wake();
  }

  #watch() {
    for (const [item, sending] of this.#active) {
      const longest = item.sent >= item.size ? LONGEST_STORING_MS : LONGEST_SILENCE_MS;
      if (item.state === "sending" && Date.now() - sending.movedAt > longest) sending.silent?.();
    }
  }
}

export const UNREADABLE = {
  code: "unreadable",
  title: "Không đọc được tệp này trên máy.",
  action: "Tệp đã bị đổi, chuyển hay rút khỏi máy; chọn lại tệp.",
};

function haltOf(error) {
  const response = error.originalResponse;
  if (!response) return new Halt(0, !error.originalRequest || error.causingError instanceof Unreadable ? UNREADABLE : null);
  let problem = null;
  try {
    problem = JSON.parse(response.getBody());
  } catch {
    problem = null;
  }
  return new Halt(response.getStatus(), problem);
}
