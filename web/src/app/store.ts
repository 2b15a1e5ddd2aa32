/**
 * A value that components follow: the page's own small state (theme, route, session, uploads). What the server
 * knows lives in TanStack Query and in drive/listings.ts instead.
 */
import { useSyncExternalStore } from "react";

export interface Store<T> {
  get(): T;
  /** Tells subscribers only when the value is another one (Object.is). */
  set(next: T | ((now: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      const fresh = typeof next === "function" ? (next as (now: T) => T)(value) : next;
      if (Object.is(fresh, value)) return;
      value = fresh;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** localStorage that may be forbidden or full: then settings last as long as the page. */
export const settings = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(`disgrafs.${key}`);
    } catch {
      return null;
    }
  },
  write(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(`disgrafs.${key}`);
      else localStorage.setItem(`disgrafs.${key}`, value);
    } catch {
      // Nothing to do: the setting just does not outlive the page.
    }
  },
};
