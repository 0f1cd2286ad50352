import { element } from "./element.js";

const HUES = 10;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A circle with a name's initials. The colour is one of a fixed set of classes, chosen by the name alone. */
export function avatar(name) {
  return element("span", { class: `avatar hue-${hueOf(name)}`, text: initialsOf(name), "aria-hidden": "true" });
}

export function hueOf(name) {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return (hash >>> 0) % HUES;
}

export function initialsOf(name) {
  const words = name.trim().split(/[\s._-]+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map(firstGrapheme).join("").toLocaleUpperCase();
}

function firstGrapheme(word) {
  return segmenter.segment(word)[Symbol.iterator]().next().value?.segment ?? "";
}
