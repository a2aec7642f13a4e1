// Having a region of the page read again into the field that is open.

import { say, sayRefused } from "../common.js";
import * as api from "./api.js";
import { Region } from "./region.js";

const FRAME_WORDS = "Khung đọc lại: mũi tên dời, Shift và mũi tên đổi cỡ, Enter đọc, Esc thôi.";

export class Rereading {
  /** @param {import("./desk.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.region = new Region(desk.viewer, {
      onRead: (index, box) => this.read(index, box),
      onEnd: () => desk.focus(),
    });
  }

  start() {
    const { review, viewer } = this.desk;
    if (review.view.mode === "second") return say("Nhập lần hai thì tự đọc trên ảnh, không nhờ máy đọc.");
    if (!review.hasInput(review.current)) return say("Mở một trường (F2) rồi mới chọn vùng để đọc.");
    this.desk.keepTyped();
    const { evidence } = review.field(review.current);
    if (this.region.start(evidence?.index === viewer.index ? evidence.box : null)) viewer.words.textContent = FRAME_WORDS;
    return true;
  }

  async read(index, box) {
    const { review, card } = this.desk;
    const name = review.current;
    card.say("Đang đọc vùng đã chọn…", "");
    try {
      const { proposals } = await api.readRegion(this.desk.record, { index, box, field: name });
      if (this.desk.review !== review || review.current !== name) return;
      this.take(name, proposals);
    } catch (error) {
      card.say("", "");
      sayRefused(error);
    }
  }

  take(name, proposals) {
    const { review, card } = this.desk;
    if (!proposals.length) {
      card.say("Máy không đọc ra chữ trong vùng này.", "warn");
      return;
    }
    const digit = review.addProposals(name, proposals);
    card.setProposals(review.proposals(name));
    if (digit > 0) this.desk.settling.pick(digit);
    if (card.isEdited) card.sayHint();
    else card.say("Đọc lại vẫn ra giá trị này.", "good");
    this.desk.heard(`Đọc được: ${proposals[0].shown || proposals[0].text}`);
  }
}
