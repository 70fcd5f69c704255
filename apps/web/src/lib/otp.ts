/** The digits of a code, wherever it comes from: "482 913" on the clipboard, "482-913" in a message. */
export const digitsOf = (typed: string, length = 6): string => typed.replaceAll(/\D/g, '').slice(0, length)
