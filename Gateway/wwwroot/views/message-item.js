import { avatar } from "./avatar.js";
import { element } from "./element.js";
import { icon } from "./icon.js";
import { linkedText } from "./linked-text.js";
import { fullTime, sameDay, timeOfDay } from "./time.js";
import { keyOf } from "../state/transcript.js";

const GROUP_MS = 5 * 60_000;

/** Whether a message stands below another one of its sender without a name of its own. */
export function continues(message, above) {
  return above !== undefined && above !== null && sameDay(above.at, message.at) && above.user === message.user && above.from === message.from && message.at - above.at < GROUP_MS;
}

/** One message of the log. `continued`: its sender is the one above, so the name is for screen readers only. */
export function messageItem(message, continued) {
  const time = element("time", { class: "message-time", datetime: message.at.toISOString(), title: fullTime(message.at), text: timeOfDay(message.at) });
  return element(
    "li",
    { class: `message${message.own ? " own" : ""}${continued ? " continued" : ""}`, tabindex: "-1", data: { key: keyOf(message) } },
    avatar(message.from),
    element(
      "div",
      { class: "message-main" },
      element("div", { class: "message-head" }, element("bdi", { class: "message-from", text: message.from }), time),
      element("div", { class: "bubble-row" },
        element("p", { class: "bubble", dir: "auto" }, ...linkedText(message.text)),
        message.own ? element("span", { class: "message-sent", title: "Sent" }, icon("check"), element("span", { class: "visually-hidden", text: "Sent" })) : null,
        // Reached with the pointer; with the keyboard Enter on the message opens the same menu, without a tab stop per message.
        element("button", { type: "button", class: "icon-button message-more", tabindex: "-1", "aria-label": `Actions for this message of ${message.from}`, "aria-haspopup": "menu" }, icon("more")),
      ),
    ),
  );
}

export function lineItem(text) {
  return element("li", { class: "line" }, element("span", { text }));
}

export function dayItem(label) {
  return element("li", { class: "day" }, element("span", { text: label }));
}

/** What is known of a message that has not been stored. */
export function fateOf({ state, error }) {
  if (state === "failed") return { kind: "failed", text: `Not sent. ${error.message}` };
  if (state === "sending") return { kind: "sending", text: "Sending…" };
  return { kind: "waiting", text: "Waiting to be sent" };
}

/** A message of ours that is not known to be stored. Unless it failed it takes the place that it will take when it is. */
export function outboxItem(message, fate, continued, { retry, discard }) {
  const failed = fate.kind === "failed";
  return element(
    "li",
    { class: `message own ${fate.kind}${continued ? " continued" : ""}`, data: { outbox: message.id } },
    element(
      "div",
      { class: "message-main" },
      element("div", { class: "message-head" }, element("time", { class: "message-time", text: timeOfDay(message.at) })),
      element("div", { class: "bubble-row" }, element("p", { class: "bubble", dir: "auto" }, ...linkedText(message.text)), ...(failed ? [] : [
        element("span", { class: "message-sent", title: fate.text }, icon("clock"), element("span", { class: "visually-hidden", text: fate.text })),
        element("button", { type: "button", class: "icon-button message-discard", title: "Discard", "aria-label": "Discard", on: { click: discard } }, icon("close")),
      ])),
      failed ? element("div", { class: "message-fate", role: "alert" },
        element("span", { class: "fate-text", text: fate.text, dir: "auto" }),
        fateAction("Send again", retry, "retry"),
        fateAction("Discard", discard, "close")) : null,
    ),
  );
}

function fateAction(label, run, name) {
  return element("button", { type: "button", class: "link-button", title: label, on: { click: run } }, icon(name), element("span", { class: "fate-action", text: label }));
}
