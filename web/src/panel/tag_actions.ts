/** What a person says about a file's tags, which the API knows by name. Shown at once; taken back when the server refuses. */
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Detail, FileTag, TagState } from "../api/types";
import { currentText } from "../i18n/i18n";
import { queries } from "../live/live";
import { toastProblem } from "../ui/problem_text";

export async function judgeTag(id: string, tag: FileTag, state: TagState): Promise<void> {
  const before = setTag(id, { ...tag, state });
  try {
    setTag(id, await api.judgeTag(id, tag.name ?? "", state));
  } catch (error) {
    putBack(id, before);
    toastProblem(currentText().t("tags.judge_failed", { name: tag.name ?? "" }), error);
  }
}

export async function addTag(id: string, name: string): Promise<void> {
  try {
    setTag(id, await api.addTag(id, name));
  } catch (error) {
    toastProblem(currentText().t("tags.add_failed", { name }), error);
  }
}

/** A person's tag goes away; a model's is kept as rejected, so that the model does not propose it again. */
export async function removeTag(id: string, tag: FileTag): Promise<void> {
  const before = queries.getQueryData<Detail>(keys.detail(id));
  change(id, (tags) => tags.filter((one) => one.id !== tag.id));
  try {
    await api.removeTag(id, tag.name ?? "");
    await queries.invalidateQueries({ queryKey: keys.detail(id) });
  } catch (error) {
    putBack(id, before);
    toastProblem(currentText().t("tags.judge_failed", { name: tag.name ?? "" }), error);
  }
}

function setTag(id: string, tag: FileTag): Detail | undefined {
  const before = queries.getQueryData<Detail>(keys.detail(id));
  change(id, (tags) =>
    tags.some((one) => one.id === tag.id) ? tags.map((one) => (one.id === tag.id ? { ...one, ...tag } : one)) : [...tags, tag],
  );
  return before;
}

function change(id: string, tags: (now: FileTag[]) => FileTag[]): void {
  queries.setQueryData<Detail>(keys.detail(id), (detail) => detail && { ...detail, file_tags: tags(detail.file_tags ?? []) });
}

function putBack(id: string, before: Detail | undefined): void {
  if (before) queries.setQueryData(keys.detail(id), before);
}
