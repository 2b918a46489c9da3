// Draws the service's own OpenAPI document. Every text goes in as text, never as markup.
'use strict';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return made;
}

const shown = value => typeof value === 'string' ? value : JSON.stringify(value, null, 2);

// A shell's single quotes, also around a text that has one.
const quoted = text => `'${String(text).replaceAll("'", "'\\''")}'`;

function typeOf(schema) {
  if (!schema) return '';
  const types = [].concat(schema.type ?? []).filter(type => type !== 'null');
  return schema.enum ? schema.enum.join(' | ') : types.join(' or ');
}

function rows(entries) {
  const list = element('dl', 'rows');
  for (const [name, note, text] of entries) {
    list.append(element('dt', '', name), element('dd', '', text ?? '', ' ', element('small', '', note ?? '')));
  }
  return list;
}

function curl(method, path, operation) {
  const parameters = operation.parameters ?? [];
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => parameters.find(p => p.in === 'path' && p.name === name)?.example ?? whole);
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const required = parameters.filter(p => p.in === 'query' && p.required && p.example !== undefined)
    .map(p => `${p.name}=${encodeURIComponent(p.example)}`).join('&');
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}-u foo:bar ${quoted(location.origin + filled + (required ? `?${required}` : ''))}`];
  if (content) {
    lines.push(`-H ${quoted(`Content-Type: ${type}`)}`);
    if (content.example !== undefined) lines.push(`--data-binary ${quoted(typeof content.example === 'string' ? content.example : JSON.stringify(content.example))}`);
  }
  return lines.join(' \\\n  ');
}

function answers(operation) {
  return Object.entries(operation.responses ?? {}).map(([status, answer]) => {
    const content = Object.entries(answer.content ?? {})[0];
    const line = [element('code', '', status), ' ', answer.description ?? ''];
    if (content?.[1].example === undefined) return element('p', '', ...line);
    const details = element('details', 'answer', element('summary', '', ...line), element('pre', '', shown(content[1].example)));
    details.open = status.startsWith('2');
    return details;
  });
}

function route(method, path, operation) {
  const body = element('div');
  if (operation.description) body.append(element('p', '', operation.description));
  if (operation.parameters?.length) {
    body.append(element('h3', '', 'Parameters'), rows(operation.parameters.map(p =>
      [p.name, `${p.in}, ${typeOf(p.schema)}${p.required ? ', required' : ''}${p.example === undefined ? '' : `; for example ${p.example}`}`, p.description])));
  }
  for (const [type, content] of Object.entries(operation.requestBody?.content ?? {})) {
    body.append(element('h3', '', `Body, ${type}`), content.example === undefined ? '' : element('pre', '', shown(content.example)));
  }
  body.append(element('h3', '', 'Answers'), ...answers(operation), element('h3', '', 'Try it'), element('pre', '', curl(method, path, operation)));
  const details = element('details', 'route',
    element('summary', '', element('span', `method ${method}`, method.toUpperCase()), element('span', 'path', path), element('span', 'summary', operation.summary ?? '')), body);
  details.id = operation.operationId ?? `${method} ${path}`;
  details.addEventListener('toggle', () => { if (details.open) history.replaceState(null, '', `#${details.id}`); });
  return details;
}

function draw(api) {
  document.title = api.info.title;
  document.getElementById('title').textContent = `${api.info.title} ${api.info.version}`;
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of methods.filter(name => item[name])) {
      const tag = item[method].tags?.[0] ?? 'routes';
      if (!groups.has(tag)) groups.set(tag, element('section', '', element('h2', '', tag)));
      groups.get(tag).append(route(method, path, item[method]));
    }
  }
  const schemes = Object.entries(api.components?.securitySchemes ?? {}).map(([name, scheme]) => [name, '', scheme.description]);
  document.getElementById('routes').replaceChildren(...groups.values(), element('section', '', element('h2', '', 'Sign in with'), rows(schemes)));
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) { named.open = true; named.scrollIntoView(); }
}

document.getElementById('filter').addEventListener('input', event => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const section of document.querySelectorAll('#routes section')) {
    const routes = [...section.querySelectorAll('details.route')];
    for (const one of routes) one.hidden = !one.firstChild.textContent.toLowerCase().includes(wanted);
    section.hidden = wanted !== '' && routes.every(one => one.hidden);
  }
});

fetch('/openapi/v1.json')
  .then(answer => answer.ok ? answer.json() : Promise.reject(new Error(`it answers ${answer.status}`)))
  .then(draw)
  .catch(failure => document.getElementById('routes').replaceChildren(element('p', 'note', `The OpenAPI document could not be read: ${failure.message}`)));
