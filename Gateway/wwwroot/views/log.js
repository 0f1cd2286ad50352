import { byId, element } from "./element.js";
import { icon } from "./icon.js";
import { Shown } from "./shown.js";
import { UnreadJump } from "./unread.js";

const BOTTOM_PX = 60;
const NEAR_PX = 700;

/**
 * The conversation on the page. Only a stretch of it is in the document, so that 10,000 messages cost no more than 200; the
 * stretch moves with the reader. It stays at the bottom while the reader is there; who scrolled up is left in peace and told how
 * much came since. One tab stop: arrows move from message to message.
 */
export class LogView {
  #conversation;
  #scroller = byId("log");
  #list = byId("messages");
  #newer = byId("newer");
  #newerText = byId("newer-text");
  #older = byId("older");
  #shown = new Shown(this.#list);
  #unread;
  #transcript = null;
  #stop = null;
  #atBottom = true;
  #top = 0;
  #edge = 0;
  #due = false;

  constructor(conversation, tell) {
    this.#conversation = conversation;
    this.#unread = new UnreadJump(conversation, this.#scroller, this.#shown, { go: (message) => this.#toMessage(message), tell });
    conversation.watch(() => this.#atBottom && !document.hidden && document.hasFocus());
    conversation.on("change", () => this.#schedule());
    for (const type of ["arrived", "seen"]) conversation.on(type, () => this.#count());
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#scroller.addEventListener("keydown", (event) => this.#key(event));
    this.#newer.addEventListener("click", () => {
      this.#toBottom();
      // The button is gone.
      this.#scroller.focus({ preventScroll: true });
    });
    for (const type of ["focus", "visibilitychange"]) addEventListener(type, () => conversation.look(), true);
    // A keyboard that slides in, a longer composer or a turned phone: the newest line stays in sight.
    const observer = new ResizeObserver(() => this.#resized());
    for (const watched of [this.#scroller, byId("log-body")]) observer.observe(watched);
  }

  find(key) {
    return this.#transcript?.find(key);
  }

  follow() {
    this.#toBottom();
  }

  /** The focus of somebody whose message just vanished goes to the one after it, or to the last. */
  focusAfter(message) {
    this.#render();
    const next = this.#shown.itemAfter(message);
    if (next) this.#makeStop(next);
    (next ?? this.#scroller).focus({ preventScroll: true });
  }

  /** Once per frame, so that a busy room does not pay for a layout per message. A page that nobody sees draws nothing. */
  #schedule() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => this.#render());
  }

  #render() {
    this.#due = false;
    const { transcript } = this.#conversation;
    const another = transcript !== this.#transcript;
    if (another) {
      this.#transcript = transcript;
      this.#stop = null;
      this.#shown.clear();
      this.#atBottom = true;
    }
    const anchor = this.#atBottom ? null : this.#shown.anchor(this.#scroller);
    // What was read for somebody at the top is drawn together with what goes for it: nobody can be scrolled to above the top.
    if (anchor && this.#scroller.scrollTop < NEAR_PX) this.#shown.moveUp();
    const appended = this.#shown.draw(transcript, { toEnd: this.#atBottom });
    // What arrives is read aloud; what was there before is not.
    this.#scroller.setAttribute("aria-busy", String(!appended));
    requestAnimationFrame(() => this.#scroller.removeAttribute("aria-busy"));
    this.#drawOlder(transcript);
    if (this.#atBottom) this.#stick();
    else if (anchor) this.#scroller.scrollTop += anchor.moved();
    if (!this.#stop?.isConnected) this.#stop = null;
    const last = this.#shown.lastItem;
    if (last && (!this.#stop || (this.#atBottom && document.activeElement !== this.#stop))) this.#makeStop(last);
    this.#count();
    this.#unread.update();
    if (another) this.#conversation.look();
    requestAnimationFrame(() => this.#fetchIfNear());
  }

  #drawOlder(transcript) {
    const { loading, failed } = this.#conversation;
    const state = !transcript ? "" : failed ? "failed" : loading && !transcript.complete ? "loading" : transcript.complete && transcript.messages.length && this.#shown.reachesStart ? "start" : "";
    if (this.#older.dataset.state === state) return;
    this.#older.dataset.state = state;
    const content = {
      "": [],
      loading: [element("span", { text: "Loading earlier messages…" })],
      failed: [element("span", { text: "Earlier messages could not be read." }), element("button", { type: "button", class: "link-button", text: "Try again", on: { click: () => this.#conversation.older() } })],
      start: [icon("rooms"), element("span", { text: "This is where the room begins." })],
    }[state];
    // A row of its own each time, which is new and has not moved.
    this.#older.replaceChildren(...(content.length ? [element("div", { class: "older-row" }, ...content)] : []));
  }

  /** Room for the reader to scroll on: from what is known here, or from the log. */
  #fetchIfNear() {
    if (!this.#transcript) return;
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    let moved = false;
    if (scrollTop < NEAR_PX) {
      moved = this.#shown.moveUp();
      if (!moved && !this.#conversation.failed) this.#conversation.older();
    }
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX && !this.#atBottom) moved = this.#shown.moveDown() || moved;
    if (moved && !this.#atBottom) this.#schedule();
  }

  #count() {
    const { unseen } = this.#conversation;
    this.#newerText.textContent = unseen === 0 ? "" : unseen === 1 ? "1 new message" : `${unseen} new messages`;
    this.#newer.classList.toggle("plain", unseen === 0);
    this.#newer.hidden = this.#atBottom && this.#shown.reachesEnd;
  }

  #stick() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
  }

  /** A banner that comes or goes takes from the top: who is further up reads on at the same place. */
  #resized() {
    const { top } = this.#scroller.getBoundingClientRect();
    const moved = top - this.#edge;
    this.#edge = top;
    if (this.#atBottom) return this.#stick();
    this.#scroller.scrollTop += moved;
    this.#top = this.#scroller.scrollTop;
  }

  #toBottom() {
    this.#unread.cancel();
    this.#atBottom = true;
    this.#render();
    this.#conversation.look();
  }

  /** The message, with the line above it, comes to the top and has the focus. */
  #toMessage(message) {
    this.#atBottom = false;
    this.#shown.moveTo(message);
    this.#render();
    const item = this.#shown.itemOf(message);
    (this.#shown.line ?? item).scrollIntoView({ block: "start" });
    this.#top = this.#scroller.scrollTop;
    this.#makeStop(item);
    item.focus({ preventScroll: true });
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const up = scrollTop < this.#top;
    this.#top = scrollTop;
    // A gap alone proves nothing: a message may have come since our own scrolling, whose event arrives a frame late.
    if (scrollHeight - scrollTop - clientHeight < BOTTOM_PX && this.#shown.reachesEnd) {
      this.#atBottom = true;
      this.#conversation.look();
    } else if (up) {
      this.#atBottom = false;
    }
    this.#count();
    // What is not drawn yet is looked at when it is.
    if (!this.#due) this.#unread.update();
    this.#fetchIfNear();
  }

  #key(event) {
    const current = event.target.closest?.(".message[data-key]");
    if (event.target !== current) return;
    const items = this.#shown.items;
    const at = items.indexOf(current);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = items[Math.max(0, Math.min(to, items.length - 1))];
    this.#makeStop(next);
    next.focus();
  }

  #makeStop(item) {
    if (this.#stop) this.#stop.tabIndex = -1;
    item.tabIndex = 0;
    this.#stop = item;
  }
}
