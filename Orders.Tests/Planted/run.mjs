#!/usr/bin/env node
// Makes the bugs of planted.json one by one in a copy of the tree, and says which test catches each.
//
//   Orders.Tests/Planted/run.mjs [name …] [--all]
//
// Without names: all of them. --all: a bug that its own tests miss is given to the whole suite. Ends with 1 when a bug is missed.
// Progress goes to stderr, the table (Markdown) to stdout.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMED_LIMIT_S = 5 * 60;
const SUITE_LIMIT_S = 40 * 60;

const tree = execFileSync('git', ['rev-parse', '--show-toplevel'], { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
const names = process.argv.slice(2).filter(argument => argument !== '--all');
const all = process.argv.includes('--all');
const known = JSON.parse(readFileSync(join(import.meta.dirname, 'planted.json'), 'utf8'));
const unknown = names.filter(name => !known.some(bug => bug.name === name));
if (unknown.length > 0) end(2, `There is no planted bug ${unknown.join(', ')}.`);
const bugs = names.length > 0 ? known.filter(bug => names.includes(bug.name)) : known;

const copy = mkdtempSync(join(tmpdir(), 'orders-planted-'));
const tests = join(copy, 'Orders.Tests/bin/Debug/net10.0');
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));

say(`The tree is copied to ${copy} and built.`);
for (const file of execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: tree, encoding: 'utf8', maxBuffer: 1e8 }).split('\0')) {
  if (file && existsSync(join(tree, file))) cpSync(join(tree, file), join(copy, file));
}
const built = await build([]);
if (built.code !== 0) end(2, built.text);

// A test that fails anyway catches nothing.
say('Without any bug:');
const sound = await test([...new Set(bugs.flatMap(bug => bug.tests))], SUITE_LIMIT_S);
if (sound.by) end(2, `Failed without any bug: ${sound.by}`);

const rows = [];
for (const bug of bugs) rows.push({ bug, ...(await plant(bug)) });
const count = word => rows.filter(row => row.word === word).length;
console.log(['| Bug | What it breaks | Caught by | Seconds |', '|---|---|---|---|', ...rows.map(({ bug, by, seconds }) => `| ${bug.name} | ${bug.breaks} | ${by} | ${seconds} |`)].join('\n'));
console.log(`\n${rows.length} planted, ${count('CAUGHT')} caught, ${rows.length - count('CAUGHT')} missed`);
process.exit(count('CAUGHT') === rows.length ? 0 : 1);

async function plant(bug) {
  const file = join(copy, bug.file);
  const sound = readFileSync(file, 'utf8');
  const parts = sound.split(bug.old);
  if (parts.length !== 2) end(2, `${bug.name}: ${bug.file} has its text ${parts.length - 1} times.`);
  writeFileSync(file, parts.join(bug.new));
  const began = Date.now();
  const { code, text, mend } = await rebuild(bug);
  try {
    if (code !== 0) return told('REFUSED', `nothing: the build refused it: ${/error .*/.exec(text)?.[0] ?? ''}`);
    const named = await test(bug.tests, NAMED_LIMIT_S);
    const found = named.by || !all ? named : await test([], SUITE_LIMIT_S);
    return found.by ? told('CAUGHT', found.by) : told('MISSED', 'nothing');
  } finally {
    writeFileSync(file, sound);
    await mend();
  }

  function told(word, by) {
    const seconds = Math.round((Date.now() - began) / 1000);
    say(`${word}  ${bug.name}  ${seconds} s  ${by}`);
    return { word, by, seconds };
  }
}

/** Builds all that the tests use. Style is not looked at: it catches no bug. */
function build(options, project = 'Orders.Tests') {
  return run('dotnet', ['build', project, '--nologo', '-v', 'q', '-p:RunAnalyzers=false', ...options], copy, SUITE_LIMIT_S);
}

// Builds the project with the bug alone and gives it to the tests: a minute less than all of them on a small machine. All are built where that is
// not enough: when others see the change (the value of a constant). What is no .NET is only copied.
async function rebuild(bug) {
  const copied = join(tests, bug.file);
  if (existsSync(copied)) {
    const give = () => cpSync(join(copy, bug.file), copied);
    give();
    return { code: 0, text: '', mend: give };
  }

  const [project] = bug.file.split('/');
  const [seen, used] = [join(copy, project, 'obj/Debug/net10.0/ref', `${project}.dll`), join(tests, `${project}.dll`)];
  if (existsSync(seen)) {
    const [before, good] = [readFileSync(seen), readFileSync(used)];
    const built = await build(['--no-restore', '--no-dependencies'], project);
    if (built.code !== 0 || before.equals(readFileSync(seen))) {
      if (built.code === 0) cpSync(join(copy, project, 'bin/Debug/net10.0', `${project}.dll`), used);
      return { ...built, mend: () => writeFileSync(used, good) };
    }
  }
  return { ...(await build(['--no-restore'])), mend: () => build(['--no-restore']) };
}

/** Runs test classes, or the whole suite. `by`: the tests that failed; empty when all passed. */
async function test(classes, limit) {
  const { code, text, isOver } = await run('dotnet', ['Orders.Tests.dll', '-noColor', '-stopOnFail', ...classes.flatMap(name => ['-class', `Orders.Tests.${name}`])], tests, limit);
  const failed = [...new Set([...text.matchAll(/^ *Orders\.Tests\.(?:\w+\.)*?(\w+\.\w+)(?:\(.*)? \[FAIL\]/gm)].map(([, name]) => `\`${name}\``))];
  if (failed.length > 0) return { by: failed.slice(0, 2).join(', ') + (failed.length > 2 ? ` and ${failed.length - 2} more` : '') };
  if (isOver) return { by: `a hang: no end after ${limit} s` };
  return { by: code === 0 ? '' : `the end of the test process with ${code}: ${text.trim().split('\n').at(-1)}` };
}

function run(program, parameters, cwd, limit) {
  return new Promise(resolve => {
    // A group of its own, so that what it has started ends with it.
    const child = spawn(program, parameters, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [text, isOver] = ['', false];
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', part => (text += part));
    const kill = signal => { try { process.kill(-child.pid, signal); } catch { /* It has ended. */ } };
    const stop = () => kill('SIGKILL');
    process.once('exit', stop);
    const late = setTimeout(() => { isOver = true; kill('SIGTERM'); setTimeout(stop, 10_000).unref(); }, limit * 1000);
    child.on('exit', code => { clearTimeout(late); process.off('exit', stop); resolve({ code, text, isOver }); });
  });
}

function say(text) {
  console.error(text);
}

function end(code, text) {
  say(text);
  process.exit(code);
}
