// A certified OpenID Connect provider (npm oidc-provider) with one client and an account for every address that is typed.
// node provider.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI AFTER_SIGNING_OUT BACK_CHANNEL
const home = new URL("../../consult/web/frontend/node_modules/oidc-provider/lib/index.js", import.meta.url);
const { Provider } = await import(home);
const [port, clientId, clientSecret, redirectUri, left, backChannel] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [left],
      backchannel_logout_uri: backChannel,
      backchannel_logout_session_required: true,
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified") }),
  }),
  // Its own guard keeps it from asking this machine, where the test listens.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  cookies: { keys: ["only for a test"] },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
