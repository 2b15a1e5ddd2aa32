/**
 * What a person reads when something went wrong: what happened, and what to do. Codes that are known are told in the
 * page's language; the server's own detail stands beside them, since it names the object.
 */
import { asApiError } from "../api/problem";
import { en } from "../i18n/en";
import { currentText, type Key, type Text } from "../i18n/i18n";
import { toast } from "./toasts";

export interface ProblemText {
  title: string;
  detail: string | undefined;
  hint: string | undefined;
  request_id: string;
}

export function problemText(thrown: unknown, text: Text = currentText()): ProblemText {
  const { problem } = asApiError(thrown);
  const code = codeOf(problem.code, problem.status);
  const title = keyIn(`problem.${code}.title`);
  const hint = keyIn(`problem.${code}.hint`);
  const own_hint = hint && text.t(hint as "problem.offline.hint");
  return {
    title: title ? text.t(title as "problem.offline.title") : problem.title,
    detail: problem.detail === problem.title ? undefined : problem.detail,
    hint: own_hint ?? problem.hint,
    request_id: problem.request_id,
  };
}

/** Shows an error of something that the person did: `what` says what failed. */
export function toastProblem(what: string, thrown: unknown): void {
  const text = currentText();
  const { title, detail, hint } = problemText(thrown, text);
  // The server's detail is English; `what` names the object already.
  const why = text.language === "en" ? (detail ?? title) : title;
  toast({ kind: "bad", text: text.language === "en" ? `${what}: ${why}` : `${what}：${why}`, hint });
}

function keyIn(key: string): Key | undefined {
  return key in en ? (key as Key) : undefined;
}

/** The codes of docs/errors.md; an unknown one falls back to what its HTTP status means. */
function codeOf(code: string, status: number): string {
  if (keyIn(`problem.${code}.title`)) return code;
  const by_status: Record<number, string> = {
    400: "invalid", 401: "unauthenticated", 403: "denied", 404: "not_found", 409: "conflict", 412: "conflict",
    413: "exhausted", 429: "too_many", 502: "unavailable", 503: "unavailable", 504: "unavailable", 507: "exhausted",
  };
  return by_status[status] ?? code;
}
