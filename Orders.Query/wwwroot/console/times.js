/** The time of day with milliseconds, in UTC, from `2026-01-31T09:30:00.123Z`. */
export const clockOf = iso => iso.slice(11, 23);

/** Date and time to the second, in UTC. */
export const dateOf = iso => `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;

/** How long from one time to another in milliseconds; never below zero, since two clocks may differ. Null where one is not known. */
export const between = (from, to) => from && to ? Math.max(0, Date.parse(to) - Date.parse(from)) : null;

/** A duration in words as short as it can be told: `12 ms`, `1.4 s`, `3 min`, `2 h`, `5 d`. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined)
    return '–';
  if (milliseconds < 1000)
    return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 100)
    return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = seconds / 60;
  if (minutes < 100)
    return `${Math.round(minutes)} min`;
  return minutes < 60 * 48 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`;
}

/** The same, as what was added: `+12 ms`. */
export const added = milliseconds => milliseconds === null || milliseconds === undefined ? '–' : `+${duration(milliseconds)}`;
