// The pages of a dossier, grouped in papers: one is current, and has the focus.

import { element } from "../review/elements.js";
import { keyOf, UNKNOWN } from "./arrangement.js";

const STATES = {
  needs_review: ["chờ duyệt", "warn"],
  accepted: ["máy đã nhận", "good"],
  approved: ["đã duyệt", "good"],
  rejected: ["đã loại", "bad"],
  superseded: ["đã được thay thế", ""],
  revoked: ["đã bị thu hồi", "bad"],
};

export class Strip {
  /**
   * @param {HTMLElement} root
   * @param {import("../review/pictures.js").Pictures} pictures
   * @param {{onPage: (key: string) => void}} hooks
   */
  constructor(root, pictures, hooks) {
    this.root = root;
    this.pictures = pictures;
    this.hooks = hooks;
    // Pictures of pages far down are fetched when they come near.
    this.watch = new IntersectionObserver((seen) => seen.forEach((entry) => entry.isIntersecting && this.fill(entry.target)), {
      root,
      rootMargin: "300px",
    });
  }

  async fill(image) {
    this.watch.unobserve(image);
    try {
      image.src = (await this.pictures.get(image.dataset.picture)).src;
    } catch {
      image.alt = "không tải được";
    }
  }

  draw(arrangement, current) {
    this.watch.disconnect();
    const groups = arrangement.groups.filter((group) => group.pages.length);
    this.root.replaceChildren(...groups.map((group) => this.group(arrangement, group, current)));
    for (const image of this.root.querySelectorAll("img")) this.watch.observe(image);
  }

  group(arrangement, group, current) {
    const number = arrangement.papers.indexOf(group) + 1;
    const name = arrangement.nameOf(group);
    const isChanged = arrangement.isChanged(group);
    const isUnknown = !isChanged && group.was?.paper_type === UNKNOWN;
    const [words, kind] = STATES[group.was?.state] ?? [];
    const badge = isChanged ? ["vừa đổi", "warn"] : [words, kind];
    return element(
      "section",
      { class: `paper ${group.kind}${isUnknown ? " unknown" : ""}`, "aria-label": number ? `Giấy tờ ${number}: ${name}` : name },
      element(
        "h2",
        {},
        number ? element("span", { class: "quiet", text: `${number}. ` }) : null,
        element("span", { text: name }),
        badge[0] ? element("span", { class: `badge ${badge[1]}`, text: badge[0] }) : null,
        arrangement.isLocked(group) ? element("span", { class: "quiet locked", text: "đã khóa" }) : null,
      ),
      element("ol", {}, ...group.pages.map((page, at) => this.page(arrangement, { page, at, group, name, current }))),
    );
  }

  page(arrangement, { page, at, group, name, current }) {
    const key = keyOf(page);
    const question = arrangement.questionOf(key);
    const label = `Trang ${page.page_number} tệp ${page.file}, ${name}, ${at + 1}/${group.pages.length}`;
    return element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          "data-page": key,
          tabindex: key === current ? 0 : -1,
          "aria-current": key === current ? "true" : null,
          "aria-label": question ? `${label}. Máy hỏi: ${question.words}` : label,
          click: () => this.hooks.onPage(key),
        },
        element("img", { alt: "", "data-picture": page.picture, draggable: "false" }),
        element("span", { class: "page-number", text: page.page_number }),
        question ? element("span", { class: "asks", "aria-hidden": "true", text: "?" }) : null,
      ),
    );
  }

  button(key) {
    return this.root.querySelector(`[data-page="${key}"]`);
  }

  focus(key) {
    const button = this.button(key);
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "nearest" });
  }
}
