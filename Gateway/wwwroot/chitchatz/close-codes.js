/**
 * What a close code means here, as the table in docs/api/server-api.md has it.
 * `again`: "backoff" (the usual growing pause), "spread" (a restart: everybody comes at once, so wait a random moment) or
 * "never" (only when somebody asks for it).
 */
const table = new Map([
  [1000, { again: "never", text: "The server closed the connection." }],
  [1001, { again: "spread", text: "The server is going away for a moment." }],
  [1002, { again: "never", text: "The server did not understand this client." }],
  [1003, { again: "never", text: "The server did not understand this client." }],
  [1006, { again: "backoff", text: "The connection was lost." }],
  [1007, { again: "never", text: "The server did not understand this client." }],
  [1008, { again: "never", text: "The server refused this connection." }],
  [1009, { again: "never", text: "A message was too large for the server." }],
  [1011, { again: "backoff", text: "The server had a problem." }],
  [1012, { again: "spread", text: "The server is restarting." }],
  [4001, { again: "backoff", text: "Signing in took too long." }],
  [4002, { again: "spread", text: "The session expired and is being renewed." }],
  [4003, { again: "never", text: "Somebody else has this name now." }],
  [4008, { again: "backoff", text: "This connection was too slow to keep up." }],
  [4029, { again: "never", text: "The server gets too many requests from here." }],
]);

export function meaningOf(code, reason) {
  const row = table.get(code) ?? { again: "backoff", text: "The connection was closed." };
  // The reason is the server's text, for people: it only matters where somebody has to decide something.
  return row.again === "never" && reason ? { ...row, text: `${row.text} (${reason})` } : row;
}
