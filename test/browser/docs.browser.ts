import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { TestApi } from '../api.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Without these a browser looks for servers of its own while the page loads. */
const QUIET = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let api: TestApi;
let browser: Browser;

beforeAll(async () => {
  const executablePath = process.env['CHROMIUM_PATH'] ?? CHROMIUM.find((path) => existsSync(path));
  if (!executablePath) throw new Error('There is no Chromium: install it, or set CHROMIUM_PATH.');
  api = await TestApi.start();
  browser = await chromium.launch({ executablePath, args: QUIET });
});

afterAll(async () => {
  await browser?.close();
  await api?.stop();
});

it('shows the API reference with every operation, from this server alone', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const foreign: string[] = [];
  const mistakes: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url) && !request.url().startsWith('data:')) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') mistakes.push(message.text());
  });
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(`${api.url}/docs`);
  await page.getByText('Namespaced, versioned key-value entries.').waitFor();
  const { body } = await api.get('/api/v1/openapi.json');
  const operations = Object.values(body.paths as Record<string, object>).flatMap((item) =>
    Object.values(item),
  );
  const tags = [...new Set(operations.flatMap((operation) => operation.tags as string[]))];
  const headings = page.locator('.opblock-tag');
  expect(await headings.count()).toBe(tags.length);
  const shown = page.locator('.opblock');
  for (const heading of await headings.all()) {
    // One at a time: of very many operations the page makes only those in view.
    const name = await heading.locator('a').innerText();
    const count = operations.filter((operation) => operation.tags.includes(name)).length;
    await heading.click();
    await shown.nth(count - 1).waitFor();
    expect([name, await shown.count()]).toEqual([name, count]);
    await heading.click();
    await shown.first().waitFor({ state: 'detached' });
  }
  if (process.env['SCREENSHOT']) await page.screenshot({ path: process.env['SCREENSHOT'] });
  expect({ foreign, mistakes }).toEqual({ foreign: [], mistakes: [] });
});

it('sends a first request from the page', async () => {
  const page = await browser.newPage();
  await page.goto(`${api.url}/docs`);
  await page.locator('.opblock-tag', { hasText: 'Health' }).click();
  const operation = page.locator('.opblock', { hasText: '/health/live' });
  await operation.click();
  await operation.getByRole('button', { name: 'Execute' }).click();
  await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  await expect(
    operation.locator('.live-responses-table tbody .response-col_description').first().textContent(),
  ).resolves.toContain('"status": "ok"');
});
