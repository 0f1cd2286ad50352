import { Backoff } from "../chitchatz/backoff.js";
import { Emitter } from "../chitchatz/emitter.js";
import { ReadMarks } from "./read-marks.js";
import { isAfter, Transcripts } from "./transcript.js";

const PAGE = 50;
// A hole of up to so many messages is filled at once; beyond that the newest are shown, and the rest to whoever scrolls there.
const FILL = 300;

/**
 * The conversation of the wanted room: what comes live, what is read from the log, and what of it is new to the reader.
 * Emits `change` (another room, or anything about this one), `arrived` (a message that nobody looked at) and `seen`.
 */
export class Conversation extends Emitter {
  #chat;
  #transcripts = new Transcripts();
  #marks = new ReadMarks();
  #looking = () => true;
  // A hole that could not be read is in the midst of what somebody reads: it is tried again without being asked.
  #pauses = new Backoff(3_000);
  #again = 0;
  /** Of the wanted room; null without one. */
  transcript = null;
  /** Whether older messages are being read, and whether that failed. */
  loading = false;
  failed = false;
  /** Messages that came while nobody looked. */
  unseen = 0;

  constructor(chat) {
    super();
    this.#chat = chat;
    chat.on("state", () => this.#follow());
    chat.on("room", (entered) => this.#entered(entered));
    chat.on("message", (message) => this.#arrived(message));
    chat.on("sent", (message) => this.#stored(message));
    chat.on("gap", (gap) => this.#skipped(gap));
  }

  /** `looking` tells whether somebody sees the newest message. */
  watch(looking) {
    this.#looking = looking;
  }

  /** Where a join has to begin so that nothing of what is shown here is followed by a hole. */
  after(room) {
    return this.#transcripts.of(room).newest;
  }

  /** The newest messages are being looked at. That all before them was read is known only of who has met the line. */
  look() {
    const { transcript } = this;
    if (!transcript?.newest || !this.#looking()) return;
    if (transcript.line?.met) transcript.line.over = true;
    if (!transcript.openLine) this.#marks.set(transcript.room, transcript.newest);
    if (!this.unseen) return;
    this.unseen = 0;
    this.emit("seen");
  }

  /** Reads a page of older messages. */
  async older() {
    const { transcript } = this;
    if (transcript?.holes.length) return this.#fillHoles(transcript);
    if (!transcript || transcript.complete || this.loading || this.#chat.room !== transcript.room) return;
    await this.#load(transcript, async () => {
      const { life, oldest } = transcript;
      const { messages, more } = await this.#chat.history({ before: oldest ?? undefined, limit: PAGE });
      if (transcript.life !== life) return;
      transcript.add(messages);
      transcript.complete = !more;
    });
  }

  hide(message) {
    this.transcript.hide(message);
    this.emit("change");
  }

  unhide(room, message) {
    this.#transcripts.of(room).unhide(message);
    this.emit("change");
  }

  /** One's own word ends the search for what is new. */
  answered() {
    if (!this.transcript?.line) return;
    this.transcript.line = null;
    this.emit("change");
    this.look();
  }

  clear() {
    this.#transcripts.clear();
    this.#marks.clear();
    this.#follow();
  }

  #follow() {
    const { wanted } = this.#chat;
    if ((this.transcript?.room ?? null) === wanted) return;
    this.transcript = wanted === null ? null : this.#transcripts.of(wanted);
    this.loading = this.failed = false;
    this.unseen = 0;
    this.emit("change");
  }

  async #entered({ asked, room, epoch, head }) {
    const unasked = asked !== room && this.#transcripts.has(room);
    if (asked !== room) this.#transcripts.rename(asked, room);
    this.#follow();
    const transcript = this.#transcripts.of(room);
    if (unasked) transcript.miss({ epoch, seq: head }, FILL);
    const read = transcript.openLine?.after ?? this.#marks.of(room) ?? transcript.newest;
    // What lies between was said while we were away; whether it comes by itself or has to be read.
    if (read && isAfter({ epoch, seq: head }, read)) transcript.line = { after: read, until: { epoch, seq: head }, label: "While you were away" };
    this.failed = false;
    if (transcript.newest) {
      this.emit("change");
    } else {
      // That there was nothing to read was true then.
      transcript.complete = false;
      await this.older();
    }
    // Those that a lost connection left open.
    await this.#fillHoles(transcript);
  }

  #arrived(message) {
    const transcript = this.#transcripts.of(message.room);
    const before = transcript.newest;
    if (!transcript.add([message]).length) return;
    const looked = message.own || this.#looking();
    if (!looked && transcript === this.transcript) {
      this.unseen++;
      const read = this.#marks.of(message.room) ?? before;
      const expected = transcript.line?.until && !isAfter(message, transcript.line.until);
      if (this.unseen === 1 && read && !expected && !transcript.openLine) transcript.line = { after: read, until: null, label: "New" };
      this.emit("arrived");
    }
    this.emit("change");
    this.look();
  }

  /** Shown as soon as it is stored, so that it is never in neither place; in a room that one is not in only where it leaves no hole. */
  #stored(message) {
    const transcript = this.#transcripts.of(message.room);
    const { newest } = transcript;
    const follows = newest?.epoch === message.epoch && newest.seq + 1 === message.seq;
    if ((this.#chat.room !== message.room && !follows) || !transcript.add([message]).length) return;
    // Its ack may overtake what is on its way here; should that not arrive, it is read.
    if (newest?.epoch === message.epoch && newest.seq + 1 < message.seq) transcript.holes.push({ epoch: message.epoch, from: newest.seq + 1, to: message.seq - 1 });
    this.emit("change");
    this.look();
  }

  #skipped({ room, epoch, from, to }) {
    const transcript = this.#transcripts.of(room);
    transcript.open({ epoch, from, to }, FILL);
    return transcript.holes.length ? this.#fillHoles(transcript) : this.older();
  }

  async #fillHoles(transcript, unasked = false) {
    transcript.forgetFilled();
    if (!transcript.holes.length || this.loading || transcript !== this.transcript || this.#chat.room !== transcript.room) return;
    await this.#load(transcript, async () => {
      while (transcript.holes.length) {
        const { life, holes: [hole] } = transcript;
        const { epoch, from, to } = hole;
        for (let after = from - 1, more = true; more && after < to;) {
          const page = await this.#chat.history({ after: { epoch, seq: after }, before: { epoch, seq: to + 1 }, limit: 100 });
          if (transcript.life !== life) return;
          transcript.add(page.messages);
          after = page.messages.at(-1)?.seq ?? to;
          more = page.more;
        }
        transcript.close(hole);
      }
    }, unasked);
  }

  /** What nobody asked for shows nothing before it has come. */
  async #load(transcript, read, unasked = false) {
    clearTimeout(this.#again);
    this.loading = true;
    if (!unasked) this.failed = false;
    this.emit("change");
    // Lost, or not available now: the reader may ask again, and a reconnect does.
    const error = await read().then(() => null, (reason) => reason);
    if (this.transcript !== transcript) return;
    Object.assign(this, { loading: false, failed: error !== null });
    this.emit("change");
    this.look();
    if (error) return this.#later(transcript, error);
    this.#pauses.reset();
    // One that was noticed meanwhile; or all was forgotten, since too much was missed, and is read anew.
    if (transcript.holes.length) return this.#fillHoles(transcript);
    if (!transcript.newest && !transcript.complete) return this.older();
  }

  #later(transcript, { retry, retryAfterMs }) {
    if (!retry || !transcript.holes.length) return;
    this.#again = setTimeout(() => this.#fillHoles(transcript, true), Math.max(this.#pauses.next(), retryAfterMs));
  }
}
