// What the page knows of a batch: dossiers and files, of this browser and of the service, in one.

import { byName } from "./batches-tree.js";

/**
 * One file. `state`: `new` chosen; `hashed`; `sending`, `waiting`, `paused`; `stored`; `failed`; `half`: the service has
 * a part of it, and the file must be chosen again.
 */
export function newItem(dossier, name, size, file = null) {
  return {
    dossier,
    name,
    size,
    file,
    state: "new",
    sent: 0,
    sha256: null,
    uploadId: null,
    problem: null,
    known: null,
    choice: "attach",
    archive: false,
    inside: "",
    pageCount: null,
    checked: new Set(),
    poor: new Map(),
  };
}

export class Model {
  id = null;
  state = "open";
  dossiers = [];
  // Grows with everything of this page that the service took in: what it told before that is out of date.
  changes = 0;
  // What was told of files that this page does not know yet: those of an archive.
  #unclaimed = [];

  get items() {
    return this.dossiers.flatMap((dossier) => dossier.items);
  }

  dossier(name) {
    return this.dossiers.find((dossier) => dossier.name === name);
  }

  /** The dossier of that name, made when there is none. */
  dossierFor(name) {
    const found = this.dossier(name);
    if (found) return found;
    const made = { name, items: [], pages: 0, read: 0, state: null, papers: 0, toReview: 0, problems: [], found: null };
    this.dossiers.push(made);
    this.dossiers.sort(byName);
    return made;
  }

  /** A name like this one that no dossier has. */
  freeName(name) {
    if (!this.dossier(name)) return name;
    let number = 2;
    while (this.dossier(`${name} (${number})`)) number += 1;
    return `${name} (${number})`;
  }

  remove(item) {
    const { dossier } = item;
    this.changes += 1;
    dossier.items = dossier.items.filter((other) => other !== item);
    if (!dossier.items.length) this.dossiers = this.dossiers.filter((other) => other !== dossier);
  }

  /** Take over what the service says of the batch; what this browser is sending stays as it is. */
  merge(view) {
    this.id = view.batch_id;
    this.state = view.state;
    const told = new Set();
    for (const each of view.dossiers) {
      const dossier = this.dossierFor(each.dossier_id);
      dossier.state = each.state;
      [dossier.papers, dossier.toReview] = [each.papers, each.to_review];
      dossier.problems = each.problems;
      if (each.pages > dossier.pages) [dossier.pages, dossier.read] = [each.pages, each.pages_read];
      for (const file of each.files) told.add(this.#mergeFile(dossier, file));
      dossier.items.sort(byName);
    }
    // An archive that was opened is gone: its files are there.
    for (const item of this.items) if (item.state === "stored" && !told.has(item)) this.remove(item);
    this.dossiers = this.dossiers.filter((dossier) => dossier.items.length);
    this.#unclaimed = this.#unclaimed.filter((event) => !checked(this.dossier(event.dossier_id), event));
  }

  get hasUnclaimed() {
    return this.#unclaimed.length > 0;
  }

  #mergeFile(dossier, file) {
    let item = dossier.items.find((other) => (file.upload_id && other.uploadId === file.upload_id) || other.name === file.file);
    if (!item) {
      item = newItem(dossier, file.file, file.size_bytes);
      dossier.items.push(item);
      item.state = "half";
    }
    if (["sending", "waiting", "paused"].includes(item.state) && file.state !== "stored") return item;
    item.uploadId = file.upload_id;
    item.size = file.size_bytes;
    item.problem = file.problem;
    item.sha256 = file.sha256 ?? item.sha256;
    if (file.state === "stored") item.state = "stored";
    else if (file.state === "failed") item.state = "failed";
    else if (!item.file) [item.state, item.sent] = ["half", file.offset_bytes];
    return item;
  }

  /** What reading found of a page that nobody had looked at before. */
  #foundPoor(dossier, page) {
    const item = dossier.items.find((other) => other.name === page.file);
    if (!item || item.poor.has(page.page_number)) return;
    const picture = `/v1/batches/${this.id}/pictures/${item.sha256}/${page.page_number}.webp`;
    notePoor(item, { ...page, picture, verdict: page.quality.verdict }, page.quality);
  }

  /** Take over one event of the service; returns the dossier it is about, or null for the whole batch. */
  happened(kind, event) {
    const dossier = event.dossier_id === undefined ? null : this.dossier(event.dossier_id);
    if (kind === "started") this.state = "running";
    if (kind === "done" || kind === "failed") this.state = kind;
    if (kind === "checked" && !checked(dossier, event)) this.#unclaimed.push(event);
    if (!dossier) return null;
    if (kind === "pages") [dossier.pages, dossier.read] = [event.count ?? 0, event.held ?? 0];
    if (kind === "page") dossier.read = Math.min(dossier.pages, dossier.read + Math.max(event.count ?? 0, 1));
    if (kind === "assembled") {
      [dossier.papers, dossier.toReview] = [event.papers ?? 0, event.to_review ?? 0];
      [dossier.state, dossier.problems] = [event.state ?? null, event.problems ?? []];
      for (const page of event.poor_pages ?? []) this.#foundPoor(dossier, page);
    }
    return dossier;
  }
}

/** Returns false where the file is not known here. */
function checked(dossier, event) {
  const item = dossier?.items.find((other) => other.name === event.file && other.sha256 === event.sha256);
  if (!item) return false;
  item.pageCount = event.count ?? item.pageCount;
  const whole = event.problems?.find((problem) => problem.page_number === undefined);
  if (whole) item.problem = whole;
  for (const page of event.checked ?? []) {
    item.checked.add(page.page_number);
    if (page.verdict === "accept") continue;
    const poor = event.poor_pages?.find((other) => other.page_number === page.page_number);
    notePoor(item, page, poor?.quality);
  }
  return true;
}

function notePoor(item, page, quality) {
  const sides = (quality?.reasons ?? []).map((reason) => reason.side).filter(Boolean);
  item.poor.set(page.page_number, { ...page, sides: [...new Set(sides)], kept: isKept(item, page.page_number) });
}

// What a clerk waved through stays so when the page is loaded again. Digests tell nobody anything.
const keptName = (item, number) => `sohoa-kept/${item.sha256}/${number}`;
const isKept = (item, number) => sessionStorage.getItem(keptName(item, number)) !== null;

export function keepPage(item, number) {
  item.poor.get(number).kept = true;
  sessionStorage.setItem(keptName(item, number), "1");
}
