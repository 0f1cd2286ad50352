import { announce } from "./announcer.js";
import { byId } from "./element.js";
import { isAfter } from "../state/transcript.js";

// One jump reads no more than so many messages; the next one goes on from there.
const FAR = 1_000;

/**
 * Where the line between read and new stands, and what it says; null when there is nothing of others after it. If its place is further up
 * than what is shown, which begins with `top`, it stands above that, and is not `exact`.
 */
export function lineOf(transcript, top) {
  const line = transcript?.line;
  if (!line) return null;
  const real = transcript.firstAfter(line.after);
  const first = top && isAfter(top, line.after) ? top : real;
  if (!first) return null;
  const exact = first === real && isRead(transcript, real, line.after);
  if (!line.until) return { first, exact, news: "New messages", text: line.label };
  const between = transcript.messages.filter((message) => isAfter(message, line.after) && !isAfter(message, line.until));
  const own = between.filter((message) => message.own).length;
  // Within one life of the log the places tell how many there are, also of those that are not read yet.
  const count = (line.after.epoch === line.until.epoch ? line.until.seq - line.after.seq : between.length) - own;
  const news = `${count} new message${count === 1 ? "" : "s"}`;
  return count ? { first, exact, news, text: `${line.label}: ${news}` } : null;
}

/** Whether nothing is missing here between a place and the first message that is known after it. */
function isRead(transcript, first, after) {
  const follows = first.epoch === after.epoch && first.seq === after.seq + 1;
  return follows || (!transcript.holes.length && (transcript.complete || transcript.oldest !== first));
}

/** Says that there are new messages further up than what one sees, and goes to the first of them. */
export class UnreadJump {
  #offer = byId("unread");
  #button = byId("unread-go");
  #text = byId("unread-text");
  #conversation;
  #scroller;
  #shown;
  #go;
  #tell;
  // The line that is being looked for, and how many messages were known when that began.
  #wanted = null;
  #known = 0;

  /** `go(message)` brings a message to the top of what is seen, `tell(text)` says why not. */
  constructor(conversation, scroller, shown, { go, tell }) {
    this.#conversation = conversation;
    this.#scroller = scroller;
    this.#shown = shown;
    this.#go = go;
    this.#tell = tell;
    this.#button.addEventListener("click", () => this.#begin());
    byId("unread-close").addEventListener("click", () => this.#dismiss());
  }

  /** After each drawing, and after each move of the reader. */
  update() {
    const { transcript } = this.#conversation;
    const found = lineOf(transcript, this.#shown.first);
    if (found?.exact && this.#isMet(transcript)) {
      transcript.line.met = true;
      this.#conversation.look();
    }
    const isAbove = found && !transcript.line.met && (!found.exact || this.#isAbove());
    if (isAbove) this.#say(found.news);
    this.#offer.hidden = !isAbove;
    if (this.#wanted) this.#proceed();
  }

  /** The reader went elsewhere. */
  cancel() {
    this.#wanted = null;
    this.#button.removeAttribute("aria-busy");
  }

  #say(news) {
    if (this.#text.textContent !== news) {
      this.#text.textContent = news;
      this.#button.setAttribute("aria-label", `${news}: jump to the first`);
    }
    if (this.#offer.hidden) announce(news);
  }

  #dismiss() {
    this.cancel();
    Object.assign(this.#conversation.transcript.line, { met: true, over: true });
    this.#conversation.look();
    this.#offer.hidden = true;
    this.#scroller.focus({ preventScroll: true });
  }

  #begin() {
    const { transcript } = this.#conversation;
    this.#wanted = transcript.line;
    this.#known = transcript.messages.length;
    this.#button.setAttribute("aria-busy", "true");
    // Whoever asks again wants it tried again.
    if (this.#conversation.failed) this.#conversation.older();
    this.#proceed();
  }

  /** Reads on, page after page, until the line's place is known. Nobody who has begun something else meanwhile is taken there. */
  #proceed() {
    const { transcript, loading, failed } = this.#conversation;
    const elsewhere = ![this.#button, document.body].includes(document.activeElement);
    if (transcript?.line !== this.#wanted || elsewhere) return this.cancel();
    const { exact, first } = lineOf(transcript) ?? {};
    const isFar = transcript.messages.length - this.#known >= FAR;
    if (first && !exact && !isFar && !failed) {
      if (!loading) this.#conversation.older();
      if (this.#conversation.loading) return;
    }
    this.cancel();
    if (!first) return;
    if (exact || isFar) this.#go(first);
    else this.#tell("Earlier messages cannot be read now. Try again when you are connected.");
  }

  #isAbove() {
    const { line } = this.#shown;
    return line !== null && line.getBoundingClientRect().bottom <= this.#scroller.getBoundingClientRect().top;
  }

  /** Whether somebody sees the line, and no longer while messages that belong below it still come and push it out of sight. */
  #isMet(transcript) {
    const { line } = this.#shown;
    const { until } = transcript.line;
    if (!line || !document.hasFocus() || (until && isAfter(until, transcript.newest))) return false;
    const [box, seen] = [line, this.#scroller].map((each) => each.getBoundingClientRect());
    return box.bottom > seen.top && box.top < seen.bottom;
  }
}
