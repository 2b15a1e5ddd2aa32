/**
 * What the page throws when the server says no: the server's problem details (RFC 9457), or one of our own
 * when there was no answer at all. The texts that a person reads are made in ui/problem_text.ts.
 */
import type { Problem } from "./types";

export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds the server asks us to wait (Retry-After), if it does. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** No answer came: the network is cut, or the server is gone. */
export function offlineError(): ApiError {
  return new ApiError(localProblem("offline", 0, "No answer from the server"));
}

/** Any thrown value as an ApiError. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ApiError({ ...localProblem("page", 0, "The page failed"), detail: text });
}

/** The problem in an answer's body; answers of proxies without one get a problem by their status. */
export function problemOf(status: number, body: string, requestId: string | null): Problem {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isProblem(parsed)) return parsed;
  } catch {
    // Not JSON: an answer from something between us and the server.
  }
  return { ...localProblem("http", status, `HTTP ${status}`), request_id: requestId ?? "" };
}

function localProblem(code: string, status: number, title: string): Problem {
  return { type: `docs/errors.md#${code}`, title, status, code, request_id: "" };
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  return typeof fields["code"] === "string" && typeof fields["status"] === "number" && typeof fields["title"] === "string";
}
