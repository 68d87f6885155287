// The page as a visitor handles it: its parts by name, what is read from them, and waits for what it reports.

import assert from 'node:assert/strict';
import { ADDRESS } from './environment.mjs';

/** How long a page may take to be there: a browser just installed, on a machine that has just built everything, took a minute. */
const FIRST_PAGE = 150_000;
/** How long an engine may take to be there on a busy machine. */
const READY = 60_000;

const COLUMNS = ['step_loss', 'train_loss', 'test_loss', 'train_acc', 'test_acc'];

/** The page at an address below the site, its CPU engine ready. `rest` is a query, a hash, or both. */
export async function open(page, rest = '') {
  await page.goto(ADDRESS + rest, { timeout: FIRST_PAGE });
  const lab = new Lab(page);
  await lab.ready();
  return lab;
}

export class Lab {
  constructor(page) {
    this.page = page;
  }

  /** A part of the page by its `data-testid`. */
  part(name) {
    return this.page.locator(`[data-testid="${name}"]`);
  }

  async text(name) {
    return (await this.part(name).textContent()).trim();
  }

  /** Waits until a part's text matches. A failure says what it was instead. */
  async says(name, pattern, timeout = 30_000) {
    try {
      await this.page.waitForFunction(
        ([id, source, flags]) => {
          const part = document.querySelector(`[data-testid="${id}"]`);
          return part !== null && new RegExp(source, flags).test(part.textContent);
        },
        [name, pattern.source, pattern.flags],
        { timeout },
      );
    } catch (error) {
      const found = await this.part(name).allTextContents();
      throw new Error(`"${name}" never said ${pattern}; it says ${JSON.stringify(found)}`, { cause: error });
    }
    return this.text(name);
  }

  async ready() {
    await this.page.waitForSelector('[data-testid="device-chip"][data-state="ready"]', { timeout: READY });
  }

  /** Waits until the data is there, so that a run can begin at once. */
  async dataReady() {
    return this.says('data-state', /rows are here\./, READY);
  }

  /** Types settings: `{ epochs: 3, rows: 600 }`, by the fields' names. */
  async set(settings) {
    await this.part('settings').evaluate((summary) => { summary.parentElement.open = true; });
    for (const [name, value] of Object.entries(settings)) await this.part(name).fill(String(value));
  }

  async train() {
    await this.part('train').click();
  }

  status(pattern, timeout) {
    return this.says('status', pattern, timeout);
  }

  /** Epochs measured so far. */
  async epochs() {
    return Number((await this.text('epoch')).split(' ')[0]);
  }

  /** Waits until so many epochs are measured. */
  async epoch(count, timeout = 60_000) {
    await this.page.waitForFunction(
      (wanted) => parseInt(document.querySelector('[data-testid="epoch"]').textContent, 10) >= wanted,
      count,
      { timeout },
    );
  }

  /** The numbers of the run in focus, the first epoch first, by the names of presets.json. */
  async history() {
    const rows = await this.page.$$eval('[data-testid="history-table"] tbody tr', (all) => all.map((row) => [
      Number(row.querySelector('th').textContent),
      Number(row.dataset.firstBatchLoss),
      ...[...row.querySelectorAll('td')].map((cell) => Number(cell.dataset.value)),
    ]));
    return rows
      .map(([epoch, first, ...rest]) => ({
        epoch, first_batch_loss: first, ...Object.fromEntries(COLUMNS.map((name, at) => [name, rest[at]])),
      }))
      .sort((a, b) => a.epoch - b.epoch);
  }

  /** Presses a button and gives the milliseconds until a part's text matches, timed within the page. */
  async timed(button, name, pattern, timeout = 20_000) {
    return this.page.evaluate(
      ([pressed, id, source, limit]) => new Promise((resolve, reject) => {
        const find = (testid) => document.querySelector(`[data-testid="${testid}"]`);
        const begun = performance.now();
        const look = () => {
          const passed = performance.now() - begun;
          if (new RegExp(source).test(find(id)?.textContent ?? '')) resolve(passed);
          else if (passed > limit) reject(new Error(`"${id}" says "${find(id)?.textContent}" after ${limit} ms`));
          else requestAnimationFrame(look);
        };
        find(pressed).click();
        look();
      }),
      [button, name, pattern.source, timeout],
    );
  }

  notices() {
    return this.part('notice').locator('p').allTextContents();
  }

  /** Waits for a notice that matches and gives its text. */
  async notice(pattern, timeout = 30_000) {
    const notice = this.part('notice').filter({ hasText: pattern }).first();
    try {
      await notice.waitFor({ timeout });
    } catch (error) {
      throw new Error(`no notice says ${pattern}; there are ${JSON.stringify(await this.notices())}`, { cause: error });
    }
    return notice.locator('p').textContent();
  }

  /** A file the page hands out when a button is pressed: its name and its bytes. */
  async download(button) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.part(button).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  /** The id of the run in focus, as the page hands it out: in the name of its files. */
  async runId() {
    const { name } = await this.download('export-history');
    const [, id] = /^kindling-([0-9a-f]{10})\.csv$/.exec(name) ?? [];
    assert.ok(id, `a run's file is called kindling-ID.csv and not ${name}`);
    return id;
  }
}
