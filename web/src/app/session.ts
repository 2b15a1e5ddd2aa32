/**
 * Who is signed in. The session itself is an HttpOnly cookie which the page cannot read; so it asks the server,
 * together with the number of the newest event, from which the live connection then goes on.
 */
import { api } from "../api/api";
import { whenSignedOut } from "../api/call";
import { asApiError, type ApiError } from "../api/problem";
import type { User } from "../api/types";
import { createStore, useStore } from "./store";

export type Session =
  | { state: "asking" }
  | { state: "out"; expired: boolean }
  | { state: "unreachable"; error: ApiError }
  | { state: "in"; user: User; event: number | undefined };

export const session = createStore<Session>({ state: "asking" });

/** Asks the server who we are. The event number is asked for first: no event may fall between. */
export async function startSession(): Promise<void> {
  whenSignedOut(() => session.set((now) => ({ state: "out", expired: now.state === "in" })));
  session.set({ state: "asking" });
  try {
    const health = await api.health();
    const user = await api.me();
    session.set({ state: "in", user, event: health.event });
  } catch (thrown) {
    const error = asApiError(thrown);
    session.set(error.status === 401 ? { state: "out", expired: false } : { state: "unreachable", error });
  }
}

/** Errors: ApiError of the login (401 wrong name or password, 429 too many tries). */
export async function signIn(user: string, password: string): Promise<void> {
  await api.login({ user, password });
  await startSession();
}

export async function signOut(): Promise<void> {
  await api.logout().catch(() => undefined);
  session.set({ state: "out", expired: false });
}

/** The user who is signed in; only inside of the shell, which exists only then. */
export function useUser(): User {
  const now = useStore(session);
  return now.state === "in" ? now.user : { name: "", role: "user" };
}
