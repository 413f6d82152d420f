// How the page that is open looks to a machine: wider than the screen, and what axe-core finds. Called with what axe is to
// run (rules or null for all of them) and what to call.
const [rules, done] = arguments;
const root = document.documentElement;
const name = (e) => e.localName + (e.id ? `#${e.id}` : "") + (e.className?.baseVal === undefined && e.className ? `.${[...e.classList].join(".")}` : "");
const wide = [];
if (document.scrollingElement.scrollWidth > innerWidth)
  for (const e of document.querySelectorAll("body *"))
    if (e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).clipPath === "none")
      wide.push(`${name(e)} reaches ${Math.round(e.getBoundingClientRect().right)} px: ${e.textContent.trim().slice(0, 40)}`);
const options = {
  resultTypes: ["violations"],
  runOnly: rules
    ? { type: "rule", values: rules }
    : { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
};
axe.run(document, options).then(
  ({ violations, testEngine }) =>
    done({
      width: document.scrollingElement.scrollWidth,
      screen: innerWidth,
      wide: wide.slice(0, 8),
      engine: testEngine.name,
      violations: violations.map(({ id, help, nodes }) => ({
        rule: id,
        help,
        nodes: nodes.map((n) => `${n.target.join(" ")}: ${n.failureSummary.replace(/\s+/g, " ")}`).slice(0, 5),
      })),
    }),
  (why) => done({ fault: String(why) }),
);
