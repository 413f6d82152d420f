// Renews what waits and which letters have come, as long as somebody looks. Without it a link does the same.

const place = document.querySelector("[data-now]");
const link = document.querySelector("[data-renew]");
let shown = "";

const renew = async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/lage");
    const html = await answer.text();
    if (!answer.ok || html === shown) return;
    shown = html;
    // Whoever stands on a letter still stands on it afterwards.
    const focused = place.contains(document.activeElement) && document.activeElement.getAttribute("href");
    place.innerHTML = html;
    if (focused) place.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  } catch {
    // The demo has stopped, or begins again: what is shown is from before.
  }
};

if (place) {
  link.hidden = true;
  setInterval(renew, 1000);
}
