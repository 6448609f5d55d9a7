// What the server is asked for, and the sentences that it translates.

const LONGEST_MS = 20_000; // for an answer

export const state = {
  sentences: {}, language: "en", languages: [], settings: {}, limits: {}, safety: null, tones: {}, new: false, phone: null,
};

export function tr(text, values = {}) {
  const said = state.sentences[text] ?? text;
  return said.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// To be found by whoever fills a catalogue, and translated where it is said.
export function marked(text) {
  return text;
}

export class Problem extends Error {}

export async function ask(path, body, method = body === undefined ? "GET" : "POST") {
  let answer;
  try {
    answer = await fetch(path, {
      signal: AbortSignal.timeout?.(LONGEST_MS),
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(tr("The computer with posecoach does not answer: see that it is awake and that posecoach still runs there."));
  }
  if (answer.status === 403) {
    throw new Problem(tr("This device is not paired any more: scan the code on the computer again."));
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(found.problem ?? tr("posecoach could not do that: reload the page and try again."));
  return found;
}

export async function refresh(found) {
  Object.assign(state, found ?? (await ask("/api/state")));
  document.documentElement.lang = state.language;
}
