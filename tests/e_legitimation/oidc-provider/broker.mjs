// A broker that is not ours: the certified oidc-provider with one person. What it is to be is in BROKER, as JSON:
// {"modules", "issuer", "clients"}. Writes "ready" when it listens. Ends when its standard input does.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { modules, issuer, clients } = JSON.parse(process.env.BROKER);
const { default: Provider } = await import(pathToFileURL(join(modules, 'oidc-provider/lib/index.js')));

const NUMBER = 'https://id.oidc.se/claim/personalIdentityNumber';
const about = {
  sub: 'f3c1b9e2-7d10',
  [NUMBER]: '197905142381',
  given_name: 'Anna-Karin Elisabet',
  family_name: 'Åkesson',
  name: 'Anna-Karin Elisabet Åkesson',
  txn: 'b0a7',
};
const key = (kind, options) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig' });

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [key('ec', { namedCurve: 'P-256' }), key('rsa', { modulusLength: 2048 })] },
  acrValues: ['http://id.elegnamnden.se/loa/1.0/loa3'],
  // By the claims parameter alone.
  claims: Object.fromEntries([['openid', ['sub']], ...Object.keys(about).map((name) => [name, null])]),
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic'],
  discovery: { ui_locales_supported: ['sv', 'en'] },
  ttl: { IdToken: 300 },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  features: {
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    requestObjects: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = form.replace('</form>', '<button name="logout" value="yes">Lämna</button></form>');
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.body = '<!doctype html><html lang="sv"><title>x</title><h1>Du har lämnat</h1>';
      },
    },
    backchannelLogout: { enabled: true },
  },
  interactions: { url: (_ctx, { uid }) => `/person/${uid}` },
  findAccount: (_ctx, accountId) => ({ accountId, claims: async () => about }),
  // Nobody is asked whether the municipality may know who she is.
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid');
    grant.addOIDCClaims(Object.keys(about));
    await grant.save();
    return grant;
  },
});
for (const event of ['server_error', 'grant.error', 'authorization.error', 'end_session.error', 'backchannel.error']) {
  provider.on(event, (...told) => console.error(event, told.find((one) => one instanceof Error)));
}

const callback = provider.callback();
createServer(async (request, response) => {
  if (!request.url.startsWith('/person/')) return callback(request, response);
  if (request.method === 'POST') {
    const login = { accountId: about.sub, acr: 'http://id.elegnamnden.se/loa/1.0/loa3' };
    return provider.interactionFinished(request, response, { login });
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end('<!doctype html><html lang="sv"><title>x</title><form method="post"><button>Legitimera</button></form>');
}).listen(Number(new URL(issuer).port), '127.0.0.1', () => console.log('ready'));

process.stdin.on('end', () => process.exit(0)).resume();
