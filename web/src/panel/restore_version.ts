/** An older version's bytes become the newest version; the server copies them, and the older one stays. */
import { api } from "../api/api";
import { keys } from "../api/keys";
import type { Entry } from "../api/types";
import { currentText } from "../i18n/i18n";
import { listings, queries } from "../live/live";
import { toastProblem } from "../ui/problem_text";

export async function restoreVersion(entry: Entry, version: number): Promise<void> {
  try {
    const restored = await api.restoreVersion(entry.id, version);
    listings.apply({ type: "put", entry: restored });
    await Promise.all([
      queries.invalidateQueries({ queryKey: keys.detail(entry.id) }),
      queries.invalidateQueries({ queryKey: keys.versions(entry.id) }),
    ]);
  } catch (error) {
    toastProblem(currentText().t("versions.restore_failed", { n: version }), error);
  }
}
