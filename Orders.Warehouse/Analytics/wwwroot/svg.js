const Namespace = 'http://www.w3.org/2000/svg';
const Width = 560;

function element(name, attributes, ...children) {
  const made = document.createElementNS(Namespace, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const text = (x, y, words, attributes = {}) => element('text', { x, y, ...attributes }, words);

/**
 * Bars that stand, from left to right.
 * @param {{name: string, size: number, value: string}[]} bars
 */
export function columns(bars) {
  const [width, height, foot] = [Width * 2, 190, 18];
  const most = Math.max(...bars.map(({ size }) => size), 0) || 1;
  const step = width / Math.max(bars.length, 12);
  // Names must not run into each other.
  const every = Math.ceil(44 / step);
  const parts = bars.flatMap(({ name, size, value }, i) => {
    const tall = Math.max(size > 0 ? 2 : 0, size / most * (height - foot - 6));
    const body = element('rect', { class: 'bar', x: i * step + step * .12, y: height - foot - tall, width: step * .76, height: tall, rx: 2 },
      element('title', {}, value));
    return i % every === 0 ? [body, text(i * step + step / 2, height - 3, name, { 'text-anchor': 'middle' })] : [body];
  });
  return element('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    element('line', { class: 'grid', x1: 0, x2: width, y1: height - foot, y2: height - foot }), ...parts);
}

/**
 * Bars that lie, one under the other, each under its name and its value.
 * @param {{name: string, size: number, value: string, part?: number}[]} bars with `part`, only that much of a bar is coloured
 */
export function lines(bars) {
  const row = 34;
  const most = Math.max(...bars.map(({ size }) => size), 0) || 1;
  const parts = bars.flatMap(({ name, size, value, part }, i) => {
    const long = Math.max(size > 0 ? 2 : 0, size / most * Width);
    const coloured = part === undefined ? long : long * part / (size || 1);
    return [
      text(0, i * row + 13, name.length > 40 ? `${name.slice(0, 39)}…` : name, { class: 'name' }),
      text(Width, i * row + 13, value, { class: 'value', 'text-anchor': 'end' }),
      element('rect', { class: 'rest', x: 0, y: i * row + 19, width: part === undefined ? Width : long, height: 8, rx: 4 }),
      element('rect', { class: 'bar', x: 0, y: i * row + 19, width: coloured, height: 8, rx: Math.min(4, coloured / 2) }),
    ];
  });
  return element('svg', { viewBox: `0 0 ${Width} ${bars.length * row}`, 'aria-hidden': 'true' }, ...parts);
}
