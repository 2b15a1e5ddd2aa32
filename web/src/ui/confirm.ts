/** Questions that must be answered before something cannot be taken back. */
import { createStore } from "../app/store";

export interface Question {
  title: string;
  text: string;
  confirm: string;
  answer: (yes: boolean) => void;
}

export const question = createStore<Question | undefined>(undefined);

/** Asks, and resolves with the answer; a second question answers the first with no. */
export function confirm(fields: Omit<Question, "answer">): Promise<boolean> {
  question.get()?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      question.set(undefined);
      resolve(yes);
    };
    question.set({ ...fields, answer });
  });
}
