// Where the sandbox fails the OCI conformance program because a real Nexus does not do what the program asks, or because nobody has
// seen what it does. Each with the reason; an entry that no failure needs is said, too.

/**
 * @typedef {object} Expected
 * @property {RegExp} test the name of the program's test
 * @property {RegExp} [says] what it complains of; default: anything
 * @property {string} why the evidence
 */

/** @type {readonly Expected[]} */
export const expected = []
