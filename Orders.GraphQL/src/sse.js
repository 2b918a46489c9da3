/**
 * Reads server-sent events as the HTML standard has them, and those without data that move the id on alone.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {{ waits: () => void, hears: () => void }} [silence] Is told when this begins to wait for the stream, and when something came.
 * @returns {AsyncGenerator<{ event: string, id: string | undefined, data: string }>}
 */
export async function* readEvents(stream, silence) {
  let rest = '';
  let [event, id, data, before] = ['', undefined, [], undefined];
  for await (const text of heard(stream.pipeThrough(new TextDecoderStream()), silence)) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0 || id !== before) yield { event: data.length > 0 ? event || 'message' : '', id, data: data.join('\n') };
        [event, data, before] = ['', [], id];
        continue;
      }
      const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (name === 'event') event = value;
      else if (name === 'id') id = value;
      else if (name === 'data') data.push(value);
    }
  }
}

async function* heard(texts, silence) {
  const reader = texts.getReader();
  try {
    for (;;) {
      silence?.waits();
      const { done, value } = await reader.read();
      silence?.hears();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
