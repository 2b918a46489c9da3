import { byId, make, write } from './dom.js';
import { duration } from './times.js';

const Seconds = 120;
const SamplesOfASecond = 64;
// With no more than this between two answers of the status, the first still holds.
const StatusHolds = 3;
const Svg = 'http://www.w3.org/2000/svg';

/** The lag of the last two minutes, second by second: the median as a line, the highest as an area. */
export class LagChart {
  #seconds = [];
  #area = document.createElementNS(Svg, 'path');
  #line = document.createElementNS(Svg, 'path');
  #ticks;
  #chart = byId('lag-chart');

  constructor() {
    const svg = document.createElementNS(Svg, 'svg');
    svg.setAttribute('viewBox', `0 0 ${Seconds} 100`);
    svg.setAttribute('preserveAspectRatio', 'none');
    this.#area.classList.add('area');
    this.#line.classList.add('line');
    svg.append(this.#area, this.#line);
    this.#ticks = [1, 0.5, 0].map(() => make('span'));
    this.#chart.append(
      make('div', { class: 'ticks', 'aria-hidden': 'true' }, ...this.#ticks),
      svg,
      make('div', { class: 'axis', 'aria-hidden': 'true' }, make('span', {}, '2 min ago'), make('span', {}, '1 min'), make('span', {}, 'now')));
    this.draw();
  }

  /** Notes the lag of a change that has just been told of, in milliseconds. */
  note(lag) {
    const second = this.#current();
    second.highest = Math.max(second.highest ?? 0, lag);
    second.count++;
    // A sample of a busy second will do for its median; which ones are kept must not depend on when they came.
    if (second.samples.length < SamplesOfASecond)
      second.samples.push(lag);
    else if (Math.random() < SamplesOfASecond / second.count)
      second.samples[Math.floor(Math.random() * SamplesOfASecond)] = lag;
  }

  /** Notes what the status says, which counts for seconds without a change: while nothing arrives it alone knows. */
  noteStatus(lag) {
    if (lag !== null && lag !== undefined)
      this.#current().status = lag;
  }

  /** Once a second. */
  draw() {
    const points = this.#points();
    const known = points.filter(point => point !== null);
    const top = niceTop(Math.max(0, ...known.map(point => point.highest)));
    const y = value => (100 - value / top * 100).toFixed(2);
    const runs = runsOf(points);
    this.#line.setAttribute('d', runs.map(run => path(run.map(([x, point]) => [x, y(point.median)]))).join(''));
    this.#area.setAttribute('d', runs.map(run =>
      `M${run[0][0]} 100${run.map(([x, point]) => `L${x} ${y(point.highest)}`).join('')}L${run.at(-1)[0]} 100Z`).join(''));
    this.#ticks.forEach((tick, i) => write(tick, duration(top * (1 - i / 2))));
    this.#figures(known);
  }

  #figures(known) {
    const medians = known.map(point => point.median).sort(ascending);
    const now = known.at(-1)?.median ?? null;
    const p95 = medians.length > 0 ? medians[Math.min(medians.length - 1, Math.floor(medians.length * 0.95))] : null;
    const highest = known.length > 0 ? Math.max(...known.map(point => point.highest)) : null;
    write(byId('lag-now'), duration(now));
    write(byId('lag-p95'), duration(p95));
    write(byId('lag-max'), duration(highest));
    this.#chart.setAttribute('aria-label', `Lag over the last two minutes: now ${duration(now)}, highest ${duration(highest)}`);
  }

  #points() {
    const now = nowSecond();
    this.#seconds = this.#seconds.filter(second => second.at > now - Seconds - StatusHolds);
    const bySecond = new Map(this.#seconds.map(second => [second.at, second]));
    return Array.from({ length: Seconds + 1 }, (_, i) => pointOf(bySecond, now - Seconds + i));
  }

  #current() {
    const at = nowSecond();
    if (this.#seconds.at(-1)?.at !== at)
      this.#seconds.push({ at, samples: [], highest: null, count: 0, status: null });
    return this.#seconds.at(-1);
  }
}

const ascending = (a, b) => a - b;
const nowSecond = () => Math.floor(performance.now() / 1000);

function pointOf(bySecond, at) {
  const second = bySecond.get(at);
  if (second?.count > 0)
    return { median: second.samples.toSorted(ascending)[second.samples.length >> 1], highest: second.highest };
  for (let back = 0; back < StatusHolds; back++) {
    const status = bySecond.get(at - back)?.status ?? null;
    if (status !== null)
      return { median: status, highest: status };
  }
  return null;
}

/** Stretches without a hole, as [x, point]. */
function runsOf(points) {
  const runs = [];
  points.forEach((point, x) => {
    if (point === null)
      return;
    if (x > 0 && points[x - 1] !== null)
      runs.at(-1).push([x, point]);
    else
      runs.push([[x, point]]);
  });
  return runs;
}

const path = points => points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');

/** The next 1, 2 or 5 with noughts, so that the scale seldom moves. */
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 20)));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}
