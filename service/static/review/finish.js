// What becomes of the paper as a whole: approved, rejected, opened again, revoked; and how much is still to do.

import { Refused, say, sayRefused } from "../common.js";
import * as api from "./api.js";
import { element } from "./elements.js";
import { SUMMARY } from "./model.js";

const RETRY_MS = 4000;
const APPROVE_WORDS = { review: "Duyệt", second: "Gửi lần nhập hai", adjudicate: "Phân xử và duyệt" };
const REJECT_REASONS = [
  "quét nhầm giấy",
  "ảnh không đọc được, phải quét lại",
  "trùng với giấy tờ đã có",
  "không thuộc hồ sơ này",
];

export class Finish {
  /**
   * @param {HTMLElement} root the panel under the fields
   * @param {import("./dialogs.js").Dialogs} dialogs
   * @param {{onDone: () => Promise<void>, onLost: (problem: object) => void}} hooks
   */
  constructor(root, dialogs, hooks) {
    this.root = root;
    this.dialogs = dialogs;
    this.hooks = hooks;
    this.busy = false;
    this.part = (name) => root.querySelector(`.${name}`);
    this.savedBox = document.querySelector("#saved");
  }

  /** Another paper is laid on the desk. */
  open(desk) {
    this.busy = false;
    const { view } = desk.review;
    const past = this.part("history");
    past.hidden = !(desk.review.isReadOnly && desk.isDecided);
    past.open = false;
    past.querySelector("div").replaceChildren();
    past.ontoggle = () => past.open && showHistory(past.querySelector("div"), view.record_id);
    const failed = view.checks.filter((check) => !check.passed);
    const passed = view.checks.length - failed.length;
    this.part("checks").replaceChildren(...failed.map((check) => element("li", { text: `Không đạt: ${check.words}` })));
    this.part("passed").textContent = passed ? `✓ ${passed} kiểm tra đạt` : "";
  }

  update(desk) {
    const { review } = desk;
    const { view } = review;
    const all = review.doubtful.length;
    const left = review.waiting.length;
    const isRead = review.isReadOnly;
    const bar = this.part("done");
    bar.hidden = isRead || all === 0;
    bar.max = all;
    bar.value = all - left;
    this.part("standing").textContent = isRead ? readWords(view) : standingWords(view, all, left);
    const approve = this.part("approve");
    approve.hidden = isRead || (view.fields.length === 0 && view.mode === "review");
    approve.firstChild.textContent = `${APPROVE_WORDS[view.mode] ?? ""} `;
    approve.classList.toggle("primary", left === 0);
    approve.querySelector("kbd").textContent = review.current === SUMMARY ? "Enter" : "Ctrl Enter";
    this.part("split").hidden = isRead || view.fields.length > 0;
    this.part("next").hidden = !isRead;
    for (const button of this.root.querySelectorAll("[data-states]"))
      button.hidden = !(desk.isDecided && button.dataset.states.split(" ").includes(view.state));
    this.root.classList.toggle("ready", review.current === SUMMARY && !approve.hidden);
  }

  focus() {
    const first = [...this.root.querySelectorAll("button")].find((button) => !button.hidden);
    first?.focus({ preventScroll: true });
  }

  saved(words, state) {
    this.savedBox.textContent = words;
    this.savedBox.className = `saved ${state ?? ""}`;
  }

  /** Sign the paper off; a cut line is waited out. */
  async approve(desk) {
    if (this.busy) return;
    this.busy = true;
    const { review, record } = desk;
    // No draft may arrive after the paper is settled.
    await desk.drafts.sending;
    try {
      while (desk.review === review) {
        try {
          const answer = await api.settle(record, { ...review.draft, token: desk.leases.token, approve: true });
          await this.done(desk, doneWords(review, answer));
          return;
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          if (error.status !== 0 && error.status < 500) return await this.refused(desk, error);
          this.saved("mất mạng, chưa gửi", "waiting");
          this.part("standing").textContent = "Mất liên lạc: sẽ gửi ngay khi có mạng. Xin giữ trang này mở.";
          await online(RETRY_MS);
        }
      }
    } finally {
      this.busy = false;
      if (desk.review === review) this.update(desk);
    }
  }

  async done(desk, words) {
    desk.drafts.forget();
    desk.leases.forget(desk.record);
    say(words);
    await this.hooks.onDone();
  }

  async refused(desk, error) {
    const { code, fields, field, current } = error.problem;
    if (code === "record_changed" && current) await this.merge(desk, error.problem);
    else if (code === "task_lost" || code === "task_taken") this.hooks.onLost(error.problem);
    else if (code === "second_keying_needed") await this.done(desk, "Đã gửi. Giấy tờ này chờ người khác nhập lần hai.");
    else if (fields) this.sendBack(desk, fields);
    else {
      const name = field?.split(", ").find((each) => desk.review.field(each));
      if (name && desk.review.field(name).needs_person) desk.goTo(name);
      sayRefused(error);
    }
  }

  /** Lead to the fields whose values are refused. */
  sendBack(desk, fields) {
    const { review } = desk;
    for (const name of Object.keys(fields)) review.unsettle(name, review.entries.get(name)?.value ?? "");
    const [name, words] = Object.entries(fields)[0];
    desk.keep();
    desk.goTo(name);
    desk.card.refuse(words);
  }

  /** Somebody else saved meanwhile: bring both together, field by field. */
  async merge(desk, { current, conflicts }) {
    const { review } = desk;
    const isOpen = current.mode !== "read";
    const labelled = conflicts.map((conflict) => ({
      ...conflict,
      label: review.field(conflict.field)?.label ?? "",
      crop: desk.cropOf(conflict.field),
    }));
    const chosen = conflicts.length || !isOpen ? await this.dialogs.askMerge(labelled, isOpen) : {};
    if (chosen === null) return;
    if (!isOpen) {
      await this.done(desk, "Giấy tờ này đã được người khác giải quyết.");
      return;
    }
    review.rebase(current, chosen);
    desk.list.open(review);
    this.open(desk);
    desk.keep();
    desk.show();
    const words = "Người khác vừa lưu giấy tờ này; phần của bạn đã được gộp. Xem lại rồi duyệt.";
    say(words, "warn");
    desk.heard(words);
  }

  async reject(desk) {
    if (desk.review.isReadOnly || this.busy) return;
    const { record, review } = desk;
    const reason = await this.dialogs.askReason({
      title: "Loại bỏ giấy tờ này",
      words: "Giấy tờ bị loại sẽ không được dùng. Bản quét vẫn được giữ. Sai loại hoặc tách nhầm giấy thì không loại: dùng “Sai loại, sai tách”.",
      button: "Loại bỏ",
      suggestions: REJECT_REASONS,
    });
    if (!reason) return desk.focus();
    return this.decide(desk, async () => {
      await api.reject(record, { revision: review.revision, token: desk.leases.token, reason });
      await this.done(desk, "Đã loại bỏ giấy tờ.");
    });
  }

  async reopen(desk) {
    const { record, review } = desk;
    const reason = await this.dialogs.askReason({
      title: "Mở lại để xem",
      words: "Giấy tờ sẽ chờ người xem trở lại; hệ thống khác không dùng được cho tới khi duyệt lại.",
      button: "Mở lại",
    });
    if (!reason) return;
    await this.decide(desk, async () => {
      await api.reopen(record, { revision: review.revision, reason });
      location.reload();
    });
  }

  async revoke(desk) {
    const act = await this.dialogs.askRevocation();
    if (!act) return;
    await this.decide(desk, async () => {
      await api.revoke(desk.record, { revision: desk.review.revision, ...act });
      location.reload();
    });
  }

  async decide(desk, act) {
    this.busy = true;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.problem.code === "task_lost") this.hooks.onLost(error.problem);
      else sayRefused(error);
    } finally {
      this.busy = false;
    }
  }
}

/** Fetch the history once it is asked for: it is made by the service as a table. */
async function showHistory(box, record) {
  const response = await fetch(`/tasks/${record}/history`, { headers: { Accept: "text/html" } });
  if (response.ok) box.innerHTML = await response.text();
  else box.textContent = "Chưa xem được lịch sử. Thử lại sau.";
}

function standingWords(view, all, left) {
  if (view.fields.length === 0) return "Máy không nhận ra loại giấy tờ này: chọn loại, hoặc loại bỏ nếu quét nhầm.";
  if (all === 0) return "Mọi trường đã được nhận. Xem ảnh, loại giấy và chỗ tách rồi duyệt.";
  if (left === 0) return view.mode === "second" ? `Đã nhập ${all} trường.` : `Đã xem ${all}/${all} trường.`;
  return `Còn ${left}/${all} trường.`;
}

const STATE_WORDS = {
  needs_review: "Chỉ xem.",
  accepted: "Máy đã nhận.",
  approved: "Đã duyệt.",
  rejected: "Đã loại.",
  superseded: "Đã được thay thế.",
  revoked: "Đã bị thu hồi.",
};

function readWords(view) {
  if (view.waits_for === "second_keying") return "Chờ người khác nhập lần hai.";
  if (view.waits_for === "adjudication") return "Hai người nhập khác nhau: chờ phụ trách phân xử.";
  return STATE_WORDS[view.state] ?? "Chỉ xem.";
}

function doneWords(review, answer) {
  const name = review.view.paper_type_name;
  if (answer.second_keying.length) return `Đã lưu ${name}. Còn ${answer.second_keying.length} trường quan trọng chờ người khác nhập lần hai.`;
  if (answer.adjudication.length) return `Đã lưu ${name}. Hai lần nhập khác nhau: chờ phụ trách phân xử.`;
  return `Đã duyệt: ${name}.`;
}

/** Wait until the line is back, or a while. */
function online(most) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, most);
    window.addEventListener(
      "online",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
