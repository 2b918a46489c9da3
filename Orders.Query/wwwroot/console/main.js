import { Address } from './address.js';
import { Board } from './board.js';
import { byId, write } from './dom.js';
import { Home, Service } from './service.js';
import { Session } from './session.js';
import { SignIn } from './sign-in.js';
import { chooseTheme } from './theme.js';

chooseTheme(byId('theme'));

const session = new Session(why => signOut(why));
const query = new Service('Orders.Query', Home, session);
const settings = await settingsOf(query);
const api = settings.api_url ? new Service('Orders.Api', settings.api_url, session) : null;
const board = new Board(query, api, new Address());
const signIn = new SignIn(query, session, settings.local_key ?? null, start);

byId('sign-out').addEventListener('click', () => {
  session.forget();
  signOut();
});

if (session.isSignedIn)
  start();
else
  signIn.show();

async function settingsOf(service) {
  try {
    return await service.read('/console/settings.json');
  } catch (failure) {
    byId('state').hidden = false;
    byId('state-dot').dataset.state = 'unreachable';
    write(byId('state-reason'), `${failure.message} Load this page again when it does.`);
    throw failure;
  }
}

function start() {
  byId('sign-out').hidden = false;
  board.start();
}

function signOut(why = '') {
  board.stop();
  byId('sign-out').hidden = true;
  signIn.show(why);
}
