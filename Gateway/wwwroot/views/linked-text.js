import { element } from "./element.js";

const address = /https?:\/\/[^\s<>"'`{}|\\^\p{Cf}]+/giu;
const trailing = /[.,;:!?)\]]+$/;

/** A text as nodes: plain text, with http and https addresses as links. No other scheme becomes one. */
export function linkedText(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(trailing, "");
    if (!URL.canParse(found)) continue;
    nodes.push(text.slice(from, match.index));
    nodes.push(element("a", { href: found, target: "_blank", rel: "noopener noreferrer nofollow", text: found, dir: "ltr" }));
    from = match.index + found.length;
  }
  return [...nodes, text.slice(from)].filter((node) => node !== "");
}
