// Finding a row by part of what stands in it, accents or not. Nothing is sent: names stay on the page.

const box = document.getElementById("filter");
const rows = [...document.querySelectorAll("tbody tr[data-row]")];
const none = document.getElementById("none-found");

function folded(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");
}

box?.addEventListener("input", () => {
  const wanted = folded(box.value.trim());
  let shown = 0;
  for (const row of rows) {
    row.hidden = !folded(row.textContent).includes(wanted);
    if (!row.hidden) shown += 1;
  }
  none.hidden = shown > 0;
});
