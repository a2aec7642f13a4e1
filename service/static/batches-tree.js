// What was chosen, as dossiers: the same rules as `sohoa ingest`. A folder with files is a dossier; in a folder of
// folders each is one, and a scan beside them too; a loose file is a dossier of its own.

const NAMED_LIKE_SCANS = /\.(pdf|tiff?|jpe?g|png)$/i;
const ARCHIVE = /\.zip$/i;
const LITTER = new Set(["thumbs.db", "desktop.ini", "__macosx"]);
const NAMELESS = "khong-ten";
// First bytes of each kind of scan, a character for each; `ocr/scan.py` has the sources.
const FIRST_BYTES = [
  /^(II[*+]\0|MM\0[*+])/,
  /^\xff\xd8\xff/,
  /^\x89PNG\r\n\x1a\n/,
  /^RIFF[^]{4}WEBP/,
  /^BM[^]{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/,
  /^[^]{4}ftyp(heic|heix|heim|heis|mif1)/,
  /^[^]{0,1019}%PDF-/,
];
const HEAD_BYTES = 1024;
const order = new Intl.Collator("vi", { numeric: true });

export const byName = (one, other) => order.compare(one.name, other.name);
export const isArchive = (name) => ARCHIVE.test(name);
export const stemOf = (name) => name.replace(/\.[^.]*$/, "").trim() || NAMELESS;

/**
 * Tell dossiers from what was chosen.
 * @param {{path: string[], file: File}[]} chosen each with the folders it lies in and its own name
 * @returns {Promise<{dossiers: {name: string, files: {name: string, file: File}[]}[], leftOut: {path: string, why: string}[]}>}
 *   dossiers in natural order; an archive is a dossier of one file until the service has opened it
 */
export async function arrange(chosen) {
  const leftOut = [];
  const root = { folders: new Map(), files: [] };
  const kept = chosen.filter(({ path }) => !path.some((name) => name.startsWith(".") || LITTER.has(name.toLowerCase())));
  const kinds = await Promise.all(kept.map(({ file }) => whyNot(file)));
  kept.forEach(({ path, file }, position) => {
    const names = path.map((name) => name.normalize("NFC"));
    const folder = names.slice(0, -1).reduce(inner, root);
    // A folder without scans is none, but it is a folder: what lies beside it are dossiers of their own.
    if (kinds[position]) leftOut.push({ path: names.join("/"), why: kinds[position] });
    else folder.files.push({ name: names.at(-1), file });
  });
  const dossiers = [];
  for (const file of root.files) dossiers.push({ name: stemOf(file.name), files: [file] });
  for (const [name, folder] of root.folders) take(folder, name, dossiers);
  return { dossiers: dossiers.sort(byName), leftOut };
}

/** The dossiers among the names in an archive, whose files cannot be looked into: `[{name, files}]`. */
export function arrangeNames(paths, nameless) {
  const root = { folders: new Map(), files: [] };
  for (const path of paths) {
    // An archive in an archive is not opened.
    if (path.some((name) => name.startsWith(".") || LITTER.has(name.toLowerCase())) || isArchive(path.at(-1))) continue;
    path.slice(0, -1).reduce(inner, root).files.push({ name: path.at(-1) });
  }
  const dossiers = [];
  take(root, nameless, dossiers);
  return dossiers.sort(byName);
}

function inner(folder, name) {
  if (!folder.folders.has(name)) folder.folders.set(name, { folders: new Map(), files: [] });
  return folder.folders.get(name);
}

function take(folder, name, dossiers) {
  if (!folder.folders.size) {
    if (folder.files.length) dossiers.push({ name: name.trim() || NAMELESS, files: folder.files.sort(byName) });
    return;
  }
  for (const file of folder.files) dossiers.push({ name: stemOf(file.name), files: [file] });
  for (const [each, below] of folder.folders) take(below, each, dossiers);
}

/** Why a file is left out, or null for a scan and an archive. */
async function whyNot(file) {
  if (file.size === 0) return "tệp rỗng";
  if (NAMED_LIKE_SCANS.test(file.name) || isArchive(file.name)) return null;
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const head = String.fromCharCode(...bytes);
  return FIRST_BYTES.some((pattern) => pattern.test(head)) ? null : "không phải bản quét";
}

/** What an `<input type=file>` holds. */
export function chosenIn(input) {
  return Array.from(input.files, (file) => ({ path: (file.webkitRelativePath || file.name).split("/"), file }));
}

/** What was dropped, folders looked into. Call it while the event is handled: later the browser gives nothing. */
export async function droppedIn(transfer) {
  const items = Array.from(transfer.items).filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
  const found = [];
  for (const entry of entries) await collect(entry, [], found);
  return found;
}

async function collect(entry, folders, found) {
  if (entry instanceof File) {
    found.push({ path: [entry.name], file: entry });
  } else if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: [...folders, entry.name], file });
  } else {
    const reader = entry.createReader();
    for (;;) {
      // A hundred at a time, until there is none left.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const each of some) await collect(each, [...folders, entry.name], found);
    }
  }
}
