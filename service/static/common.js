// What every script of ours shares: asking the service, and telling a person what went wrong.

/** An error that the service answered with; `problem` is its body (RFC 9457), `status` 0 when there was no answer. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.title);
    this.status = status;
    this.problem = problem;
  }
}

const NO_ANSWER = {
  title: "Không liên lạc được với máy chủ.",
  action: "Kiểm tra mạng; phần đã nhập vẫn còn trên trang này.",
  code: "no_answer",
};

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

/**
 * Send a request and return what its JSON body says, null where it has none.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] sent as JSON
 * @param {RequestInit} [options] further options of fetch
 * @throws {Refused}
 */
export async function ask(method, path, body, options = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrfToken(), ...options.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { ...options, method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused(0, NO_ANSWER);
  }
  const text = await response.text();
  let said = null;
  try {
    said = text ? JSON.parse(text) : null;
  } catch {
    said = null;
  }
  if (!response.ok) throw new Refused(response.status, said ?? { ...NO_ANSWER, title: `Lỗi ${response.status}.` });
  return said;
}

/** Show a sentence for a moment, also to readers of the screen. */
export function say(words, kind = "good") {
  let box = document.getElementById("said");
  if (!box) {
    box = document.createElement("p");
    box.id = "said";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  box.className = `notice said ${kind}`;
  box.textContent = words;
  clearTimeout(box.timer);
  box.timer = setTimeout(() => box.remove(), kind === "error" ? 12000 : 5000);
}

/** Show what was refused, as a sentence. */
export function sayRefused(error) {
  if (!(error instanceof Refused)) throw error;
  const { title, action, field } = error.problem;
  say([field && `${field}:`, title, action].filter(Boolean).join(" "), "error");
}
