import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { fail } from './errors.js';
import { findTwin } from './json.js';

/** For Accept-Encoding. */
const CODINGS = 'gzip, br, deflate';

const DECOMPRESS = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), br: promisify(brotliDecompress), deflate: promisify(inflate) };

/** The supported charsets and their decoders; the same as in Orders.Api and Orders.Query. */
const DECODERS = { 'utf-8': fromUtf8, utf8: fromUtf8, 'us-ascii': fromUtf8, ascii: fromUtf8, 'iso-8859-1': fromLatin1, latin1: fromLatin1 };

/** The JSON media types, as in Orders.Api: application/json, and any with the suffix +json. */
const JSON_TYPE = /^(?:application\/json|[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]*\+json)$/i;

/** Whether a Content-Type is JSON. A form can send none of these types. */
export function isJsonType(contentType) {
  return JSON_TYPE.test(contentType?.split(';', 1)[0].trim() ?? '');
}

/**
 * Reads a request's JSON as text: decompressed, decoded from its charset, without a byte order mark. Its media
 * type is then application/json.
 * @param {import('node:http').IncomingMessage} request Of a type that isJsonType knows.
 * @param {number} limit The most bytes that it may have, on the wire and when it is decompressed.
 * @returns {Promise<string>}
 * @throws {import('graphql').GraphQLError}
 */
export async function readBody(request, limit) {
  const bytes = await receive(request, limit);
  const [, ...parameters] = (request.headers['content-type'] ?? '').split(';').map(part => part.trim());
  const decode = decoderOf(parameters);
  const plain = await decompress(bytes, codingOf(request), limit);
  const text = decode(plain);
  checkQuestion(text);
  request.headers['content-type'] = 'application/json';
  return text;
}

/**
 * Refuses duplicate parameters: parsers disagree on which of the two counts.
 * @param {URLSearchParams} parameters Of an address.
 * @throws {import('graphql').GraphQLError}
 */
export function checkParameters(parameters) {
  for (const name of ['query', 'variables', 'operationName', 'extensions']) {
    const values = parameters.getAll(name);
    if (values.length > 1) throw givenTwice(name);
    if (values.length === 0 || name === 'query' || name === 'operationName') continue;
    const twin = isJson(values[0]) && findTwin(values[0]);
    if (twin) throw givenTwice(`${name}.${twin}`);
  }
}

// A body that is too large is still read to its end, since the next request on this connection waits for that. The timeout bounds it.
function receive(request, limit) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    request.on('data', chunk => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(fail('BAD_REQUEST', 'The body does not come to its end.')));
  });
}

function codingOf(request) {
  const names = (request.headers['content-encoding'] ?? '').toLowerCase().split(',').map(name => name.trim()).filter(name => name && name !== 'identity');
  if (names.length === 0) return undefined;
  if (names.length === 1 && Object.hasOwn(DECOMPRESS, names[0])) return names[0];
  throw unsupported(`The body's Content-Encoding '${names.join(', ')}' is not read here. Send it as it is, or in one of ${CODINGS}.`, { 'Accept-Encoding': CODINGS });
}

async function decompress(bytes, coding, limit) {
  if (!coding) return bytes;
  let unfolded;
  try {
    unfolded = await DECOMPRESS[coding](bytes, { maxOutputLength: limit, info: true });
  } catch (failure) {
    if (failure.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit, ' when it is decompressed');
    throw notInCoding(coding);
  }
  // The decompressor ignores data after the end without an error.
  if (unfolded.engine.bytesWritten !== bytes.length) throw notInCoding(coding);
  return unfolded.buffer;
}

function notInCoding(coding) {
  return fail('BAD_REQUEST', `Content-Encoding says ${coding}, and the body is not in that coding, is cut off, or goes on behind its end.`);
}

function decoderOf(parameters) {
  const charset = parameters.find(parameter => /^charset=/i.test(parameter))?.slice('charset='.length).replace(/^"(.*)"$/, '$1');
  if (charset === undefined) return fromUtf8;
  if (Object.hasOwn(DECODERS, charset.toLowerCase())) return DECODERS[charset.toLowerCase()];
  throw unsupported(`The body's charset '${charset}' is not known here. Send UTF-8, and say charset=utf-8 in Content-Type or nothing.`);
}

function fromUtf8(bytes) {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b) throw fail('BAD_REQUEST', 'The body is compressed and does not say so: send it with Content-Encoding: gzip.');
  // JSON begins with two ASCII characters; UTF-16 and UTF-32 have zeros there, or a byte order mark.
  if (first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw fail('BAD_REQUEST', 'The body is in UTF-16 or UTF-32: send it in UTF-8.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fail('BAD_REQUEST', 'The body holds bytes that are no UTF-8: send it in UTF-8, or name its charset in Content-Type.');
  }
}

function fromLatin1(bytes) {
  return bytes.toString('latin1');
}

function checkQuestion(text) {
  let question;
  try {
    question = JSON.parse(text);
  } catch (failure) {
    const place = /position (\d+)/.exec(failure.message);
    throw fail('BAD_REQUEST', `The body is invalid JSON${place ? ` at character ${Number(place[1]) + 1}` : ''}. ${WAY_OUT}`);
  }
  if (Array.isArray(question)) throw fail('BAD_REQUEST', `Batching is not supported. ${WAY_OUT}`);
  if (typeof question !== 'object' || question === null) throw fail('BAD_REQUEST', `The body is not one JSON object. ${WAY_OUT}`);
  const twin = findTwin(text);
  if (twin !== undefined) throw givenTwice(twin);
}

function givenTwice(name) {
  return fail('BAD_REQUEST', `${name} is given more than once.`);
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const WAY_OUT = 'Send {"query": "{ … }"}, with "variables" and "operationName" where they are needed.';

function unsupported(message, headers) {
  return fail('BAD_REQUEST', message, { http: { status: 415, headers } });
}

function tooLarge(limit, when = '') {
  return fail('REQUEST_ENTITY_TOO_LARGE', `The body is too large${when}: it may have ${limit} bytes.`);
}
