import { setMaxListeners } from 'node:events';
import { createGateway } from './gateway.js';
import { createHttpServer } from './server.js';
import { SettingsError, readSettings } from './settings.js';
import { Shares } from './shares.js';
import { SignIn } from './signin.js';

/** How long running requests may take to end at a stop. */
const GRACE_MS = 3_000;

/** How long it may take to tell those that did not end in time. */
const LAST_MS = 400;

/** How often it checks that AppHost is still running. */
const LOOK_MS = 1000;

function giveUp(problem) {
  console.error(`Orders.GraphQL does not start: ${problem}`);
  process.exit(1);
}

// AppHost's orchestrator ends it too, but not if both were killed while it was starting.
function endWithAppHost(pid, stop) {
  const look = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (failure) {
      if (failure.code !== 'ESRCH') return;
      clearInterval(look);
      stop();
    }
  }, LOOK_MS);
  look.unref();
}

function start() {
  const settings = readSettings(process.env);
  const [stopping, leaving] = [new AbortController(), new AbortController()];
  // One for each running call.
  setMaxListeners(0, stopping.signal, leaving.signal);
  const doors = { signIn: new SignIn(settings, stopping.signal), shares: new Shares(settings) };
  const server = createHttpServer(settings, doors, createGateway(settings, stopping.signal, leaving.signal), leaving.signal);
  server.on('error', failure => giveUp(failure.code === 'EADDRINUSE' ? `PORT: ${settings.port} is in use. Choose another; 0 is any free one.` : failure.message));
  server.listen(settings.port, settings.host, () => {
    const { address, family, port } = server.address();
    console.log(`Orders.GraphQL listens on http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
  });

  const stop = () => {
    leaving.abort();
    // Whoever sends requests here looks at the readiness, and needs a moment to see it.
    setTimeout(() => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      setTimeout(() => stopping.abort(), GRACE_MS);
      setTimeout(() => process.exit(0), GRACE_MS + LAST_MS);
    }, settings.drainMs);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (Number(process.env.ORDERS_APPHOST_PID) > 0) endWithAppHost(Number(process.env.ORDERS_APPHOST_PID), stop);
}

try {
  start();
} catch (failure) {
  if (!(failure instanceof SettingsError)) throw failure;
  giveUp(failure.message);
}
