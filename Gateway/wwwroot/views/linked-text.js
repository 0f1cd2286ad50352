import { element } from "./element.js";

const address = /https?:\/\/[^\s<>"'`{}|\\^\p{Cf}]+/giu;
const trailing = new Set(".,;:!?)]");
const opening = { ")": "(", "]": "[" };

/** A text as nodes: plain text, with http and https addresses as links. No other scheme becomes one. */
export function linkedText(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = trimmed(match[0]);
    if (!URL.canParse(found)) continue;
    nodes.push(text.slice(from, match.index));
    nodes.push(element("a", { href: found, target: "_blank", rel: "noopener noreferrer nofollow", text: found, dir: "ltr" }));
    from = match.index + found.length;
  }
  return [...nodes, text.slice(from)].filter((node) => node !== "");
}

/** An address without the marks behind it. A bracket that closes one of the address belongs to it. */
function trimmed(address) {
  const surplus = new Map(Object.entries(opening).map(([close, open]) => [close, count(address, close) - count(address, open)]));
  let end = address.length;
  for (; trailing.has(address[end - 1]); end--) {
    const mark = address[end - 1];
    if (!surplus.has(mark)) continue;
    if (surplus.get(mark) <= 0) break;
    surplus.set(mark, surplus.get(mark) - 1);
  }
  return address.slice(0, end);
}

const count = (text, mark) => text.split(mark).length - 1;
