/**
 * One request to the API by fetch: cookie session, the header that guards against cross-site requests, a
 * deadline, and ApiError for every answer that is not 2xx. Uploads do not pass here (upload/transport.ts).
 */
import { operations, urlOf, type OperationName, type Query } from "./operations";
import { ApiError, offlineError, problemOf } from "./problem";

export interface CallOptions {
  parts?: Record<string, string>;
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** ms without an answer after which the call fails as offline. */
  timeout?: number;
}

const default_timeout_ms = 30_000;

type SignedOut = () => void;
let onSignedOut: SignedOut = () => {};

/** `listener` runs when any call but `login` is answered 401. */
export function whenSignedOut(listener: SignedOut): void {
  onSignedOut = listener;
}

/** The JSON answer; undefined for 204. Errors: ApiError; an AbortError when `signal` aborts. */
export async function call<T>(name: OperationName, options: CallOptions = {}): Promise<T> {
  const response = await send(name, options);
  if (response.status === 204 || response.status === 202) return undefined as T;
  return (await response.json()) as T;
}

/** The answer itself, once its status is known to be 2xx. Errors: as call(). */
export async function send(name: OperationName, options: CallOptions = {}): Promise<Response> {
  const { method } = operations[name];
  const deadline = new AbortController();
  const stop = () => deadline.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(() => deadline.abort(), options.timeout ?? default_timeout_ms);
  try {
    const response = await fetch(urlOf(name, options.parts, options.query), {
      method,
      headers: headersOf(options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      credentials: "same-origin",
      cache: "no-store",
      signal: deadline.signal,
    });
    if (!response.ok) throw await errorOf(name, response);
    return response;
  } catch (error) {
    if (error instanceof ApiError || options.signal?.aborted) throw error;
    throw offlineError();
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}

function headersOf(options: CallOptions): Record<string, string> {
  return {
    Accept: "application/json, application/problem+json;q=0.9, */*;q=0.5",
    "X-Requested-With": "disgrafs",
    ...(options.body === undefined ? {} : { "Content-Type": "application/json" }),
    ...options.headers,
  };
}

async function errorOf(name: OperationName, response: Response): Promise<ApiError> {
  const body = await response.text().catch(() => "");
  const problem = problemOf(response.status, body, response.headers.get("X-Request-Id"));
  const wait = Number(response.headers.get("Retry-After"));
  if (response.status === 401 && name !== "login") onSignedOut();
  return new ApiError(problem, Number.isFinite(wait) && wait > 0 ? wait : undefined);
}
