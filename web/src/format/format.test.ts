import { describe, expect, it } from "vitest";
import { bytes } from "./bytes";
import { ago, clock, duration, moment } from "./time";

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1, "1 B"],
    [999, "999 B"],
    [1000, "1 kB"],
    [1536, "1.5 kB"],
    [99_949, "99.9 kB"],
    [99_951, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1 MB"],
    [21_474_836_480, "21.5 GB"],
    [Number.MAX_SAFE_INTEGER, "9 PB"],
  ])("%d → %s", (size, text) => expect(bytes(size, "en")).toBe(text));

  it.each([undefined, NaN, -1, Infinity])("%s is unknown", (size) => expect(bytes(size, "en")).toBe("–"));
});

describe("ago", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  it.each([
    ["2026-11-20T11:59:50Z", "now", "现在"],
    ["2026-11-20T11:57:00Z", "3 minutes ago", "3分钟前"],
    ["2026-11-20T10:00:00Z", "2 hours ago", "2小时前"],
    ["2026-11-19T11:00:00Z", "yesterday", "昨天"],
    ["2026-11-02T12:00:00Z", "Nov 2", "11月2日"],
    ["2024-02-29T12:00:00Z", "Feb 29, 2024", "2024年2月29日"],
    ["2026-11-20T12:00:05Z", "now", "现在"],
  ])("%s → %s, %s", (text, english, chinese) => {
    expect(ago(text, "en", now)).toBe(english);
    expect(ago(text, "zh-CN", now)).toBe(chinese);
  });

  it("shows a dash for what is no time", () => {
    expect(ago("soon", "en", now)).toBe("–");
    expect(ago(undefined, "en", now)).toBe("–");
    expect(moment("", "en")).toBe("–");
  });
});

describe("duration and clock", () => {
  it.each([
    [0, "0 sec", "0秒"],
    [59.4, "59 sec", "59秒"],
    [90, "2 min", "2分钟"],
    [3600, "1 hr", "1小时"],
    [7800, "2 hr 10 min", "2小时 10分钟"],
    [4 * 86400, "4 days", "4天"],
  ])("%d s → %s, %s", (seconds, english, chinese) => {
    expect(duration(seconds, "en")).toBe(english);
    expect(duration(seconds, "zh-CN")).toBe(chinese);
  });

  it.each([
    [5, "0:05"],
    [75, "1:15"],
    [3700, "1:01:40"],
  ])("%d s plays %s", (seconds, text) => expect(clock(seconds)).toBe(text));
});
