/** The element with this id. */
export const byId = id => document.getElementById(id);

/**
 * Makes an element. Texts become text nodes, never markup.
 * @param {string} tag
 * @param {Record<string, unknown>} properties attributes; `class`, `dataset` and `on…` as one expects; null and false are left out
 * @param {...(Node | string | null)} children
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false)
      continue;
    if (name.startsWith('on'))
      element.addEventListener(name.slice(2), value);
    else
      element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** Writes a text only where it differs: what does not change is not laid out again. */
export function write(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

/** Tells users of screen readers, when they have finished with what they hear now. */
export const announce = text => write(byId('announcer'), text);
