// Sentences that are made from values. No DOM.

const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];

/** Return a stored date in words, `thứ Ba, ngày 19 tháng 3 năm 2019`; "" for what is none. */
export function dateInWords(value) {
  const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(value ?? "");
  if (!found) return "";
  const [, year, month, day] = found;
  if (!month) return `năm ${year}`;
  if (!day) return `tháng ${Number(month)} năm ${year}`;
  const weekday = WEEKDAYS[new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay()];
  return `${weekday}, ngày ${Number(day)} tháng ${Number(month)} năm ${year}`;
}

/** Return a date as it is stored, of one written day first, `19/3/2019` or `19032019`; null for what is none. */
export function storedDate(text) {
  const clean = text.trim();
  const found = /^(\d{1,2})[/.-](\d{1,2})[/.-]([12]\d{3})$/.exec(clean) ?? /^(\d\d)(\d\d)([12]\d{3})$/.exec(clean);
  if (!found) return null;
  const [day, month, year] = found.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : null;
}

/** Return what the machine understood of a text, as a sentence; "" where that goes without saying. */
export function understood(field, text, answer) {
  if (answer.value === null) return "";
  const inWords = field.hint === "dd/mm/yyyy" ? dateInWords(answer.value) : "";
  const reads = inWords || (answer.shown === text.trim() ? "" : answer.shown.replaceAll("\n", ", "));
  return [reads, answer.place && `nay thuộc ${answer.place}`].filter(Boolean).join("; ");
}

/** Return why a field waits, as one sentence. */
export function doubtSentence(field, mode) {
  if (mode === "second") return "Nhập lần hai: gõ đúng như trên giấy. Giá trị người trước nhập không hiện ở đây.";
  if (mode === "adjudicate") return "Hai người nhập khác nhau. Xem ảnh rồi chọn, hoặc gõ giá trị đúng.";
  if (!field.needs_person) return field.decided_by_words ? `${capital(field.decided_by_words)}.` : "";
  const reasons = field.doubts.length ? field.doubts : ["cần người xem"];
  return `${capital(reasons.join("; "))}.`;
}

export function capital(text) {
  return text ? text[0].toUpperCase() + text.slice(1) : "";
}

/** Return what a reader is called: names of programs and models mean nothing to who reads the page. */
export function readerName(reader) {
  if (/^tesseract/i.test(reader)) return "bộ đọc trang";
  return /\d/.test(reader) ? "bộ đọc dòng" : reader;
}

/** Return the hour of a moment in Viet Nam, `14:05`. */
export function hour(iso) {
  return new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", timeStyle: "short" }).format(new Date(iso));
}
