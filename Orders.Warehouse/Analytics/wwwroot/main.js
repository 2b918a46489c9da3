import { Board } from './board.js';
import { byId, write } from './dom.js';
import { Home, Service } from './service.js';
import { Session } from './session.js';
import { SignIn } from './sign-in.js';
import { chooseTheme } from './theme.js';

chooseTheme(byId('theme'));

const session = new Session(why => signOut(why));
const service = new Service('Orders.Warehouse', Home, session);
const settings = await service.read('/analytics/settings.json');
const board = new Board(service);
const signIn = new SignIn(service, session, settings.local_key ?? null, start, '/v1/analytics');

byId('refresh').addEventListener('click', () => board.show());
byId('sign-out').addEventListener('click', () => {
  session.forget();
  signOut();
});

if (session.isSignedIn)
  start();
else
  signIn.show();

function start() {
  showSignedIn(true);
  board.show();
}

function signOut(why = '') {
  showSignedIn(false);
  board.clear();
  write(byId('announcer'), '');
  signIn.show(why);
}

function showSignedIn(isSignedIn) {
  for (const id of ['sign-out', 'refresh', 'board'])
    byId(id).hidden = !isSignedIn;
}
