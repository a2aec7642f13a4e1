// Words and figures of the clerk's page.

const UNITS = ["byte", "kB", "MB", "GB"];

/** A number as people read it: `5.000`. */
export const numberWords = (number) => number.toLocaleString("vi-VN");

/** A size as people read it: `2,4 MB`. */
export function sizeWords(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString("vi-VN", { maximumFractionDigits: value < 10 && unit > 1 ? 1 : 0 })} ${UNITS[unit]}`;
}

/** How long something will take yet, roughly: nobody believes seconds. */
export function remainingWords(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 45) return "còn dưới một phút";
  if (seconds < 5400) return `còn khoảng ${Math.round(seconds / 60)} phút`;
  return `còn khoảng ${Math.round(seconds / 3600)} giờ`;
}

/** A day of an ISO time, in the time of this office: `12/10/2026`. */
export function dayWords(iso) {
  return new Date(iso).toLocaleDateString("vi-VN", { day: "2-digit", month: "2-digit", year: "numeric" });
}

/** An error body as a sentence: where, what, and what to do. */
export function problemWords(problem) {
  const where = [problem.file, problem.page_number && `trang ${problem.page_number}`].filter(Boolean).join(", ");
  return [where && `${where}:`, problem.title, problem.action].filter(Boolean).join(" ");
}

export const STATES = {
  open: ["đang chuẩn bị", "warn"],
  waiting: ["chờ số hóa", ""],
  running: ["đang số hóa", ""],
  done: ["đã số hóa", "good"],
  failed: ["không số hóa được", "bad"],
};

/** True for a file that the store holds, while the clerk may say what is to be done; one that replaces a page is sent. */
export const isHeld = (item) => Boolean(item.known) && item.state === "hashed" && !item.isMeant;

/** True for a file that cannot be used: it is left out, or chosen again. What is no scan was left out already. */
export const isUnusable = (item) => Boolean(item.problem) && !isSkipped(item);

/** True for what lay in an archive and is no scan: nobody has to do anything about it. */
export const isSkipped = (item) => item.problem?.code === "file_skipped";

/** How far one file has got. */
export function itemWords(item, batchState) {
  if (item.problem) return item.problem.title;
  switch (item.state) {
    case "new":
      return "đang kiểm trùng";
    case "hashed":
      return isHeld(item) ? "đã có trong kho" : "chờ gửi";
    case "sending":
      return item.sent >= item.size ? "máy chủ đang lưu" : `đang gửi ${Math.floor((100 * item.sent) / item.size)} %`;
    case "waiting":
      return "mất mạng, đang chờ…";
    case "paused":
      return "tạm dừng";
    case "half":
      return `gửi dở ${Math.floor((100 * item.sent) / item.size)} %`;
    default:
      return pageWords(item, batchState);
  }
}

function pageWords(item, batchState) {
  // Once a batch is being digitised, pages are no longer looked at beforehand.
  if (batchState !== "open" && item.checked.size < (item.pageCount ?? 1)) return "đã gửi";
  if (!item.checked.size) return item.archive ? "đã gửi, đang mở" : "đang kiểm trang";
  const pages = item.pageCount ?? item.checked.size;
  if (item.checked.size < pages) return `đang kiểm trang ${item.checked.size}/${pages}`;
  const again = countPoor([item], "rescan");
  if (again) return `${pages} trang, ${again} trang cần quét lại`;
  const doubtful = countPoor([item], "warn");
  return doubtful ? `${pages} trang, ${doubtful} trang nên xem lại` : `${pages} trang, ${goodWords([item], pages)}`;
}

function goodWords(items, pages) {
  const blank = items.reduce((sum, item) => sum + item.blank.size, 0);
  if (blank === pages) return "chỉ có trang trắng";
  return blank ? `đạt, ${blank} trang trắng` : "đạt";
}

/** True for a dossier that was scanned on the wrong side, as far as can be seen before it is read. */
export function looksBlank(dossier) {
  const scans = dossier.items.filter((item) => !item.problem);
  return scans.length > 0 && scans.every((item) => item.blank.size > 0 && item.blank.size === item.pageCount);
}

/** How many pages of these files have a verdict and were not waved through. */
export function countPoor(items, verdict) {
  let found = 0;
  for (const item of items) for (const page of item.poor.values()) if (page.verdict === verdict && !page.kept) found += 1;
  return found;
}

/** How far one dossier has got: `[words, look]`. */
export function dossierWords(dossier, batchState) {
  const { items } = dossier;
  if (dossier.state) return resultWords(dossier);
  if (batchState === "waiting") return ["chờ số hóa", ""];
  if (batchState === "running" && dossier.pages) {
    return dossier.read < dossier.pages ? [`đang đọc ${dossier.read}/${dossier.pages} trang`, ""] : ["đang tách giấy tờ", ""];
  }
  if (batchState !== "open") return [batchState === "running" ? "chờ đến lượt" : "", ""];
  const of = (...states) => items.filter((item) => states.includes(item.state)).length;
  const unusable = items.filter(isUnusable).length;
  if (unusable) return [`${unusable} tệp không dùng được`, "bad"];
  if (items.length && items.every(isSkipped)) return ["không có bản quét", ""];
  if (of("half")) return [`${of("half")} tệp gửi dở: chọn lại tệp để gửi tiếp`, "warn"];
  if (of("waiting")) return ["mất mạng, đang chờ…", "warn"];
  if (of("paused")) return ["tạm dừng", "warn"];
  const held = items.filter(isHeld).length;
  const unsent = of("new", "hashed", "sending") - held;
  if (held && !unsent) return [`${held} tệp đã có trong kho`, ""];
  if (of("sending") || (unsent && unsent + held < items.length)) return [`đang gửi ${items.length - unsent}/${items.length} tệp`, ""];
  if (unsent) return [of("new") ? "đang kiểm trùng" : "chờ gửi", ""];
  if (looksBlank(dossier)) return ["chỉ có trang trắng: xem lại mặt giấy", "bad"];
  return checkedWords(items.filter((item) => !isSkipped(item)));
}

function checkedWords(items) {
  const pages = items.reduce((sum, item) => sum + (item.pageCount ?? item.checked.size), 0);
  if (items.some((item) => !item.checked.size || item.checked.size < item.pageCount)) return ["đang kiểm trang", ""];
  const again = countPoor(items, "rescan");
  if (again) return [`${again} trang cần quét lại`, "bad"];
  const doubtful = countPoor(items, "warn");
  return doubtful ? [`${pages} trang, ${doubtful} trang nên xem lại`, "warn"] : [`${pages} trang, ${goodWords(items, pages)}`, "good"];
}

function resultWords(dossier) {
  if (dossier.state === "failed") return ["không số hóa được", "bad"];
  if (dossier.state === "erased") return ["đã xóa theo quyết định", ""];
  const waits = dossier.found?.reduce((sum, paper) => sum + paper.open_fields, 0) ?? 0;
  const waiting = waits ? `${waits} trường chờ duyệt` : dossier.toReview ? `${dossier.toReview} giấy tờ chờ duyệt` : "không phải chờ duyệt";
  const words = `đã tách ${dossier.papers} giấy tờ, ${waiting}`;
  return dossier.state === "partial" ? [`thiếu trang: ${words}`, "bad"] : [words, waits || dossier.toReview ? "warn" : "good"];
}
