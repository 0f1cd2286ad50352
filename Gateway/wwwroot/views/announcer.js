import { byId } from "./element.js";

const announcer = byId("announcer");

/** Says something to whoever does not see the page; it waits until they pause. */
export function announce(text) {
  announcer.textContent = text;
}
