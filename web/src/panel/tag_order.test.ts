import { expect, it } from "vitest";
import { inTellingOrder, plainNames, tellingFirst } from "./tag_order";

it("puts what a file is about before its language and format", () => {
  const tags = [{ name: "English", kind: "language", score: 1 }, { name: "prism", kind: "keyphrase", score: 0.5 }, { name: "stars", kind: "keyphrase", score: 0.9 }, { name: "mine", kind: "user" }];
  expect(inTellingOrder(tags).map((tag) => tag.name)).toEqual(["mine", "stars", "prism", "English"]);
});

it("does the same with names alone, and keeps the order of the others", () => {
  const plain = plainNames([{ name: "Markdown", kind: "format" }, { name: "stars", kind: "keyphrase" }]);
  expect(tellingFirst(["Markdown", "stars", "light"], plain)).toEqual(["stars", "light", "Markdown"]);
});
