/** What the members did since the page was opened, newest first; kept while other views are shown. */
import type { Member, MemberState } from "../api/types";
import { createStore } from "../app/store";
import { onLive } from "../live/live";

export interface Happening {
  id: number;
  at: string;
  name: string;
  state: MemberState;
}

const kept_max = 50;
let ids = 0;
const states = new Map<string, MemberState>();
export const history = createStore<readonly Happening[]>([]);

/** Begins to listen; returns what ends it. */
export function startHistory(): () => void {
  const stop = onLive((events) => {
    for (const event of events) if (event.type === "member") note(event.member);
  });
  return () => {
    stop();
    states.clear();
    history.set([]);
  };
}

/** A member tells its state often; only changes are happenings. */
function note(member: Member): void {
  const { id, state } = member;
  if (id === undefined || state === undefined || states.get(id) === state) return;
  const is_news = states.has(id) || state !== "up";
  states.set(id, state);
  if (!is_news) return;
  const happening = { id: ++ids, at: new Date().toISOString(), name: member.name ?? id, state };
  history.set((now) => [happening, ...now].slice(0, kept_max));
}
