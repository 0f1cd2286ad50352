import { avatar } from "./avatar.js";
import { element } from "./element.js";
import { icon } from "./icon.js";
import { linkedText } from "./linked-text.js";
import { fullTime, timeOfDay } from "./time.js";

/** One message of the log. `continued`: its sender is the one above, so the name is for screen readers only. */
export function messageItem(entry, continued) {
  const time = element("time", { class: "message-time", datetime: entry.at.toISOString(), title: `Received ${fullTime(entry.at)}`, text: timeOfDay(entry.at) });
  return element(
    "li",
    { class: `message${entry.own ? " own" : ""}${continued ? " continued" : ""}`, tabindex: "-1", data: { id: entry.id } },
    avatar(entry.from),
    element(
      "div",
      { class: "message-main" },
      element("div", { class: "message-head" }, element("bdi", { class: "message-from", text: entry.from }), time),
      element("div", { class: "bubble-row" },
        element("p", { class: "bubble", dir: "auto" }, ...linkedText(entry.text)),
        // Reached with the pointer; with the keyboard Enter on the message opens the same menu, without a tab stop per message.
        element("button", { type: "button", class: "icon-button message-more", tabindex: "-1", "aria-label": `Actions for this message of ${entry.from}`, "aria-haspopup": "menu" }, icon("more")),
      ),
    ),
  );
}

export function noteItem(entry) {
  return element("li", { class: "note", data: { id: entry.id } }, element("span", { text: entry.text }));
}

export function dayItem(label) {
  return element("li", { class: "day" }, element("span", { text: label }));
}

const states = {
  pending: () => "Sending…",
  unclear: () => "The connection was lost before this came back. It may or may not have been sent.",
  refused: (reason) => `Not sent: ${reason}`,
};

/** A text of ours that has not come back yet. */
export function pendingItem(entry, { retry, discard }) {
  const settled = entry.state !== "pending";
  const act = (label, run, name) => element("button", { type: "button", class: "link-button", on: { click: run } }, icon(name), label);
  return element(
    "li",
    { class: `message own ${entry.state}`, data: { outbox: entry.id } },
    element(
      "div",
      { class: "message-main" },
      element("div", { class: "bubble-row" }, element("p", { class: "bubble", dir: "auto" }, ...linkedText(entry.text))),
      element("div", { class: "message-fate" }, element("span", { text: states[entry.state](entry.reason), dir: "auto" }), settled ? act("Send again", retry, "retry") : null, settled ? act("Discard", discard, "close") : null),
    ),
  );
}
