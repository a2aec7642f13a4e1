// The bar below: what is going on, and the one thing to do next.

import { Figures } from "./batches-progress.js";
import { countPoor, isHeld, isUnusable, looksBlank, numberWords, remainingWords, sizeWords } from "./batches-words.js";

const UNSENT = new Set(["new", "hashed"]);
const UNDER_WAY = new Set(["sending", "waiting", "paused"]);
const TRIED_AGAIN = "Máy tự thử lại, không cần gửi lại; kéo dài thì báo người quản trị.";
const part = (id) => document.getElementById(id);

export class Deed {
  #figures = new Figures();
  #quarter = 0;
  trouble = null;
  // True while the service cannot be reached: what the bar says of the digitising may be out of date.
  isAway = false;

  /** @param {(words: string) => void} announce tells readers of the screen */
  constructor(announce) {
    this.announce = announce;
  }

  /** The line is away, or back. */
  line(isLost) {
    this.#figures.forget();
    this.trouble = isLost ? "Mất mạng, đang chờ… Có mạng lại thì tự gửi tiếp từ chỗ dở." : null;
    this.announce(this.trouble ?? "Đã có mạng lại, đang gửi tiếp.");
  }

  /** Show how the batch stands now; `poor`: how many pages are shown as to be scanned again. */
  show(model, sender, { isOwn, poor }) {
    const [words, fraction, buttons] =
      model.state === "open" ? this.#open(model, sender) : this.#digitising(model);
    part("deed").hidden = !words;
    if (part("deed-words").textContent !== words) part("deed-words").textContent = words;
    part("deed-progress").hidden = fraction === null;
    if (fraction !== null) part("deed-progress").value = fraction;
    const focused = document.activeElement;
    part("see-rescans").hidden = !poor;
    if (poor) part("see-rescans").textContent = `Xem ${poor} trang cần quét lại`;
    for (const name of ["pause", "send", "submit"]) {
      const wanted = isOwn ? buttons[name] : undefined;
      part(name).hidden = wanted === undefined;
      if (typeof wanted === "string" && part(name).textContent !== wanted) part(name).textContent = wanted;
    }
    // Who pressed a button that made way for another goes on from the bar, not from the top of the page.
    if (focused?.hidden && part("deed").contains(focused)) part("deed").focus({ preventScroll: true });
  }

  #open(model, sender) {
    const { items } = model;
    if (!items.length) return ["", null, {}];
    const unsent = items.filter((item) => UNSENT.has(item.state) && !item.queued);
    const underWay = items.filter((item) => UNDER_WAY.has(item.state) || item.queued);
    const held = unsent.filter(isHeld);
    const toSend = unsent.filter((item) => !held.includes(item));
    const isFirst = items.length === unsent.length;
    const send = toSend.length ? `${isFirst ? "Bắt đầu gửi" : "Gửi tiếp"} ${toSend.length} tệp` : held.length && "Tiếp tục";
    if (sender.paused) return [this.trouble ?? "Đã tạm dừng; phần đã gửi được giữ.", this.#fraction(items), { send: "Gửi tiếp" }];
    if (underWay.length) {
      const buttons = { pause: "Tạm dừng", ...(send ? { send } : {}) };
      return [this.trouble ?? this.#sending(items), this.#fraction(items), buttons];
    }
    if (unsent.length) {
      const bytes = sizeWords(toSend.reduce((sum, item) => sum + item.size, 0));
      const hashing = unsent.filter((item) => item.state === "new").length;
      const note = hashing ? `, đang kiểm trùng ${unsent.length - hashing}/${unsent.length}` : "";
      const sending = toSend.length ? `${toSend.length} tệp, ${bytes} chưa gửi${note}.` : "";
      return [[sending, held.length && `${held.length} tệp đã có trong kho.`].filter(Boolean).join(" "), null, { send }];
    }
    const half = items.filter((item) => item.state === "half").length;
    if (half) return [`${half} tệp gửi dở: chọn lại đúng thư mục hay tệp đó, máy gửi tiếp phần còn lại.`, null, {}];
    return [this.#sent(model), null, { submit: "Gửi số hóa" }];
  }

  #sent(model) {
    const { items } = model;
    const unusable = items.filter(isUnusable).length;
    if (unusable) return `${unusable} tệp không dùng được: bỏ hoặc chọn lại rồi mới gửi số hóa.`;
    const again = countPoor(items, "rescan");
    const empty = model.dossiers.filter(looksBlank);
    if (empty.length) return `${this.#named(empty)} chỉ có trang trắng: xem lại mặt giấy đặt trên máy quét, rồi quét lại.`;
    const pages = again ? `${again} trang cần quét lại.` : this.#checking(items);
    return `Đã gửi đủ ${items.length} tệp, ${model.dossiers.length} hồ sơ. ${pages}`;
  }

  #named([first, ...others]) {
    return `Hồ sơ ${first.name}${others.length ? ` và ${others.length} hồ sơ khác` : ""}`;
  }

  #checking(items) {
    const scans = items.filter((item) => !item.problem);
    if (!scans.some((item) => !item.checked.size || item.checked.size < item.pageCount)) return "Trang nào cũng dùng được.";
    const checked = scans.reduce((sum, item) => sum + item.checked.size, 0);
    return checked ? `Đang kiểm trang, đã xem ${checked} trang…` : "Đang kiểm trang…";
  }

  #sending(items) {
    const { total, sent, seconds } = this.#figures.of(items.filter((item) => item.state !== "failed"));
    const percent = total ? Math.floor((100 * sent) / total) : 100;
    if (Math.floor(percent / 25) > this.#quarter && percent < 100) {
      this.#quarter = Math.floor(percent / 25);
      this.announce(`Đã gửi ${percent} %.`);
    }
    const rest = remainingWords(seconds);
    return `Đang gửi ${percent} %: ${sizeWords(sent)} trên ${sizeWords(total)}${rest ? `, ${rest}` : ""}.`;
  }

  #fraction(items) {
    const total = items.reduce((sum, item) => sum + item.size, 0);
    const sent = items.reduce((sum, item) => sum + (item.state === "stored" ? item.size : Math.min(item.sent, item.size)), 0);
    return total ? sent / total : 1;
  }

  #digitising(model) {
    const [words, fraction, buttons] = this.#asTold(model);
    if (!words || !this.isAway) return [words, fraction, buttons];
    return ["Mất kết nối với máy chủ, đang nối lại… Việc số hóa không mất, máy chủ chạy lại là đi tiếp.", fraction, buttons];
  }

  #asTold(model) {
    if (!["waiting", "running"].includes(model.state)) return ["", null, {}];
    const [problem] = model.problems;
    // What its message asks for is not the clerk's to do.
    if (problem) return [`Chưa số hóa được: ${problem.title} ${TRIED_AGAIN}`, null, {}];
    if (model.state === "waiting") return ["Đã gửi số hóa, đang chờ máy đến lượt. Đóng trang này cũng được.", null, {}];
    const pages = model.dossiers.reduce((sum, dossier) => sum + dossier.pages, 0);
    const read = model.dossiers.reduce((sum, dossier) => sum + dossier.read, 0);
    const over = model.dossiers.filter((dossier) => dossier.state).length;
    const words = `Đang số hóa: ${numberWords(read)}/${numberWords(pages)} trang, xong ${over}/${model.dossiers.length} hồ sơ. Đóng trang này cũng được.`;
    return [pages ? words : "Đang số hóa. Đóng trang này cũng được.", pages ? read / pages : 0, {}];
  }
}
