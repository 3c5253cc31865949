// ALTCHA's own worker: looks for the number that solves a challenge. Loaded by challenge.js alone.
import "altcha/workers/pbkdf2";
