// The site's data files on their way to the page: counted, damaged, or not there.

import { gunzipSync, gzipSync } from 'node:zlib';
import { ADDRESS } from './environment.mjs';

export const FIRST_PICTURES = 'train-first-6000-images-idx3-ubyte.gz';
export const TRAIN_PICTURES = 'train-images-idx3-ubyte.gz';

/** A data file as the site serves it. */
export async function original(name) {
  const response = await fetch(`${ADDRESS}data/${name}`);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Serves other bytes in a file's place, from now on; the function returned ends that. */
export async function replaced(context, name, bytes) {
  const address = `${ADDRESS}data/${name}`;
  await context.route(address, (route) => route.fulfill({ body: bytes, contentType: 'application/gzip' }));
  return () => context.unroute(address);
}

/** A file with one pixel changed: it unpacks, has the right length, and fails only its checksum. */
export function onePixelChanged(packed) {
  const plain = gunzipSync(packed);
  plain[plain.length - 1] ^= 0xff;
  return gzipSync(plain);
}

/** The site without its data. */
export async function missing(context) {
  await context.route(`${ADDRESS}data/**`, (route) => route.fulfill({ status: 404, body: 'not found' }));
}

/** Names of the data files asked of the site, one for each request, growing as they are asked. */
export function requested(context) {
  const names = [];
  context.on('request', (request) => {
    const address = request.url();
    if (address.startsWith(`${ADDRESS}data/`)) names.push(address.slice(`${ADDRESS}data/`.length));
  });
  return names;
}
