// What a person finds on a page by its words. Called with what to do, then its words; gives an element, a text or nothing.
const [what, ...asked] = arguments;
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const words = (element) => plain(element?.textContent);
const seen = (element) => !element.closest("[aria-hidden=true]") && element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
const own = (control) => [...(control.labels ?? [])].map(words);
const groups = (control) => {
  const legends = [];
  for (let around = control.closest("fieldset"); around; around = around.parentElement.closest("fieldset"))
    legends.push(words(around.querySelector(":scope > legend")));
  return legends;
};
const all = (css) => [...document.querySelectorAll(css)];
// The one that says exactly this before one that merely has it in it.
const best = (elements, wanted, told) =>
  elements.find((e) => told(e).some((t) => t === wanted)) ?? elements.find((e) => told(e).some((t) => t.includes(wanted)));

const doing = {
  // A field by its label or name; of a date, by the question and the part.
  field: (label) =>
    [...document.getElementsByName(label)].find(seen) ??
    best(all("input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea").filter(seen), label, own),
  // An answer to a question with these words or this name.
  answer: (question, answer) => {
    const asks = (c) => c.name === question || groups(c).some((g) => g.includes(question));
    const choices = all("input[type=radio], input[type=checkbox]").filter((c) => asks(c));
    return choices.find((c) => c.value === answer) ?? best(choices, answer, own);
  },
  // A button before a link before what unfolds; what only a screen reader says counts as well.
  press: (label) =>
    best([...all("button"), ...all("a[href]"), ...all("summary")].filter(seen), label, (e) => [words(e)]),
  // Whether another page comes when it is pressed: a form is sent, or a link leads off this page.
  leads_on: (label) => {
    const at = doing.press(label);
    return at?.localName === "a" ? at.href.split("#")[0] !== location.href.split("#")[0] : at?.type === "submit" && at.form !== null;
  },
  // When the page that is open began to come: no two have the same.
  since: () => performance.timeOrigin,
  text: () => plain(document.body.innerText),
  one: (css) => document.querySelector(css),
  attribute: (css, name) => document.querySelector(css)?.getAttribute(name),
  told: (css) => words(document.querySelector(css)),
  path: () => location.pathname,
  status: () => performance.getEntriesByType("navigation")[0]?.responseStatus ?? 0,
  // What the keyboard is at, and whether one can see it: an outline, a border or a shadow that is not there otherwise.
  focus: () => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const on = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, innerHeight / 2));
    return {
      tag: at.localName,
      id: at.id,
      name: at.getAttribute("name"),
      type: at.type ?? "",
      value: at.value ?? "",
      text: own(at)[0] ?? words(at),
      outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      inside: box.top >= -1 && box.bottom <= innerHeight + 1 && box.width > 1 && box.height > 1,
      uncovered: !on || at.contains(on) || on.contains(at),
    };
  },
};
return doing[what](...asked) ?? null;
