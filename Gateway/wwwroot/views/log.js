import { byId } from "./element.js";
import { dayItem, messageItem, noteItem } from "./message-item.js";
import { dayOf, sameDay } from "./time.js";
import { MAX_ENTRIES } from "../state/transcript.js";

const GROUP_MS = 5 * 60_000;
const BOTTOM_PX = 60;

/**
 * The conversation. Stays at the bottom while the reader is there; a reader who scrolled up is left in peace and told how much
 * came since. One tab stop: arrows move from message to message.
 */
export class LogView {
  #scroller = byId("log");
  #list = byId("messages");
  #newer = byId("newer");
  #newerText = byId("newer-text");
  #transcript = null;
  #last = null;
  #stop = null;
  #atBottom = true;
  #top = 0;
  #unseen = 0;

  constructor() {
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#scroller.addEventListener("keydown", (event) => this.#key(event));
    this.#newer.addEventListener("click", () => this.#toBottom());
    // A keyboard that slides in, a longer composer or a turned phone: the newest line stays in sight.
    // Once per frame, so that a busy room does not pay for a layout per message.
    const observer = new ResizeObserver(() => this.#atBottom && this.#toBottom());
    for (const watched of [this.#scroller, this.#list, byId("pending")]) observer.observe(watched);
  }

  get transcript() {
    return this.#transcript;
  }

  show(transcript) {
    if (this.#transcript === transcript) return;
    this.#transcript = transcript;
    this.#last = null;
    this.#stop = null;
    // A whole conversation read aloud at once helps nobody.
    this.#scroller.setAttribute("aria-busy", "true");
    this.#list.replaceChildren();
    for (const entry of transcript?.entries ?? []) this.#place(entry);
    this.#toBottom();
    requestAnimationFrame(() => this.#scroller.removeAttribute("aria-busy"));
  }

  append(entry) {
    // Only what arrives moves; a conversation that is opened is simply there.
    this.#place(entry).classList.add("fresh");
    while (this.#list.childElementCount > MAX_ENTRIES) this.#list.firstElementChild.remove();
    if (entry.own) this.#follow();
    if (this.#atBottom || entry.kind !== "message") return;
    this.#unseen++;
    this.#newerText.textContent = this.#unseen === 1 ? "1 new message" : `${this.#unseen} new messages`;
    this.#newer.hidden = false;
  }

  /** Draws again from the transcript, after something in its middle changed, without moving the reader. */
  redraw() {
    const [transcript, top, stuck] = [this.#transcript, this.#scroller.scrollTop, this.#atBottom];
    this.#transcript = null;
    this.show(transcript);
    if (!stuck) this.#scroller.scrollTop = top;
  }

  /** The focus of somebody whose message just vanished goes to the one after it, or to the last. */
  focusAfter({ id }) {
    const messages = [...this.#list.querySelectorAll(".message[data-id]")];
    const next = messages.find(({ dataset }) => Number(dataset.id) > id) ?? messages.at(-1);
    if (next) this.#makeStop(next);
    (next ?? this.#scroller).focus({ preventScroll: true });
  }

  #place(entry) {
    const last = this.#last;
    if (!last || !sameDay(last.at, entry.at)) this.#list.append(dayItem(dayOf(entry.at)));
    const continued = last?.kind === "message" && last.from === entry.from && sameDay(last.at, entry.at) && entry.at - last.at < GROUP_MS;
    const item = entry.kind === "message" ? messageItem(entry, continued) : noteItem(entry);
    if (entry.kind === "message") {
      this.#makeStop(item);
    }
    this.#list.append(item);
    this.#last = entry;
    return item;
  }

  #detach() {
    this.#atBottom = false;
    this.#scroller.classList.remove("following");
  }

  #follow() {
    this.#atBottom = true;
    this.#scroller.classList.add("following");
    this.#unseen = 0;
    this.#newer.hidden = true;
  }

  #toBottom() {
    this.#follow();
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const up = scrollTop < this.#top;
    this.#top = scrollTop;
    // A gap alone proves nothing: a message may have come since our own scrolling, whose event arrives a frame late.
    if (scrollHeight - scrollTop - clientHeight < BOTTOM_PX) this.#follow();
    else if (up) this.#detach();
  }

  #key(event) {
    const current = event.target.closest?.(".message[data-id]");
    if (event.target !== current) return;
    const messages = [...this.#list.querySelectorAll(".message[data-id]")];
    const at = messages.indexOf(current);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: messages.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = messages[Math.max(0, Math.min(to, messages.length - 1))];
    this.#makeStop(next);
    next.focus();
  }

  #makeStop(item) {
    if (this.#stop) this.#stop.tabIndex = -1;
    item.tabIndex = 0;
    this.#stop = item;
  }
}
