import { needsRegistration } from "./errors.js";
import { bytesOf } from "./outbox.js";
import { Timers } from "./timers.js";

const LATER_MS = 1_000;
const elsewhere = new Set(["not_in_room", "wrong_room"]);

/**
 * Brings the outbox to the server. One message of a room is under way at a time: so they reach the room in the order of writing,
 * also when one of them has to be repeated.
 */
export class Delivery {
  #outbox;
  #session;
  #membership;
  #stored;
  // By room.
  #timers = new Timers();

  /** `stored` is told of each message that turned out to be stored, in the form in which others get it. */
  constructor(outbox, session, membership, stored) {
    this.#outbox = outbox;
    this.#session = session;
    this.#membership = membership;
    this.#stored = stored;
  }

  /** Hands over the next message. */
  run() {
    const { settled, room } = this.#membership;
    const { user } = this.#session;
    if (settled && this.#timers.runs(room)) return;
    const [next] = settled ? this.#outbox.ready(room, user) : [];
    if (!next) return this.#membership.proceed();
    if (next.state === "queued") this.#hand(next, user);
  }

  /** The connection is gone: what was under way goes again. */
  lost() {
    this.#timers.clearAll();
    for (const message of this.#outbox.all) this.#outbox.requeue(message);
  }

  /** A message of our own came: it is stored, whether or not its ack follows. */
  echoed({ id, room, epoch, seq, at }) {
    const message = id && this.#outbox.find(id);
    if (!message) return;
    this.#sent(message, { room, epoch, seq, at });
    this.run();
  }

  /** The server takes smaller frames than we thought: the longest of what is under way is what it refused. False when there is none. */
  tooLarge(error) {
    const [longest] = this.#outbox.all.filter(({ state }) => state === "sending").sort((a, b) => bytesOf(b.text) - bytesOf(a.text));
    if (longest) this.#outbox.fail(longest, error);
    return longest !== undefined;
  }

  #hand(message, user) {
    this.#outbox.handOver(message, user);
    const under = () => this.#outbox.find(message.id) === message && message.state === "sending";
    this.#session.ask("message", { id: message.id, room: message.room, data: message.text }, {
      answered: ({ data }) => {
        if (under()) this.#sent(message, { ...data, at: new Date(data.at) });
        this.run();
      },
      failed: (error) => under() && this.#failed(message, error),
    });
  }

  #sent(message, { room, epoch, seq, at }) {
    const place = { room, epoch, seq, at };
    const { name, user } = this.#session;
    this.#stored({ ...place, from: name, user, text: message.text, id: message.id, own: true });
    this.#outbox.sent(message, place);
  }

  #failed(message, error) {
    if (error.code === "offline") return this.#outbox.requeue(message);
    if (needsRegistration(error)) return this.#session.renew();
    if (elsewhere.has(error.code)) {
      // It says nothing of the message: go back in and send it again.
      this.#outbox.requeue(message);
      return this.#membership.lost();
    }
    if (!error.retry) {
      this.#outbox.fail(message, error);
      return this.run();
    }
    this.#outbox.requeue(message);
    const pause = Math.max(error.retryAfterMs, LATER_MS) * (1 + Math.random());
    this.#timers.set(message.room, pause, () => this.run());
    this.#membership.postpone(message.room, pause);
  }
}
