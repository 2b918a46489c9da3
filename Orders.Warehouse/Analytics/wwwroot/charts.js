import { columns, lines } from './svg.js';
import { formatAmount } from './money.js';

const Seconds = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];

/** Seconds as two parts of time at most: `2 h 30 min`. */
export function formatDuration(seconds) {
  if (seconds < 1)
    return `${Math.round(seconds * 1000)} ms`;
  const at = Seconds.findIndex(([length]) => seconds >= length);
  const [length, word] = Seconds[at];
  const whole = Math.floor(seconds / length);
  const next = Seconds[at + 1];
  const rest = next === undefined ? 0 : Math.floor((seconds - whole * length) / next[0]);
  return rest === 0 ? `${whole} ${word}` : `${whole} ${word} ${rest} ${next[1]}`;
}

/** An amount without zeros at its end; its digits are those that came. */
const money = text => formatAmount(String(text).replace(/(\.\d\d\d*?)0+$/, '$1'));

// A float is exact enough for the length of a bar.
const bar = (name, amount, value) => ({ name, size: Number(amount), value });

/** How each question is drawn: its rows in one currency become a picture and the same in words. */
export const Charts = {
  revenue: {
    isWide: true,
    draw: rows => {
      const bars = rows.map(row => bar(row.day.slice(5), row.amount, `${money(row.amount)} on ${row.day}`));
      const most = bars.reduce((one, other) => other.size > one.size ? other : one);
      return { svg: columns(bars), words: `${rows.length} days, most ${most.value}` };
    },
  },
  merchants: {
    draw: rows => {
      const bars = rows.map(row => bar(`${row.country} · ${row.merchant}`, row.amount, money(row.amount)));
      return { svg: lines(bars), words: spoken(bars) };
    },
  },
  products: {
    draw: rows => {
      const bars = rows.map(row => bar(`${row.merchant_id} · ${row.product ?? row.product_id}`, row.amount, money(row.amount)));
      return { svg: lines(bars), words: spoken(bars) };
    },
  },
  funnel: {
    draw: rows => {
      const bars = rows.map(row => bar(
        row.step,
        row.orders,
        formatAmount(row.orders) + (row.median_seconds === null ? '' : `, half within ${formatDuration(Number(row.median_seconds))}, 95% within ${formatDuration(Number(row.p95_seconds))}`)));
      return { svg: lines(bars), words: spoken(bars) };
    },
  },
  cancellations: {
    draw: rows => {
      const bars = rows.map(row => ({ ...bar(row.month, row.orders, `${formatAmount(row.cancelled)} of ${formatAmount(row.orders)} orders, ${row.percent}%`), part: Number(row.cancelled) }));
      return { svg: lines(bars), words: spoken(bars) };
    },
  },
};

const spoken = bars => bars.slice(0, 12).map(({ name, value }) => `${name} ${value}`).join('; ');
