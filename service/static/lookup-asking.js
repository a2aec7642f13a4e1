// Asking what is held: the form is sent in the body, the answer comes as a part of the page.

import { Refused, csrfToken, sayRefused } from "./common.js";

/**
 * Ask, and show the answer in `place`; what is wrong is shown beside its input.
 * @param {FormData} form
 * @param {HTMLElement} place
 * @param {() => void} [found] called before the answer gets the focus
 * @returns {Promise<boolean>} whether there is an answer
 */
export async function askHeld(form, place, found = () => {}) {
  let response;
  try {
    response = await fetch("/lookup/answer", {
      method: "POST",
      headers: { "HX-Request": "true", "X-CSRF-Token": csrfToken() },
      body: new URLSearchParams(form),
    });
  } catch {
    sayRefused(new Refused(0, { title: "Không liên lạc được với máy chủ.", action: "Kiểm tra mạng rồi tra lại." }));
    return false;
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ title: `Lỗi ${response.status}.` }));
    showWrong(problem.wrong ?? {});
    if (!problem.wrong) sayRefused(new Refused(response.status, problem));
    return false;
  }
  showWrong({});
  // The answer is a template of ours: what is personal in it was escaped there.
  place.innerHTML = await response.text();
  found();
  listenToPrint(place);
  place.querySelector("h2").focus();
  return true;
}

/** Let the button of an answer print it as a slip, and nothing else of the page. */
export function listenToPrint(place) {
  place.querySelector("[data-print]")?.addEventListener("click", () => {
    document.body.classList.add("prints-slip");
    window.addEventListener("afterprint", () => document.body.classList.remove("prints-slip"), { once: true });
    window.print();
  });
}

/** Show what is wrong beside the inputs, and go to the first of them. */
export function showWrong(wrong) {
  for (const place of document.querySelectorAll(".wrong")) {
    const name = place.id.replace(/-wrong$/, "");
    const input = document.getElementById(name);
    place.hidden = !wrong[name];
    place.textContent = wrong[name] ?? "";
    if (wrong[name]) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (wrong[name]) input.closest("details")?.setAttribute("open", "");
  }
  document.querySelector('[aria-invalid="true"]')?.focus();
}

/**
 * Let the input take what a scanner types of a card's code: `identifier|old identifier|name|ddmmyyyy|sex|…`.
 * @param {HTMLInputElement} input
 * @param {(person: {name: string, birth: string}) => void} onPerson
 */
export function takeCardCodes(input, onPerson) {
  const take = () => {
    const parts = input.value.split("|");
    if (parts.length < 4) return false;
    const day = parts[3].match(/^(\d{2})(\d{2})(\d{4})$/);
    input.value = parts[0].trim();
    onPerson({ name: parts[2].trim(), birth: day ? day.slice(1).join("/") : "" });
    return true;
  };
  input.addEventListener("change", take);
  // Scanners end with Enter, which must not send a form that is half filled in.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && take()) event.preventDefault();
  });
}
