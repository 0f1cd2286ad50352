/**
 * How far rooms were read, as `{epoch, seq}`. Pure. What it takes is given on exactly once and in order; what is missing between two
 * messages, for whatever reason, is named as a gap.
 */
export class Reading {
  #positions = new Map();

  of(room) {
    return this.#positions.get(room) ?? null;
  }

  /** From here on, or from the room's head when there is no position. */
  start(room, after) {
    if (after) this.#positions.set(room, { epoch: after.epoch, seq: after.seq });
    else this.#positions.delete(room);
  }

  forget(room) {
    this.#positions.delete(room);
  }

  /** The server's answer to a join; gives the gap that it leaves, or null. */
  joined(asked, { room, epoch, head, recovered }) {
    const after = this.of(asked);
    this.#positions.delete(asked);
    // What was missed follows, or nothing was.
    if (recovered && after) {
      this.#positions.set(room, after);
      return null;
    }
    this.#positions.set(room, { epoch, seq: head });
    return after ? gapBetween(room, after, epoch, head + 1) : null;
  }

  /** A live message: `fresh` unless it was there before, and the gap before it, if any. */
  take({ room, epoch, seq }) {
    const before = this.of(room);
    if (before && (epoch < before.epoch || (epoch === before.epoch && seq <= before.seq))) return { fresh: false, gap: null };
    this.#positions.set(room, { epoch, seq });
    return { fresh: true, gap: before && gapBetween(room, before, epoch, seq) };
  }

  /** The server left some out; gives the gap, or null when all of it was there before. */
  skip({ room, from, to }) {
    const before = this.of(room);
    if (!before || to <= before.seq) return null;
    this.#positions.set(room, { epoch: before.epoch, seq: to });
    return { room, epoch: before.epoch, from: Math.min(from, before.seq + 1), to };
  }
}

function gapBetween(room, before, epoch, seq) {
  const from = epoch === before.epoch ? before.seq + 1 : 1;
  return from < seq ? { room, epoch, from, to: seq - 1 } : null;
}
