// Version 1's errors name no request, so the code and the moment have to tell. The words are those of the server's table of errors.

const retried = new Set(["overloaded", "rate_limited", "unavailable", "internal"]);
const onlyRequests = new Set(["name_taken", "bad_name", "name_reserved", "bad_room", "rate_limited"]);
const stale = new Set(["token_expired", "invalid_token", "no_token", "not_registered"]);

/** Whether a refused text is meant. A request is answered after the messages before it, so these go first. */
export function aboutMessage(code, request) {
  return !request || !onlyRequests.has(code);
}

/** Whether the same request may well succeed in a moment. */
export function worthRetrying(code) {
  return retried.has(code);
}

/** Whether the server does not know us any more: a new registration helps, even with a token that has run out. */
export function needsRegistration(code) {
  return stale.has(code);
}
