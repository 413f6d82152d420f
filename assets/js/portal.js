// Only makes easier what already works without script.

const one = (selector, root = document) => root.querySelector(selector);

// The error summary takes focus when the page comes back with faults in it.
one("[data-error-summary]")?.focus();

// Following a fault leads into the question, not merely to its edge.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-error-summary] a");
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  const question = target.closest("fieldset, .field") ?? target;
  question.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
});

// The same form is not sent twice by an impatient second press.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Printing is the browser's own; a button for it is offered where it can be pressed.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// "Använd min plats": asked for only when the person presses, and never waited for without end.
const offerPlace = (place) => {
  const status = one("[data-place-status]", place);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary button-small";
  button.textContent = place.dataset.label;
  status.before(button);
  button.addEventListener("click", () => {
    status.textContent = place.dataset.busy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        one("[data-lat]", place).value = coords.latitude.toFixed(6);
        one("[data-lon]", place).value = coords.longitude.toFixed(6);
        status.textContent = place.dataset.done;
      },
      () => (status.textContent = place.dataset.failed),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
};
const offerPlaces = () => navigator.geolocation && document.querySelectorAll("[data-place]").forEach(offerPlace);
offerPlaces();

// Saves the answers in the background where the form names an address; the page's own buttons save as well.
// The answer is JSON {"saved": "Sparat 14.32"}.
const form = one("form[data-autosave]");
const saved = one("[data-draft-bar] [data-saved]");
if (form?.dataset.autosave && saved) {
  const bar = one("[data-draft-bar]");
  let timer;
  const save = async () => {
    const answers = new FormData(form);
    for (const [name, value] of [...answers]) if (value instanceof File) answers.delete(name);
    answers.set("_action", "autosave");
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(answers),
        headers: { accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
      saved.textContent = (await response.json()).saved;
    } catch {
      saved.textContent = bar.dataset.failed;
      timer = setTimeout(save, 15000);
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 1500);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

// An answer that opens other questions fetches them at once, without leaving the place one is at.
const refresh = one("[data-refresh]");
if (refresh) {
  refresh.hidden = true;
  let edits = 0;
  document.addEventListener("input", () => edits++);
  document.addEventListener("change", async ({ target }) => {
    const fields = target.closest("[data-fields]");
    if (!fields || !target.closest("[data-opens]")) return;
    // A text is changed by the press that leaves it: what was pressed must still be there when the press ends.
    if (target.type !== "radio" && target.type !== "checkbox") await new Promise((resolve) => setTimeout(resolve, 300));
    if (!target.isConnected) return;
    let fresh, seen, shown;
    do {
      // What is written while the reply is on its way must be in the page that replaces this one.
      seen = edits;
      const answers = new FormData(target.form);
      answers.set("_action", "refresh");
      const chosen = [...answers.values()].some((value) => value instanceof File && value.size);
      const reply = chosen ? null : await fetch(target.form.action, { method: "POST", body: answers }).catch(() => null);
      const page = reply?.ok && new DOMParser().parseFromString(await reply.text(), "text/html");
      fresh = page && one("[data-fields]", page);
      shown = page && one("[name=_shown]", page)?.value;
    } while (fresh && seen !== edits && target.isConnected);
    if (!target.isConnected) return;
    if (!fresh) return (one("[data-refresh]").hidden = false);
    const place = document.activeElement?.id || target.id;
    fields.replaceChildren(...fresh.childNodes);
    // The server must know which questions were seen, or it shows the same page once more.
    const seenQuestions = one("[name=_shown]");
    if (seenQuestions && shown !== undefined) seenQuestions.value = shown;
    one("[data-refresh]")?.setAttribute("hidden", "");
    offerPlaces();
    document.getElementById(place)?.focus();
  });
}

// Asks three minutes before the session ends, and gives more time in one press. When its whole time is nearly out no press
// helps: then it says when, and that what is saved is kept.
const dialog = one("#session-dialog");
if (dialog?.showModal) {
  let timer;
  const show = (isLast) => {
    for (const part of dialog.querySelectorAll("[data-session-idle], [data-session-renew]")) part.hidden = isLast;
    for (const part of dialog.querySelectorAll("[data-session-last], [data-session-close]")) part.hidden = !isLast;
    if (!dialog.open) dialog.showModal();
  };
  const wait = (seconds, isLast) => {
    clearTimeout(timer);
    timer = setTimeout(show, Math.max(seconds - 180, 5) * 1000, isLast);
  };
  one("[data-session-close]", dialog).addEventListener("click", () => dialog.close());
  one("[data-session-renew]", dialog).addEventListener("click", async () => {
    dialog.close();
    const body = new URLSearchParams({ _csrf: dialog.dataset.csrf });
    const answer = await fetch(dialog.dataset.renew, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return location.reload();
    const { expires_in, last } = await answer.json();
    wait(expires_in, last);
  });
  wait(Number(dialog.dataset.expiresIn), dialog.dataset.last === "true");
}
