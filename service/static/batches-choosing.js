// From chosen files to files that can be sent: arranged, hashed beside the page, asked about.

import { Refused, ask, say, sayRefused } from "./common.js";
import { forget } from "./batches-changes.js";
import { Hasher, asHex } from "./batches-hashing.js";
import { newItem } from "./batches-model.js";
import { UNREADABLE } from "./batches-sending.js";
import { arrange, arrangeNames, isArchive, stemOf } from "./batches-tree.js";
import { pathsIn } from "./batches-zip.js";

const ASKED_AFTER_MS = 250;
const MOST_NAMED = 4;

export class Choosing {
  #model;
  #told;
  #hasher = new Hasher();
  #toAsk = [];
  #timer = 0;

  /**
   * @param {import("./batches-model.js").Model} model
   * @param {{changed: Function, ready: Function, opened: () => Promise<string>}} told `ready(item)`: it may be sent, or
   *   the clerk decides; `opened()`: the batch's identifier, opened when there is none yet
   */
  constructor(model, told) {
    this.#model = model;
    this.#told = told;
  }

  /** Take what was chosen into the batch; returns what was left out and why. */
  async take(chosen) {
    const { dossiers, leftOut } = await arrange(chosen);
    const isLoose = new Set(chosen.filter(({ path }) => path.length === 1).map(({ file }) => file));
    const named = new Set();
    const added = [];
    for (const { name, files } of dossiers) {
      // Two of one name chosen together are two dossiers; the same name again later is more of the first.
      const free = named.has(name) ? this.#model.freeName(name) : name;
      if (free !== name) leftOut.push({ path: name, why: `hai hồ sơ trùng tên, cái sau mang tên ${free}` });
      named.add(free);
      const dossier = this.#model.dossierFor(free);
      for (const { name: file, file: content } of files) {
        const item = this.#itemFor(dossier, file, content);
        if (item) added.push(item);
        else leftOut.push({ path: `${free}/${file}`, why: "hồ sơ đã có tệp mang tên này" });
      }
      dossier.loose = dossier.items.length === 1 && isLoose.has(files[0].file) && !dossier.items[0].archive;
    }
    this.#told.changed();
    this.#open();
    this.#hash(added);
    return leftOut;
  }

  /** Take one file into a dossier, under a name that no other file there has; returns it. */
  takeOne(dossier, file) {
    const taken = new Set(dossier.items.map((item) => item.name));
    let name = file.name.normalize("NFC");
    const ending = name.slice(stemOf(name).length);
    for (let number = 1; taken.has(name); number += 1) {
      name = `${stemOf(file.name)} (quét lại${number > 1 ? ` ${number}` : ""})${ending}`;
    }
    const item = newItem(dossier, name, file.size, file);
    dossier.items.push(item);
    this.#told.changed();
    this.#hash([item]);
    return item;
  }

  /** Ask about hashed files that were not asked about, because the service did not answer. */
  again() {
    this.#ask();
  }

  #itemFor(dossier, name, file) {
    const held = dossier.items.find((item) => item.name === name);
    if (!held) {
      const item = newItem(dossier, name, file.size, file);
      item.archive = isArchive(name);
      dossier.items.push(item);
      return item;
    }
    if (held.state !== "failed" && !(held.state === "half" && held.size === file.size)) return null;
    // The rest of it; whether it is the same file, its hash tells.
    if (held.state === "failed") Object.assign(held, { uploadId: null, sha256: null, sent: 0 });
    Object.assign(held, { file, size: file.size, problem: null, state: "new" });
    return held;
  }

  async #open() {
    try {
      await this.#told.opened();
    } catch (error) {
      if (error instanceof Refused) sayRefused(error);
      else throw error;
    }
  }

  async #hash(items) {
    for (const item of items) {
      if (item.archive) await this.#lookInside(item);
      let digest;
      try {
        digest = asHex(await this.#hasher.digest(item.file));
      } catch {
        Object.assign(item, { state: "failed", problem: UNREADABLE });
        this.#told.changed(item.dossier);
        continue;
      }
      if (item.uploadId && item.sha256 !== digest) await this.#startAnew(item);
      item.sha256 = digest;
      this.#toAsk.push(item);
      clearTimeout(this.#timer);
      // Many small files are asked about together; large ones do not wait for each other.
      this.#timer = setTimeout(() => this.#ask(), ASKED_AFTER_MS);
      if (this.#toAsk.length >= 100) this.#ask();
    }
  }

  async #startAnew(item) {
    await forget(this.#model.id, item.uploadId).catch(() => {});
    Object.assign(item, { uploadId: null, sent: 0 });
  }

  async #lookInside(item) {
    const paths = await pathsIn(item.file).catch(() => null);
    if (!paths) return;
    const dossiers = arrangeNames(paths, item.dossier.name);
    if (!dossiers.length) {
      item.inside = "Trong tệp nén không thấy bản quét nào.";
      this.#told.changed(item.dossier);
      return;
    }
    const names = dossiers.slice(0, MOST_NAMED).map(({ name }) => name).join(", ");
    const more = dossiers.length > MOST_NAMED ? " …" : "";
    const files = dossiers.reduce((sum, { files: inside }) => sum + inside.length, 0);
    item.inside = `Trong tệp nén: ${dossiers.length} hồ sơ, ${files} tệp (${names}${more}); máy chủ sẽ mở ra.`;
    this.#told.changed(item.dossier);
  }

  async #ask() {
    const items = this.#toAsk.splice(0);
    if (!items.length) return;
    let known = [];
    try {
      const batchId = await this.#told.opened();
      const files = items.map((item) => ({ sha256: item.sha256, size_bytes: item.size }));
      ({ known } = await ask("POST", `/v1/batches/${batchId}/known`, { files }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Without an answer they are sent when the line is back; the service recognises what it holds.
      if (error.status) say(`${error.problem.title} ${error.problem.action ?? ""}`, "error");
      if (!this.#model.id) {
        this.#toAsk.unshift(...items);
        return;
      }
    }
    const of = new Map(known.map((each) => [each.sha256, each.dossiers]));
    for (const item of items) {
      // What is half sent goes on, and what was chosen to replace a page is sent.
      item.known = item.uploadId ? null : (of.get(item.sha256) ?? null);
      item.choice = item.known?.some((each) => each.dossier_id === item.dossier.name) ? "leave" : "attach";
      item.state = "hashed";
      this.#told.ready(item);
    }
    this.#told.changed();
  }
}
