// One look of axe at the page that is open: its violations.
// Contrast is four fifths of axe's work, and depends on style alone: of elements with the same tags,
// classes and states, under ancestors with the same, one is looked at. Whatever else axe asks
// (names, roles, sizes, order) it asks of every element. `colours`: another scheme of a page already
// looked at, where nothing but its colours is new.
async ({ options, colours }) => {
  const own = (e) =>
    e.tagName +
    [...e.attributes]
      .filter((a) => /^(class|style|lang|dir|type|open|hidden|disabled|aria-|data-)/.test(a.name))
      .filter((a) => !/^(aria-(label|labelledby|describedby|controls)|data-l)$/.test(a.name))
      .map((a) => `[${a.name}=${a.value}]`)
      .join("");
  const shapes = new Map();
  const shape = (e) => {
    const part = (k) => (k.nodeType === 1 ? shape(k) : k.nodeType === 3 && k.data.trim() ? "#" : "");
    const told = `${own(e)}(${[...e.childNodes].map(part).join("")})`;
    shapes.set(e, told);
    return told;
  };
  shape(document.body);
  const seen = new Set();
  const again = [];
  const walk = (e, above) => {
    for (const child of e.children) {
      const key = `${above}>${shapes.get(child)}`;
      if (seen.has(key)) again.push(child);
      else {
        seen.add(key);
        walk(child, `${above}>${own(child)}`);
      }
    }
  };
  walk(document.body, "body");
  const only = (...values) => ({ ...options, runOnly: { type: "rule", values } });
  const most = { ...options, rules: { "color-contrast": { enabled: false } } };
  const found = await axe.run(document, colours ? only("link-in-text-block") : most);
  const where = again.length ? { include: [document.body], exclude: again } : document;
  const contrast = await axe.run(where, only("color-contrast"));
  return [...found.violations, ...contrast.violations].map((violation) => ({
    id: violation.id,
    html: violation.nodes.map((node) => node.html),
  }));
}
