/** A client's frame as JSON text. */
export function encode(event, fields, jwt) {
  return JSON.stringify({ event, ...fields, ...(jwt ? { jwt } : {}) });
}

/** A server's frame, or null for what is none: unknown frames are ignored, so that later versions may add some. */
export function decode(text) {
  if (typeof text !== "string") return null;
  try {
    const frame = JSON.parse(text);
    return frame && typeof frame.event === "string" ? frame : null;
  } catch {
    return null;
  }
}
