import type { QueryRunner } from 'typeorm';
import { Transaction } from './transaction.js';

/** A connection that answers everything, and remembers what it was asked. */
function connection(): { readonly runner: QueryRunner; readonly sent: string[] } {
  const sent: string[] = [];
  const client = {
    connection: { stream: { cork: () => undefined, uncork: () => undefined } },
    query: async (statement: string | { text: string }) => {
      const text = typeof statement === 'string' ? statement : statement.text;
      sent.push(text);
      return { command: text.toUpperCase(), rows: [] };
    },
  };
  return { runner: { connect: async () => client } as unknown as QueryRunner, sent };
}

describe('what is reckoned', () => {
  it('is done together, waited for, and before what is deferred is sent', async () => {
    const { runner, sent } = connection();
    const transaction = await Transaction.open(runner, 'acme');
    const flush = (items: readonly string[]) => (open: Transaction) =>
      open.query({ text: `flush ${items.join(' ')}` });
    const reckon = async (items: string[]): Promise<void> => {
      await transaction.query({ text: `reckon ${items.join(' ')}` });
      transaction.defer(flush, 'late');
    };
    transaction.defer(flush, 'early');
    for (const item of ['a', 'b']) transaction.reckon(reckon, item);
    await transaction.settle();
    await transaction.commit();
    expect(sent.slice(2)).toEqual(['reckon a b', 'flush early late', 'commit']);
  });

  it('is done also where it is noted by what is reckoned, and each once', async () => {
    const transaction = await Transaction.open(connection().runner, 'acme');
    const done: string[] = [];
    const last = async (items: string[]): Promise<void> => void done.push(`last ${items.join(' ')}`);
    const first = async (items: string[]): Promise<void> => {
      done.push(`first ${items.join(' ')}`);
      transaction.reckon(last, `after ${items.length}`);
      if (items.includes('a')) transaction.reckon(first, 'again');
    };
    transaction.reckon(last, 'early');
    for (const item of ['a', 'b']) transaction.reckon(first, item);
    await transaction.settle();
    expect(done).toEqual(['last early', 'first a b', 'last after 2', 'first again', 'last after 1']);
  });

  it('is forgotten alone where it is noted in an attempt of what is reckoned', async () => {
    const transaction = await Transaction.open(connection().runner, 'acme');
    const done: string[] = [];
    const last = async (items: string[]): Promise<void> => void done.push(items.join(' '));
    transaction.reckon(async () => {
      transaction.reckon(last, 'before');
      const attempt = transaction.attempt(async () => {
        transaction.reckon(last, 'inside');
        throw new Error('It does not go.');
      });
      await attempt.catch(() => transaction.reckon(last, 'after'));
    }, null);
    await transaction.settle();
    expect(done).toEqual(['before after']);
  });

  it('is forgotten with an attempt that fails', async () => {
    const transaction = await Transaction.open(connection().runner, 'acme');
    const done: string[][] = [];
    const reckon = async (items: string[]): Promise<void> => void done.push(items);
    transaction.reckon(reckon, 'before');
    const attempt = transaction.attempt(async () => {
      transaction.reckon(reckon, 'inside');
      throw new Error('It does not go.');
    });
    await expect(attempt).rejects.toThrow('It does not go.');
    await transaction.attempt(async () => transaction.reckon(reckon, 'after'));
    await transaction.settle();
    expect(done).toEqual([['before', 'after']]);
  });
});
