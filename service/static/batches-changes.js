// Renaming, joining, leaving out: here, and at the service for what it has already.

import { Refused, ask, say, sayRefused } from "./common.js";

const BUSY = new Set(["sending", "waiting"]);
const TRIES = 25;
const AGAIN_AFTER_MS = 400;

/**
 * Have the service forget what came of a file.
 * @throws {Refused}
 */
export async function forget(batchId, uploadId) {
  for (let tried = 1; ; tried += 1) {
    try {
      await ask("DELETE", `/v1/batches/${batchId}/files/${uploadId}`);
      return;
    } catch (error) {
      if (error.status === 404) return;
      // Its last bytes are still being written.
      if (error.problem?.code !== "upload_busy" || tried >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}

export class Changes {
  #model;
  #sender;
  #changed;

  constructor(model, sender, changed) {
    this.#model = model;
    this.#sender = sender;
    this.#changed = changed;
  }

  /** Leave a file out of the batch; false where the service would not. */
  async remove(item, { keepDossier = false } = {}) {
    try {
      await this.#sender.drop(item);
      if (item.uploadId) await forget(this.#model.id, item.uploadId);
    } catch (error) {
      sayRefused(error);
      return false;
    }
    const { dossier } = item;
    this.#model.remove(item);
    if (keepDossier) this.#model.dossierFor(dossier.name);
    this.#changed();
    return true;
  }

  async removeDossier(dossier) {
    for (const item of [...dossier.items]) if (!(await this.remove(item))) return;
  }

  /** Give a dossier another name; what was sent is not sent again. */
  async rename(dossier, name) {
    if (this.#model.dossier(name)) {
      say(`Đợt này đã có hồ sơ tên ${name}.`, "error");
      return;
    }
    if (dossier.items.some((item) => BUSY.has(item.state))) {
      say("Hồ sơ đang gửi: tạm dừng hoặc chờ gửi xong rồi đổi tên.", "error");
      return;
    }
    try {
      for (const item of dossier.items) await this.#moveTo(item, name);
    } catch (error) {
      sayRefused(error);
      return;
    }
    this.#model.rename(dossier, name);
    dossier.loose = false;
    this.#changed();
  }

  /** Make one dossier of the loose files that were not sent yet, under the name of the first. */
  join() {
    const loose = this.#model.dossiers.filter((dossier) => dossier.loose && !dossier.items.some((item) => item.uploadId));
    const [first, ...others] = loose;
    for (const other of others) {
      for (const item of [...other.items]) {
        this.#model.remove(item);
        item.dossier = first;
        first.items.push(item);
      }
    }
    first.loose = false;
    this.#changed();
    say(`Đã gộp thành hồ sơ ${first.name}; bấm Đổi tên để đặt tên khác.`);
  }

  /** Do what the clerk chose for a file that the store holds. */
  async settleKnown(item) {
    if (item.choice === "leave") {
      await this.remove(item);
      return;
    }
    try {
      const { dossier, name: file, sha256 } = item;
      const made = await ask("POST", `/v1/batches/${this.#model.id}/attach`, { dossier_id: dossier.name, file, sha256 });
      Object.assign(item, { state: "stored", uploadId: made.upload_id, sent: item.size });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // What passes may be tried again: the file waits.
      if (!error.status || error.status >= 500) sayRefused(error);
      else Object.assign(item, { state: "failed", problem: error.problem });
    }
    item.queued = false;
    this.#model.changes += 1;
    this.#changed(item.dossier);
  }

  async #moveTo(item, name) {
    if (!item.uploadId) return;
    if (item.state === "stored") {
      const asked = { dossier_id: name, file: item.name, sha256: item.sha256 };
      const made = await ask("POST", `/v1/batches/${this.#model.id}/attach`, asked);
      await forget(this.#model.id, item.uploadId);
      item.uploadId = made.upload_id;
      return;
    }
    // What came of it so far came for the old name.
    await forget(this.#model.id, item.uploadId);
    Object.assign(item, { uploadId: null, sent: 0 });
  }
}
