/**
 * Makes an element. Strings become text nodes and nothing here ever parses markup, which is what keeps names and texts
 * harmless (the page's policy forbids the rest).
 */
export function element(tag, { class: className, text, on = {}, data = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  Object.assign(made.dataset, data);
  for (const [type, listener] of Object.entries(on)) made.addEventListener(type, listener);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The element of that id in index.html; its absence is a mistake of ours, so it is loud. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/** A name in a sentence, kept from changing the direction of its neighbours. */
export function isolated(name) {
  return element("bdi", { text: name });
}
