/** Finds a text as it is, and as it stands in base64 wherever it begins in it, in hex, and in a URL. */
export function finderOf(marker: string): (text: string) => boolean {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.from('x'.repeat(offset) + marker).toString('base64');
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  const forms = [marker, ...base64, Buffer.from(marker).toString('hex'), encodeURIComponent(marker)];
  return (text) => forms.some((form) => text.toLowerCase().includes(form.toLowerCase()));
}
