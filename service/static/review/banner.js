// What stands above the paper when it is not the person's to settle: somebody else has it.

import { hour } from "./words.js";

export class Banner {
  /**
   * @param {HTMLElement} root
   * @param {{onRetry: () => void, onSkip: () => void}} hooks
   */
  constructor(root, hooks) {
    this.root = root;
    this.words = root.querySelector(".words");
    this.retry = root.querySelector('[data-choice="retry"]');
    this.skip = root.querySelector('[data-choice="skip"]');
    this.retry.addEventListener("click", () => hooks.onRetry());
    this.skip.addEventListener("click", () => hooks.onSkip());
  }

  /** The paper could not be taken: somebody holds it. */
  taken(problem) {
    this.show(`${whoHolds(problem)} Bạn chỉ xem được.`, "Thử lại", this.skip);
  }

  /** The paper was lost while it was worked on. */
  lost(problem) {
    this.show(`${whoHolds(problem)} Phần bạn nhập vẫn được giữ.`, "Lấy lại", this.retry);
  }

  show(words, retry, first) {
    this.words.textContent = words;
    this.retry.textContent = retry;
    this.root.hidden = false;
    first.focus();
  }

  hide() {
    this.root.hidden = true;
  }
}

function whoHolds({ title, holder, is_own: isOwn, until }) {
  if (isOwn) return `Bạn đang mở giấy tờ này ở thẻ hay máy khác, chỗ ấy giữ đến ${hour(until)}.`;
  return holder ? `${holder} đang giữ giấy tờ này, đến ${hour(until)}.` : title;
}
