const hour = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const timeOfDay = (date) => hour.format(date);
export const dayOf = (date) => day.format(date);
export const fullTime = (date) => full.format(date);
export const sameDay = (a, b) => a.toDateString() === b.toDateString();

/** "45 seconds", "12 minutes", "3 hours": one unit, for sentences. */
export function spanOf(milliseconds) {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 90) return plural(seconds, "second");
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? plural(minutes, "minute") : plural(Math.round(minutes / 60), "hour");
}

const plural = (count, unit) => `${count} ${unit}${count === 1 ? "" : "s"}`;
