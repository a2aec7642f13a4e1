// Pages to be scanned again: at once, with the picture, why in words, and where the fault is.

const SIDES = { left: "trái", top: "trên", right: "phải", bottom: "dưới" };

function button(words, act, className = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.className = className;
  made.addEventListener("click", act);
  return made;
}

export class Rescans {
  #section = document.getElementById("rescans");
  #heading = document.getElementById("rescans-heading");
  #list = document.getElementById("rescan-list");
  #acts;
  #shown = new Map();

  /** @param {{replace: Function, add: Function, keep: Function, mayChange: Function}} acts */
  constructor(acts) {
    this.#acts = acts;
  }

  /** Show what is asked for now: `[{item, number, page}]`. Returns how many are new. */
  show(wanted) {
    const keys = new Map(wanted.map((each) => [`${each.item.sha256}/${each.number}/${each.item.dossier.name}`, each]));
    for (const [key, place] of this.#shown) {
      if (keys.has(key)) continue;
      const hadFocus = place.contains(document.activeElement);
      place.remove();
      this.#shown.delete(key);
      if (hadFocus) this.#heading.focus();
    }
    this.#section.classList.toggle("sent", !this.#acts.mayChange());
    let found = 0;
    for (const [key, each] of keys) {
      if (this.#shown.has(key)) continue;
      const place = this.#make(each);
      this.#shown.set(key, place);
      this.#list.append(place);
      found += 1;
    }
    this.#section.hidden = !this.#shown.size;
    const words = `Cần quét lại ${this.#shown.size} trang`;
    if (this.#shown.size && this.#heading.textContent !== words) this.#heading.textContent = words;
    return found;
  }

  /** What may be done has changed: the batch was sent off. */
  again(wanted) {
    for (const place of this.#shown.values()) place.remove();
    this.#shown.clear();
    this.show(wanted);
  }

  #make({ item, number, page }) {
    const place = document.createElement("article");
    place.className = "rescan";
    const title = document.createElement("h3");
    title.textContent = `${item.dossier.name}: ${item.name}, trang ${number}`;
    const why = document.createElement("p");
    why.className = "why";
    why.textContent = `${page.words[0].toUpperCase()}${page.words.slice(1)}.`;
    const words = document.createElement("div");
    words.className = "words";
    words.append(title, why, this.#deeds(item, number, page));
    place.append(this.#picture(item, number, page), words);
    return place;
  }

  #picture(item, number, page) {
    const frame = document.createElement("a");
    frame.className = ["picture", ...page.sides.map((side) => `cut-${side}`)].join(" ");
    if (!page.picture) {
      frame.textContent = "Không mở được ảnh trang này";
      return frame;
    }
    frame.href = page.picture;
    frame.target = "_blank";
    frame.rel = "noopener";
    const marked = page.sides.map((side) => SIDES[side]).join(", ");
    const image = document.createElement("img");
    image.src = page.picture;
    image.loading = "lazy";
    image.alt = `Ảnh trang ${number} của ${item.name}${marked ? `, đánh dấu mép ${marked}` : ""}; mở to trong thẻ mới`;
    frame.append(image);
    return frame;
  }

  #deeds(item, number, page) {
    const place = document.createElement("p");
    place.className = "row";
    if (!this.#acts.mayChange()) {
      const how = document.createElement("span");
      how.className = "hint";
      how.textContent =
        `Đợt này đã gửi đi. Quét lại trang này, nạp ở đợt mới với đúng tên hồ sơ ${item.dossier.name}, ` +
        "rồi chọn «Bổ sung vào hồ sơ đã có» khi được hỏi.";
      place.append(how);
    } else if ((item.pageCount ?? 1) > 1) {
      place.append(
        button(`Thêm trang ${number} quét lại…`, () => this.#acts.add(item, number), "primary"),
        button(`Thay cả tệp ${item.pageCount} trang…`, () => this.#acts.replace(item)),
      );
    } else {
      place.append(button("Quét lại trang này…", () => this.#acts.replace(item), "primary"));
    }
    place.append(button("Vẫn dùng bản này", () => this.#acts.keep(item, number, page)));
    return place;
  }
}
