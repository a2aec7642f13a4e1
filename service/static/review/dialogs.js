// Dialogs: the table of keys, and questions that need a reason. Each closes with Escape and gives the focus back.

import { element } from "./elements.js";
import { storedDate } from "./words.js";

export class Dialogs {
  /** @param {HTMLElement} root holds the dialogs `keys`, `reason`, `revoke` and `merge` */
  constructor(root) {
    this.root = root;
  }

  get(name) {
    return this.root.querySelector(`dialog[data-dialog="${name}"]`);
  }

  showKeys() {
    const dialog = this.get("keys");
    dialog.showModal();
    return closed(dialog);
  }

  /**
   * Ask for a reason.
   * @param {{title: string, words: string, button: string, suggestions?: string[]}} question
   * @returns {Promise<string|null>} null where the person thought better of it
   */
  async askReason({ title, words, button, suggestions = [] }) {
    const dialog = this.get("reason");
    const form = dialog.querySelector("form");
    const { reason } = form.elements;
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector(".words").textContent = words;
    dialog.querySelector("button.primary").textContent = button;
    reason.value = "";
    const choose = (text) => {
      reason.value = text;
      reason.focus();
    };
    dialog.querySelector("ol").replaceChildren(
      ...suggestions.map((text, at) =>
        element(
          "li",
          {},
          element(
            "button",
            { type: "button", click: () => choose(text) },
            element("kbd", { text: at + 1 }),
            element("span", { text }),
          ),
        ),
      ),
    );
    const onKey = (event) => {
      const suggestion = suggestions[Number(event.key) - 1];
      if (!suggestion || reason.value || event.isComposing) return;
      event.preventDefault();
      choose(suggestion);
    };
    reason.addEventListener("keydown", onKey);
    dialog.showModal();
    reason.focus();
    const answer = await closed(dialog);
    reason.removeEventListener("keydown", onKey);
    return answer === "yes" ? reason.value.trim() : null;
  }

  /** Ask for the act that takes a paper's force away; null where the person thought better of it. */
  async askRevocation() {
    const dialog = this.get("revoke");
    const form = dialog.querySelector("form");
    const { act_date: date } = form.elements;
    form.reset();
    date.oninput = () => date.setCustomValidity(storedDate(date.value) ? "" : "Nhập ngày có thật, dạng dd/mm/yyyy.");
    date.oninput();
    dialog.showModal();
    if ((await closed(dialog)) !== "yes") return null;
    return { ...Object.fromEntries(new FormData(form)), act_date: storedDate(date.value) };
  }

  /**
   * Have the person choose between own and others' values, field by field.
   * @param {object[]} conflicts each with `field`, `label`, `shown` {yours, theirs, before} and `crop`, the enlarged piece
   *   of the page (null: not known)
   * @param {boolean} isOpen false: the paper is settled by somebody else, there is nothing to choose
   * @returns {Promise<Record<string, "yours"|"theirs">|null>}
   */
  async askMerge(conflicts, isOpen) {
    const dialog = this.get("merge");
    const form = dialog.querySelector("form");
    form.querySelector(".conflicts").replaceChildren(...conflicts.map((conflict) => this.conflict(conflict, isOpen)));
    form.querySelector(".open").hidden = !isOpen;
    form.querySelector(".closed").hidden = isOpen;
    const sets = [...form.querySelectorAll("fieldset")];
    const onKey = (event) => {
      const at = sets.findIndex((set) => set.contains(document.activeElement));
      const choice = isOpen && ["1", "2"].includes(event.key) && at >= 0 ? Number(event.key) - 1 : -1;
      if (choice < 0) return;
      event.preventDefault();
      sets[at].querySelectorAll("input")[choice].checked = true;
      (sets[at + 1]?.querySelector("input") ?? form.querySelector("button.primary")).focus();
    };
    form.addEventListener("keydown", onKey);
    dialog.showModal();
    (sets[0]?.querySelector("input") ?? form.querySelector("button.primary")).focus();
    const answer = await closed(dialog);
    form.removeEventListener("keydown", onKey);
    return answer === "yes" ? Object.fromEntries(new FormData(form)) : null;
  }

  conflict({ field, label, shown, crop }, isOpen) {
    const option = (side, key, words) => {
      const text = shown[side] || "giấy không ghi";
      if (!isOpen) return element("p", {}, element("span", { class: "quiet", text: `${words}: ` }), text);
      return element(
        "label",
        {},
        element("input", { type: "radio", name: field, value: side, required: true }),
        element("kbd", { text: key }),
        element("span", { class: "quiet", text: ` ${words}: ` }),
        element("strong", { text }),
      );
    };
    return element(
      "fieldset",
      {},
      element("legend", { text: label }),
      crop,
      option("yours", "1", "của bạn"),
      option("theirs", "2", "của người kia, đã lưu"),
      element("p", { class: "hint", text: `trước đó: ${shown.before || "chưa có giá trị"}` }),
    );
  }
}

/** Wait until a dialog is closed; gives what it was closed with, "" for Escape. */
function closed(dialog) {
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
