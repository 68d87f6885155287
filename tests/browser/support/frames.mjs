// A page of another site that embeds this one.

import { createServer } from 'node:http';

/** Serves one page with an iframe of `address` from an origin of its own; gives its address and how to end it. */
export async function host(address) {
  const html = `<!doctype html><title>A post</title><h1>A post</h1>
    <iframe title="Kindling" src="${address}" width="1000" height="1400"></iframe>`;
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(html);
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  // The name differs from the site's, and so does the port: another origin and another site.
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    end: () => new Promise((closed) => { server.close(closed); }),
  };
}
