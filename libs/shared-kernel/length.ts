/** How many characters a text has: code points, as JSON Schema counts them, and not the units of UTF-16. */
export const lengthOf = (text: string): number => [...text].length;
